"""A terminal of its own for a command: what stands on its screen, and keys."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import pyte

LINES, COLUMNS = 24, 100
WITHIN_S = 120.0


@dataclass
class Terminal:
    """A program in a pseudo terminal, whose output is drawn as a terminal draws it."""

    process: subprocess.Popen[bytes]
    side: int
    screen: pyte.Screen = field(default_factory=lambda: pyte.Screen(COLUMNS, LINES))

    def __post_init__(self) -> None:
        self._stream = pyte.ByteStream(self.screen)

    def write(self, keys: str) -> None:
        """Press keys; \\r is Enter."""
        os.write(self.side, keys.encode())

    def until(self, wanted: str) -> str:
        """Wait until it can be read; the whole screen."""
        deadline = time.monotonic() + WITHIN_S
        while wanted not in (shown := self.shown()):
            assert self.process.poll() is None or self._read(0), f"ended with {self.process.returncode}: {shown}"
            assert time.monotonic() < deadline, f"{wanted!r} is not on the screen:\n{shown}"
            self._read(0.2)
        return shown

    def until_gone(self, unwanted: str) -> None:
        """Wait until it can be read no more."""
        deadline = time.monotonic() + WITHIN_S
        while unwanted in self.shown():
            assert time.monotonic() < deadline, f"{unwanted!r} is still on the screen:\n{self.shown()}"
            self._read(0.2)

    def shown(self) -> str:
        """What stands on the screen."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def ends(self) -> int:
        """Wait for the end; the exit code."""
        deadline = time.monotonic() + WITHIN_S
        while self.process.poll() is None and time.monotonic() < deadline:
            self._read(0.2)
        return self.process.wait(5)

    def _read(self, within_s: float) -> bool:
        if not select.select([self.side], [], [], within_s)[0]:
            return False
        try:
            data = os.read(self.side, 65536)
        except OSError:  # the program has ended
            return False
        # Whoever asks a terminal where its cursor is gets an answer.
        if b"\x1b[6n" in data:
            os.write(self.side, b"\x1b[1;1R")
        self._stream.feed(data)
        return bool(data)


@contextmanager
def terminal(
    *words: str, variables: Mapping[str, str], program: Sequence[str] = (sys.executable, "-m", "chat4all_client")
) -> Iterator[Terminal]:
    """`chat4all`, or another program, in one; killed at the end if it has not ended."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    environment = {**variables, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
    command = [*program, *words]
    process = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True
    )
    os.close(theirs)
    try:
        yield Terminal(process, ours)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.wait()
        os.close(ours)
