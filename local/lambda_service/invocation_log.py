"""What CloudWatch Logs would show of a function: its file, and the lines of one invocation."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

from local.log_index import index_line, index_path

TAIL_BYTES = 4096
_APPEND = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC


class FunctionLog:
    """`<log_dir>/<function>.log`, appended to, and the index beside it (`local.log_index`)."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, _APPEND, 0o644)
        self._index = os.open(index_path(path), _APPEND, 0o644)
        self._begun: set[str] = set()
        """Streams that have begun a line and not ended it."""
        self._last_ms = 0

    def write(self, stream: str, data: bytes) -> None:
        """Append what an environment printed; `stream` is the name of its log stream."""
        if not data or self._file < 0:
            return
        self._last_ms = max(self._last_ms, time.time_ns() // 1_000_000)
        written = os.write(self._file, data)
        begin = os.lseek(self._file, 0, os.SEEK_CUR) - written
        os.write(self._index, index_line(self._last_ms, begin, written, stream in self._begun, stream))
        (self._begun.discard if data.endswith(b"\n") else self._begun.add)(stream)

    def close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            os.close(self._index)
            self._file = -1


@dataclass(frozen=True, slots=True)
class LogStream:
    """The part of a function's log that is one environment's."""

    log: FunctionLog
    name: str

    def write(self, data: bytes) -> None:
        self.log.write(self.name, data)


class InvocationLog:
    """Lines of one invocation: START, what the function prints, END, REPORT. Its last 4 KB are the tail."""

    def __init__(self, request_id: str, memory_mb: int) -> None:
        self.request_id = request_id
        self.stream: LogStream | None = None
        """That of the environment which runs it; nothing is written before."""
        self._memory_mb = memory_mb
        self._pending = f"START RequestId: {request_id} Version: $LATEST\n".encode()
        self._tail = bytearray()
        self._started = time.perf_counter()

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

    def end(self, max_memory_mb: int, init_s: float | None, status: str = "", error_type: str = "") -> None:
        """Write END and REPORT. `init_s` only for the first invocation of an environment."""
        milliseconds = (time.perf_counter() - self._started) * 1000
        billed = -(-milliseconds // 1)
        fields = [
            f"REPORT RequestId: {self.request_id}",
            f"Duration: {milliseconds:.2f} ms",
            f"Billed Duration: {billed:.0f} ms",
            f"Memory Size: {self._memory_mb} MB",
            f"Max Memory Used: {max_memory_mb} MB",
        ]
        if init_s is not None:
            fields.append(f"Init Duration: {init_s * 1000:.2f} ms")
        if status:
            fields.append(f"Status: {status}")
        if error_type:
            fields.append(f"Error Type: {error_type}")
        newline = "" if self._tail.endswith(b"\n") or not self._tail else "\n"
        self.write((f"{newline}END RequestId: {self.request_id}\n" + "\t".join(fields) + "\t\n").encode())

    def tail(self) -> bytes:
        return bytes(self._tail[-TAIL_BYTES:])
