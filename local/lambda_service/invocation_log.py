"""What CloudWatch Logs would show of a function: its file, and the lines of one invocation."""

import contextlib
import logging
import os
import time
from pathlib import Path

from local.application import FunctionLogging
from local.lambda_service.line_limit import LineLimit
from local.lambda_service.platform_lines import Outcome, end_lines, start_lines
from local.log_index import index_line, index_path

_LOG = logging.getLogger(__name__)
TAIL_BYTES = 4096
_APPEND = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC


def rotated(file: Path) -> Path:
    """Where a log, or its index, lies that has been begun anew."""
    return file.with_name(f"{file.name}.1")


class FunctionLog:
    """`<log_dir>/<function>.log`, appended to, and the index beside it (`local.log_index`).

    A log that has reached `most_bytes` is begun anew, it and its index; the one before stays as `<function>.log.1` and
    `<function>.index.1`, so that no function can fill a disk.
    """

    def __init__(self, path: Path, most_bytes: int) -> None:
        self._path = path
        self._most_bytes = most_bytes
        self._open()
        self._begun: set[str] = set()
        """Streams that have begun a line and not ended it."""
        self._last_ms = 0

    def write(self, stream: str, data: bytes) -> None:
        """Append what an environment printed; `stream` is the name of its log stream."""
        if not data or self._file < 0:
            return
        try:
            self._append(stream, data)
        except OSError:  # a full disk stops no function
            _LOG.exception("%d bytes of the log %s are lost", len(data), self._path)

    def _append(self, stream: str, data: bytes) -> None:
        if self._size >= self._most_bytes:
            self._rotate()
        self._last_ms = max(self._last_ms, time.time_ns() // 1_000_000)
        written = os.write(self._file, data)
        self._size += written
        begin = os.lseek(self._file, 0, os.SEEK_CUR) - written
        os.write(self._index, index_line(self._last_ms, begin, written, stream in self._begun, stream))
        (self._begun.discard if data.endswith(b"\n") else self._begun.add)(stream)

    def _open(self) -> None:
        self._file = os.open(self._path, _APPEND, 0o644)
        self._index = os.open(index_path(self._path), _APPEND, 0o644)
        self._size = os.fstat(self._file).st_size

    def _rotate(self) -> None:
        self.close()
        for file in (self._path, index_path(self._path)):
            with contextlib.suppress(FileNotFoundError):  # somebody has removed it
                file.rename(rotated(file))
        self._last_ms += 1  # no time of the old file is one of the new, so that events are ordered by time and place
        self._open()

    def close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            os.close(self._index)
            self._file = -1


class LogStream:
    """The part of a function's log that is one environment's."""

    def __init__(self, log: FunctionLog, name: str) -> None:
        self.name = name
        self._log = log
        self._limit = LineLimit()

    def write(self, data: bytes) -> None:
        self._log.write(self.name, self._limit.feed(data))


class InvocationLog:
    """Lines of one invocation: START, what the function prints, END, REPORT. Its last 4 KB are the tail."""

    def __init__(self, request_id: str, memory_mb: int, format_: FunctionLogging) -> None:
        self.request_id = request_id
        self.stream: LogStream | None = None
        """That of the environment which runs it; nothing is written before."""
        self._format = format_
        self._memory_mb = memory_mb
        self._pending = start_lines(request_id, format_)
        self._tail = bytearray()
        self._started = time.perf_counter()
        self.outcome: Outcome | None = None
        """Once it has ended."""

    def start_clock(self) -> None:
        """The duration counts from here."""
        self._started = time.perf_counter()

    def write(self, data: bytes) -> None:
        self._tail += self._pending + data
        if self.stream is not None:
            self.stream.write(self._pending + data)
        self._pending = b""
        if len(self._tail) > 2 * TAIL_BYTES:
            del self._tail[:-TAIL_BYTES]

    def note(self, text: str) -> None:
        """A line of Lambda's own about how the invocation ended, which the JSON format has in its records."""
        if not self._format.json:
            self.write(text.encode())

    def end(self, max_memory_mb: int, init_s: float | None, status: str = "", error_type: str = "") -> None:
        """Write END and REPORT. `init_s` only for the first invocation of an environment."""
        duration_s = time.perf_counter() - self._started
        self.outcome = Outcome(duration_s, self._memory_mb, max_memory_mb, init_s, status, error_type)
        newline = b"" if self._tail.endswith(b"\n") or not self._tail else b"\n"
        self.write(newline + end_lines(self.request_id, self.outcome, self._format))

    def tail(self) -> bytes:
        return bytes(self._tail[-TAIL_BYTES:])
