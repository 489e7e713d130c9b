"""Functions' logs as log events: what CloudWatch Logs has in `/aws/lambda/<function>`.

An event is one line. Its time is when the line was complete, so that events never come later than events after them.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from local.log_index import Piece, index_path, pieces, position_of

_LOOK_BACK_BYTES = 1 << 16
"""Of the index: how far before a piece the beginning of its first line is searched."""


@dataclass(frozen=True, slots=True)
class LogEvent:
    """One line. `offset` of its end in the log tells it from all others of the function and is ordered as time is."""

    time_ms: int
    stream: str
    message: str
    offset: int


@dataclass(frozen=True, slots=True)
class StreamSummary:
    """Of one log stream: epoch milliseconds and bytes."""

    name: str
    first_ms: int
    last_ms: int
    size: int


def events(log: Path, start_ms: int | None = None, after: int = -1) -> Iterator[LogEvent]:
    """Events from a time on, in order; with `after` only those whose offset is greater.

    A line that is not complete is no event yet.
    """
    index = index_path(log)
    position = position_of(index, start_ms) if start_ms else 0
    try:
        file = os.open(log, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    begun: dict[str, bytes] = {}
    try:
        for piece in pieces(index, position):
            if piece.begin + piece.size <= after:
                begun.pop(piece.stream, None)
                continue
            data = os.pread(file, piece.size, piece.begin)
            if piece.continues:
                before = begun.pop(piece.stream, None)
                data = (_beginning(file, index, piece) if before is None else before) + data
            end = piece.begin + piece.size - len(data)
            for line in _lines(data):
                end += len(line)
                if not line.endswith(b"\n"):
                    begun[piece.stream] = line
                elif end > after:
                    yield LogEvent(piece.time_ms, piece.stream, line.decode(errors="replace"), end)
    finally:
        os.close(file)


def streams(log: Path) -> list[StreamSummary]:
    """The streams of a log, in the order of their first event."""
    found: dict[str, StreamSummary] = {}
    for piece in pieces(index_path(log)):
        known = found.get(piece.stream)
        first, size = (known.first_ms, known.size) if known else (piece.time_ms, 0)
        found[piece.stream] = StreamSummary(piece.stream, first, piece.time_ms, size + piece.size)
    return list(found.values())


def began_ms(log: Path) -> int | None:
    """When the first piece was written; None for a function that has not run."""
    return next((piece.time_ms for piece in pieces(index_path(log))), None)


def _lines(data: bytes) -> list[bytes]:
    """With their ends. Only a newline ends one: bytes.splitlines takes a carriage return too."""
    parts = data.split(b"\n")
    return [part + b"\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def _beginning(file: int, index: Path, piece: Piece) -> bytes:
    """What the stream had begun of a line before this piece; found when reading does not start at the beginning."""
    start = max(0, piece.position - _LOOK_BACK_BYTES)
    data = b""
    for before in pieces(index, start):
        if before.position >= piece.position:
            break
        if before.stream == piece.stream:
            data = (data + os.pread(file, before.size, before.begin)).rpartition(b"\n")[2]
    return data
