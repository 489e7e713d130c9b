"""Functions' logs as log events: what CloudWatch Logs has in `/aws/lambda/<function>`.

An event is one line. Its time is when the line was complete, so that events never come later than events after them.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from local.lambda_service.invocation_log import rotated
from local.log_index import Piece, index_path, pieces, position_of

_LOOK_BACK_BYTES = 1 << 16
"""Of the index: how far before a piece the beginning of its first line is searched."""


@dataclass(frozen=True, slots=True)
class LogEvent:
    """One line of a stream. `end` is where it ends in its file."""

    time_ms: int
    stream: str
    message: str
    end: int

    @property
    def id(self) -> str:
        """56 digits, which tell it from all others of the function and are ordered as the events are."""
        return f"{self.time_ms:018d}{self.end:038d}"


@dataclass(frozen=True, slots=True)
class StreamSummary:
    """Of one log stream: epoch milliseconds and bytes."""

    name: str
    first_ms: int
    last_ms: int
    size: int


def events(log: Path, start_ms: int = 0, after: str = "") -> Iterator[LogEvent]:
    """Events from a time on, in order; with `after` only those whose id is greater.

    A line that is not complete is no event yet.
    """
    if after:
        start_ms = max(start_ms, int(after[:18]))
    begun: dict[str, bytes] = {}
    for file, index in _files(log):
        for event in _events(file, index, start_ms, begun):
            if event.id > after:
                yield event


def _files(log: Path) -> tuple[tuple[Path, Path], ...]:
    """A log and its index: those that were begun anew, then those of now."""
    index = index_path(log)
    return (rotated(log), rotated(index)), (log, index)


def _events(log: Path, index: Path, start_ms: int, begun: dict[str, bytes]) -> Iterator[LogEvent]:
    """Of one file. `begun` are the lines that streams have begun and not ended."""
    try:
        file = os.open(log, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        for piece in pieces(index, position_of(index, start_ms) if start_ms else 0):
            data = os.pread(file, piece.size, piece.begin)
            if piece.continues:
                before = begun.pop(piece.stream, None)
                data = (_beginning(file, index, piece) if before is None else before) + data
            end = piece.begin + piece.size - len(data)
            for line in _lines(data):
                end += len(line)
                if not line.endswith(b"\n"):
                    begun[piece.stream] = line
                else:
                    yield LogEvent(piece.time_ms, piece.stream, line.decode(errors="replace"), end)
    finally:
        os.close(file)


def streams(log: Path) -> list[StreamSummary]:
    """The streams of a log, in the order of their first event."""
    found: dict[str, StreamSummary] = {}
    for _, index in _files(log):
        for piece in pieces(index):
            known = found.get(piece.stream)
            first, size = (known.first_ms, known.size) if known else (piece.time_ms, 0)
            found[piece.stream] = StreamSummary(piece.stream, first, piece.time_ms, size + piece.size)
    return list(found.values())


def began_ms(log: Path) -> int | None:
    """When the first piece was written; None for a function that has not run."""
    return next((piece.time_ms for _, index in _files(log) for piece in pieces(index)), None)


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
