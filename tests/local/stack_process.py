"""A stack run through its command line, as a person does, on free ports and in a process of its own."""

import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil

from local.endpoints import Endpoints
from local.options import PORT_OPTIONS
from local.running import find_running

ROOT = Path(__file__).parents[2]
_READY_S = 120


class StackProcess:
    """`python -m local run` of a template. What it prints is in `output`."""

    def __init__(self, template: Path, data: Path, *options: str) -> None:
        self.place = ["--template", str(template), "--data", str(data)]
        self.data = data
        self.output = data.with_name(f"{data.name}-output.txt")
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def process(self) -> "subprocess.Popen[bytes]":
        assert self._process is not None, "it has been started"
        return self._process

    def start(self) -> None:
        """Returns at once."""
        ports = [
            f"{option}=0" for option, _ in PORT_OPTIONS.values() if not any(option in given for given in self._options)
        ]
        with self.output.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "local", "run", *self.place, *ports, *self._options],
                cwd=ROOT,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def until_ready(self) -> Endpoints:
        deadline = time.monotonic() + _READY_S
        while True:
            found = find_running(self.data)
            if found is not None and found.pid == self.process.pid and found.endpoints is not None:
                return found.endpoints
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.02)

    def said(self) -> str:
        return self.output.read_text("utf-8")

    def until_ended(self) -> int:
        return self.process.wait(60)

    def command(self, name: str, *options: str) -> "subprocess.CompletedProcess[str]":
        """Another command about this stack."""
        command = [sys.executable, "-m", "local", name, *options, *self.place]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def stop(self) -> int:
        """As whoever runs it does, and what it ended with."""
        self.process.send_signal(signal.SIGTERM)
        return self.until_ended()

    def close(self) -> None:
        """End it at once, whatever state it is in: nothing that it holds is needed any more."""
        if self._process is not None:
            kill_with_children(self._process)


def kill_with_children(process: "subprocess.Popen[bytes]") -> None:
    """kill -9 of a process, if it still runs, and of all that it has started; returns when they are gone."""
    if process.poll() is not None:
        return
    children = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    for child in children:
        with suppress(psutil.NoSuchProcess):
            child.kill()
    process.wait()
    until_gone(children)


def until_gone(processes: list[psutil.Process], within_s: float = 15) -> None:
    """Fails when one of them is still there after that time."""
    _, alive = psutil.wait_procs(processes, timeout=within_s)
    assert [process for process in alive if process.status() != psutil.STATUS_ZOMBIE] == []
