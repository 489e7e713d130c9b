"""Reads the lines of a log file, and those that are added, also when the file is begun anew."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from local.function_logs import events
from local.log_index import index_path, pieces
from local.logs.context import Context
from local.logs.line import Line

_INDEX_BYTES_PER_LINE = 512
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Read:
    """A line as it was printed, and what it says."""

    raw: str
    line: Line


class LogReader:
    """One log. `new` gives what has come since the last call; the first one begins where `begin` says."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._context = Context()
        self._seen: tuple[int, int] | None = None
        """Inode and size of it, or of its index, when it was read last."""
        self._since_ms = 0
        self._after = ""
        self._rest = b""

    def begin(self, since_ms: int | None, lines: int | None) -> None:
        """Begin at a time, or so far before the end that at least that many lines follow; None is from the start.

        A log without an index is always read from the start.
        """
        index = index_path(self._path)
        self._since_ms = since_ms or 0
        if since_ms is None and lines is not None and index.exists():
            near = index.stat().st_size - (lines + 1) * _INDEX_BYTES_PER_LINE
            if near > 0:
                found = pieces(index, near)
                next(found, None)  # where that one begins is not known
                self._since_ms = next((piece.time_ms for piece in found), 0)

    def new(self) -> Iterator[Read]:
        """Whole lines only. Nothing where the file is not there (yet)."""
        index = index_path(self._path)
        indexed = index.exists()
        try:
            # A piece is in the index after it is in the log.
            found = (index if indexed else self._path).stat()
        except FileNotFoundError:
            self._seen = None
            return
        now = found.st_ino, found.st_size
        if now == self._seen:
            return
        before, self._seen = self._seen, now
        if indexed:
            yield from self._new_events()
            return
        goes_on = before is not None and before[0] == now[0] and before[1] < now[1]
        yield from self._new_lines(before[1] if before is not None and goes_on else 0)

    def _new_events(self) -> Iterator[Read]:
        """Also those of the file before, when the log was rotated in between."""
        for event in events(self._path, self._since_ms, self._after):
            self._after = event.id
            text = event.message.rstrip("\n")
            yield Read(text, self._context.read(text, event.stream, event.time_ms))

    def _new_lines(self, begin: int) -> Iterator[Read]:
        assert self._seen is not None, "its size is known"
        if not begin:
            self._rest = b""
        with self._path.open("rb") as file:
            file.seek(begin)
            while chunk := file.read(min(_CHUNK, self._seen[1] - begin)):
                begin += len(chunk)
                *lines, self._rest = (self._rest + chunk).split(b"\n")
                for line in lines:
                    text = line.decode(errors="replace")
                    yield Read(text, self._context.read(text))
