"""Runs what downloads or builds an engine, as a process of its own that can be ended at any moment."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from local.engines.parent_death import following

Tell = Callable[[str], None]
"""Told what an engine is doing, such as `downloading Apache Kafka`."""


async def run_installer(module: str, log: Path, tell: Tell) -> tuple[int, str]:
    """Run `python -m module` and `tell` each line it prints; its standard error goes to `log`.

    Returns its exit code and its last line. Cancelling ends it and everything it started.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as stderr:
        process = await asyncio.create_subprocess_exec(
            *following([sys.executable, "-m", module], signal.SIGTERM),
            cwd=Path(__file__).parents[2],
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=stderr,
            start_new_session=True,
        )
    assert process.stdout is not None, "a pipe was asked for"
    last = ""
    try:
        async for line in process.stdout:
            last = line.decode(errors="replace").strip()
            tell(last)
        return await process.wait(), last
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            await process.wait()
