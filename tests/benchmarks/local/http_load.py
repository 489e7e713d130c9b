"""The same small HTTP client for every server: keep-alive connections in one process, one request at a time on each.

Run as a program: `http_load.py PORT PATH CONNECTIONS SECONDS` prints {"rps", "p50_ms", "p99_ms", "errors"} as JSON.
"""

import asyncio
import json
import re
import sys
import time
from typing import cast

import uvloop

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_CLOSES = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)


class Connection(asyncio.Protocol):
    """Asks again as soon as an answer is whole; makes a new connection where the server closes it."""

    def __init__(self, load: "Load") -> None:
        self._load = load
        self._buffer = b""
        self._begun = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's are none of asyncio's classes
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, blank, body = self._buffer.partition(b"\r\n\r\n")
        if not blank or not _is_whole(head, body):
            return
        self._load.answered(time.perf_counter() - self._begun, head.startswith((b"HTTP/1.1 200", b"HTTP/1.0 200")))
        self._buffer = b""
        if _CLOSES.search(head):
            self._transport.close()
        elif not self._load.over:
            self._ask()

    def connection_lost(self, _error: Exception | None) -> None:
        if not self._load.over:
            self._load.connect()

    def _ask(self) -> None:
        self._begun = time.perf_counter()
        self._transport.write(self._load.request)


def _is_whole(head: bytes, body: bytes) -> bool:
    if length := _LENGTH.search(head):
        return len(body) >= int(length[1])
    return not _CHUNKED.search(head) or body.endswith(b"0\r\n\r\n")


class Load:
    """One run: some seconds after a warm-up of a fifth of it."""

    def __init__(self, port: int, path: str, connections: int, seconds: float) -> None:
        self.request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: */*\r\n\r\n".encode()
        self.over = False
        self._port, self._connections, self._seconds = port, connections, seconds
        self._taken: list[float] = []
        self._errors = 0
        self._counts = False
        self._tasks: set[asyncio.Task[object]] = set()

    def connect(self) -> None:
        """One more connection."""
        loop = asyncio.get_running_loop()
        task = asyncio.ensure_future(loop.create_connection(lambda: Connection(self), "127.0.0.1", self._port))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def answered(self, seconds: float, ok: bool) -> None:
        """Note an answer."""
        if self._counts:
            self._taken.append(seconds)
            self._errors += not ok

    async def run(self) -> dict[str, float]:
        for _ in range(self._connections):
            self.connect()
        await asyncio.sleep(self._seconds / 5)
        self._counts, begun = True, time.perf_counter()
        await asyncio.sleep(self._seconds)
        self.over, took = True, time.perf_counter() - begun
        ordered = sorted(self._taken) or [float("nan")]
        return {
            "rps": len(self._taken) / took,
            "p50_ms": ordered[len(ordered) // 2] * 1000,
            "p99_ms": ordered[int(len(ordered) * 0.99)] * 1000,
            "errors": self._errors,
        }


if __name__ == "__main__":
    port, path, connections, seconds = sys.argv[1:]
    print(json.dumps(uvloop.run(Load(int(port), path, int(connections), float(seconds)).run())))
