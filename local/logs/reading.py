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
        self._indexed = index_path(path).exists()
        self._inode = -1
        self._after = 0
        """Offset in the file: what lies before it has been read."""
        self._since_ms: int | None = None
        self._rest = b""

    def begin(self, since_ms: int | None, lines: int | None) -> None:
        """Begin at a time, or so far before the end that at least that many lines follow; None is from the start."""
        if not self._indexed:
            return
        self._since_ms = since_ms
        if since_ms is None and lines is not None:
            index = index_path(self._path)
            near = index.stat().st_size - (lines + 1) * _INDEX_BYTES_PER_LINE
            if near > 0:
                found = pieces(index, near)
                next(found, None)  # where that one begins is not known
                self._since_ms = next((piece.time_ms for piece in found), None)

    def new(self) -> Iterator[Read]:
        """Whole lines only. Nothing where the file is not there (yet)."""
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return
        if found.st_ino != self._inode or found.st_size < self._after:
            # Begun anew by rotation, or by `--fresh`.
            self._inode, self._after, self._rest = found.st_ino, 0, b""
            self._indexed = index_path(self._path).exists()
        if found.st_size == self._after:
            return
        yield from self._new_events() if self._indexed else self._new_lines()

    def _new_events(self) -> Iterator[Read]:
        for event in events(self._path, self._since_ms, self._after):
            self._after, self._since_ms = event.offset, event.time_ms
            text = event.message.rstrip("\n")
            yield Read(text, self._context.read(text, event.stream, event.time_ms))

    def _new_lines(self) -> Iterator[Read]:
        with self._path.open("rb") as file:
            file.seek(self._after)
            while chunk := file.read(_CHUNK):
                self._after += len(chunk)
                *lines, self._rest = (self._rest + chunk).split(b"\n")
                for line in lines:
                    text = line.decode(errors="replace")
                    yield Read(text, self._context.read(text))
