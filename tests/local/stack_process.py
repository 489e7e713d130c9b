"""A stack run through its command line, as a person does, on free ports and in a process of its own."""

import os
import signal
import subprocess
import sys
import time
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

    def close(self) -> None:
        """End it, whatever state it is in, and all its children."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                os.kill(self._process.pid, signal.SIGKILL)
                self._process.wait()


def until_gone(processes: list[psutil.Process], within_s: float = 15) -> None:
    """Fails when one of them is still there after that time."""
    _, alive = psutil.wait_procs(processes, timeout=within_s)
    assert [process for process in alive if process.status() != psutil.STATUS_ZOMBIE] == []
