"""`run --detach`: the stack in a process of its own, in a session of its own."""

import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from local.data_folder import DataFolder, usable
from local.running import find_running

_POLL_S = 0.05


def run_detached(arguments: Sequence[str], data: Path) -> int:
    """Start `python -m local` with these arguments in the background and show what it prints until it is ready.

    Returns 0 then, or the exit code of a start that failed. Ctrl-C before that ends the start. What it prints goes on into
    `logs/stack.log` of the data folder. Raises StartError for a folder that cannot be used.
    """
    log = DataFolder(data).stack_log
    with usable(data):
        log.parent.mkdir(parents=True, exist_ok=True)
        output = log.open("ab")
    with output:
        begin = output.tell()
        process = subprocess.Popen(  # noqa: S603 - ourselves
            [sys.executable, "-m", "local", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        return _follow(process, log, begin, data)
    except KeyboardInterrupt:
        process.send_signal(signal.SIGTERM)
        process.wait()
        return 130


def _follow(process: "subprocess.Popen[bytes]", log: Path, begin: int, data: Path) -> int:
    with log.open("rb") as printed:
        printed.seek(begin)
        while True:
            code = process.poll()
            found = find_running(data)
            ready = found is not None and found.pid == process.pid and found.endpoints is not None
            # Read after looking: what was printed before is all there.
            sys.stdout.write(printed.read().decode(errors="replace"))
            sys.stdout.flush()
            if code is not None:
                return code
            if ready:
                print(
                    f"\nIt runs in the background (pid {process.pid}): scripts/status shows it, scripts/stop ends it."
                )
                return 0
            time.sleep(_POLL_S)
