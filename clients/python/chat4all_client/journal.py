"""What another process needs to go on after this one has died: JSON lines, written before what they tell of happens."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from chat4all_client.errors import UnderWay

Line = dict[str, Any]


class Journal:
    """One file of lines. It is locked while it is open; a line that was cut off by a death counts as not written."""

    def __init__(self, path: Path, file: IO[bytes]) -> None:
        self.path = path
        self._file = file
        self.lines = _whole_lines(file)
        """What it said when it was opened."""

    def start(self, line: Line) -> None:
        """Forget everything, and begin with this line."""
        self._file.seek(0)
        self._file.truncate()
        self.lines = []
        self.note(line)

    def note(self, line: Line) -> None:
        """Write a line: it outlives the process, if not the machine."""
        self._file.seek(0, os.SEEK_END)
        self._file.write(json.dumps(line).encode() + b"\n")

    def remove(self) -> None:
        """Delete it: there is nothing to go on with."""
        self.path.unlink(missing_ok=True)


@contextmanager
def opened(path: Path) -> Iterator[Journal]:
    """The journal at `path`, made where it is not there; one that stays empty is removed.

    Raises:
        UnderWay: another process has it open.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with _locked(path) as file:
        journal = Journal(path, file)
        try:
            yield journal
        finally:
            if os.fstat(file.fileno()).st_size == 0:
                journal.remove()


@contextmanager
def _locked(path: Path) -> Iterator[IO[bytes]]:
    while True:
        with open(path, "a+b", buffering=0, opener=_no_link) as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise UnderWay(f"Another process is at it: {path}") from None
            # Whoever had it before may have removed it: then this is a file without a name.
            if os.fstat(file.fileno()).st_nlink:
                yield file
                return


def _no_link(path: str, flags: int) -> int:
    """A link that lies in a folder of others leads where they want."""
    return os.open(path, flags | os.O_NOFOLLOW, 0o666)


def _whole_lines(file: IO[bytes]) -> list[Line]:
    file.seek(0)
    lines: list[Line] = []
    good = 0
    for line in file.read().splitlines(keepends=True):
        try:
            said = json.loads(line) if line.endswith(b"\n") else None
        except ValueError:
            said = None
        if not isinstance(said, dict):
            break
        lines.append(said)
        good += len(line)
    file.truncate(good)
    return lines
