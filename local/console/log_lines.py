"""Lines of a function's log, from the pieces that its environments printed."""

import contextlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from local.log_index import Piece, index_path, pieces

_TAIL_INDEX_BYTES = 64 * 1024
"""Some 700 pieces: where a log is shown from."""
_LINE_BYTES = 32 * 1024
_PIECES_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class LogLine:
    time_ms: int
    stream: str
    text: str


class LogFollower:
    """Reads one function's log, from near its end onwards. `read` gives what has come since the last call."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._index = index_path(log)
        self._position = -1
        self._inode = 0
        """Of the index that is read: another one, and the log was begun anew."""
        self._open: dict[str, tuple[int, bytes]] = {}
        """By stream, a line that is not ended yet and when it began."""

    def has_more(self) -> bool:
        """Cheap: one stat."""
        try:
            found = self._index.stat()
        except FileNotFoundError:
            return False
        return found.st_ino != self._inode or found.st_size > self._position

    def read(self) -> list[dict[str, Any]]:
        """Whole lines as {time_ms, stream, text}. Blocks."""
        try:
            inode = self._index.stat().st_ino
        except FileNotFoundError:
            return []
        lines: list[dict[str, Any]] = []
        if self._position < 0:
            self._position = self._tail_position()
        elif inode != self._inode:
            lines = self._read(_rotated(self._log), _rotated(self._index), None)
            self._position = 0
        self._inode = inode
        return lines + self._read(self._log, self._index, _PIECES_AT_ONCE)

    def _read(self, log: Path, index: Path, most: int | None) -> list[dict[str, Any]]:
        lines: list[dict[str, Any]] = []
        with contextlib.suppress(FileNotFoundError), log.open("rb") as file:
            for piece in islice(pieces(index, self._position), most):
                lines += map(asdict, self._lines(piece, os.pread(file.fileno(), piece.size, piece.begin)))
                self._position = piece.after
        return lines

    def _tail_position(self) -> int:
        """Of the first whole line of the index's last bytes."""
        try:
            size = self._index.stat().st_size
            with self._index.open("rb") as file:
                start = max(0, size - _TAIL_INDEX_BYTES)
                file.seek(start)
                return start + len(file.readline()) if start else 0
        except FileNotFoundError:
            return 0

    def _lines(self, piece: Piece, data: bytes) -> Iterable[LogLine]:
        begun = self._open.pop(piece.stream, None)
        time_ms, head = begun if begun is not None and piece.continues else (piece.time_ms, b"")
        *whole, rest = (head + data).split(b"\n")
        for line in whole:
            yield LogLine(time_ms, piece.stream, shown(line))
            time_ms = piece.time_ms
        if rest:
            self._open[piece.stream] = (time_ms, rest[-_LINE_BYTES:])


def _rotated(file: Path) -> Path:
    """Where the Lambda service leaves a log, or its index, that it begins anew."""
    return file.with_name(f"{file.name}.1")


def shown(line: bytes) -> str:
    """As text; of a line of more than 32 KB the beginning."""
    text = line[:_LINE_BYTES].decode(errors="replace").rstrip("\r")
    return text if len(line) <= _LINE_BYTES else f"{text}… ({len(line)} bytes)"


def split_log(log: bytes) -> Iterator[str]:
    """The lines of one invocation's log."""
    yield from (shown(line) for line in log.removesuffix(b"\n").split(b"\n")) if log else ()
