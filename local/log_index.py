"""The index beside a function's log: which stream each piece of the log is of, and when it was written.

`<function>.log` is what people read; `<function>.index` has a line for each piece appended to it:
`<epoch ms> <first byte> <bytes> <- or +> <stream>`, where `+` says that the piece goes on a line that another piece of
its stream has begun. Times never go back, so an index can be searched.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_LINE_BYTES = 512
"""More than a line ever has; stream names have 51."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a log. `position` is that of its line in the index, `after` that of the next."""

    time_ms: int
    begin: int
    size: int
    continues: bool
    stream: str
    position: int
    after: int


def index_line(time_ms: int, begin: int, size: int, continues: bool, stream: str) -> bytes:
    return f"{time_ms} {begin} {size} {'+' if continues else '-'} {stream}\n".encode()


def index_path(log: Path) -> Path:
    return log.with_suffix(".index")


def pieces(index: Path, position: int = 0) -> Iterator[Piece]:
    """From the line at `position` on; none where there is no index. A line that is being written is left out."""
    try:
        file = index.open("rb")
    except FileNotFoundError:
        return
    with file:
        file.seek(position)
        for line in file:
            if not line.endswith(b"\n"):
                return
            piece = _parse(line, position)
            position += len(line)
            if piece is not None:
                yield piece


def position_of(index: Path, time_ms: int) -> int:
    """Of the first line whose time is not before `time_ms`; the end of the index when there is none."""
    try:
        low, high = 0, index.stat().st_size
    except FileNotFoundError:
        return 0
    with index.open("rb") as file:
        while low < high:
            middle = (low + high) // 2
            _, piece = _next_line(file.fileno(), middle)
            if piece is None or piece.time_ms >= time_ms:
                high = middle
            else:
                low = piece.after
        return _next_line(file.fileno(), low)[0]


def _next_line(file: int, position: int) -> tuple[int, Piece | None]:
    """The first whole line that begins at or after `position`, and where that is."""
    begin = max(position - 1, 0)
    data = os.pread(file, 2 * _LINE_BYTES, begin)
    if position:
        skipped = data.find(b"\n") + 1
        if not skipped:
            return begin + len(data), None
        begin, data = begin + skipped, data[skipped:]
    line, newline, _ = data.partition(b"\n")
    return (begin, _parse(line + newline, begin)) if newline else (begin, None)


def _parse(line: bytes, position: int) -> Piece | None:
    """None for a line that is none of an index (a disk that was full, an editor)."""
    try:
        time_ms, begin, size, mark, stream = line.decode().split()
        return Piece(int(time_ms), int(begin), int(size), mark == "+", stream, position, position + len(line))
    except ValueError:
        return None
