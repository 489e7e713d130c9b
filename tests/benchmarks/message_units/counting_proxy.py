"""A proxy before the DynamoDB engine: asks each call for ConsumedCapacity, counts the answers by table and function."""

import asyncio
import json
import os
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.benchmarks.units import WRITES

_TARGET = "x-amz-target"
_OF_A_TRANSACTION = 2
"""Units a KB, also where it is cancelled (DynamoDB developer guide, "Transactions")."""
Named = Callable[[int], Awaitable[str]]
"""The function whose end of a connection has that port."""


@dataclass
class Counts:
    """What has passed, by (function, table), and calls by function."""

    write: Counter[tuple[str, str]] = field(default_factory=Counter)
    read: Counter[tuple[str, str]] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)

    def clear(self) -> None:
        for counter in (self.write, self.read, self.calls):
            counter.clear()


class CountingProxy:
    """Listens on loopback; an async context manager."""

    def __init__(self, engine_port: int, function_of: Named) -> None:
        self.counts = Counts()
        self._engine_port = engine_port
        self._function_of = function_of
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "CountingProxy":
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_error: object) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        task.add_done_callback(self._open.discard)
        port = writer.get_extra_info("peername")[1]
        function = await self._function_of(port)
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            upstream_reader, upstream = await asyncio.open_connection("127.0.0.1", self._engine_port)
            try:
                while True:
                    head, headers, body = await _message(reader)
                    operation = headers.get(_TARGET, "").rpartition(".")[2]
                    upstream.write(_joined(head, headers, _asking(operation, body)))
                    answer_head, answer_headers, answer = await _message(upstream_reader)
                    self._count(function, operation, body, answer_head, answer)
                    writer.write(_joined(answer_head, answer_headers, answer))
                    await writer.drain()
            finally:
                upstream.close()
        writer.close()

    def _count(self, function: str, operation: str, body: bytes, head: str, answer: bytes) -> None:
        counter = self.counts.write if operation in WRITES else self.counts.read
        self.counts.calls[function] += 1
        if " 200 " not in head + " ":
            asked = json.loads(body)
            if items := asked.get("TransactItems"):
                for item in items:
                    (of,) = item.values()
                    counter[function, of["TableName"]] += _OF_A_TRANSACTION
            else:  # a failed condition is billed as the write it would have been
                counter[function, asked.get("TableName", "?")] += 1
            return
        consumed = json.loads(answer).get("ConsumedCapacity", [])
        for entry in consumed if isinstance(consumed, list) else [consumed]:
            counter[function, entry["TableName"]] += entry["CapacityUnits"]


def process_of(port: int, pids: Iterable[int]) -> int:
    """Of `pids`, the process whose end of a loopback connection has that port; 0 where none has.

    From /proc alone, and of these processes alone: psutil.net_connections looks at every process of the machine.
    """
    lines = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    inodes = {f"socket:[{fields[9]}]" for fields in lines if int(fields[1].rpartition(":")[2], 16) == port}
    for pid in pids:
        with suppress(OSError):
            if any(os.readlink(file) in inodes for file in Path(f"/proc/{pid}/fd").iterdir()):
                return pid
    return 0


def _asking(operation: str, body: bytes) -> bytes:
    if not operation or operation.startswith(("Describe", "List", "Create", "Tag")):
        return body
    asked: dict[str, Any] = json.loads(body)
    return json.dumps(asked | {"ReturnConsumedCapacity": "INDEXES"}).encode()


async def _message(reader: asyncio.StreamReader) -> tuple[str, dict[str, str], bytes]:
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:] if line)}
    return lines[0], headers, await reader.readexactly(int(headers.get("content-length", "0")))


def _joined(head: str, headers: dict[str, str], body: bytes) -> bytes:
    lines = [f"{name}: {value}" for name, value in (headers | {"content-length": str(len(body))}).items()]
    return "\r\n".join([head, *lines, "", ""]).encode("latin-1") + body
