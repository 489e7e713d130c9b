"""A crowd of sockets in a process of its own, so that what it costs does not fall on those whose times are taken."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from tests.benchmarks.realtime.sockets import Seat
from tests.e2e.running_stack import ROOT

_LINE_BYTES = 64 * 1024 * 1024


class Crowd:
    """Requests to tests/benchmarks/realtime/crowd_process.py, one after the other."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.pid = process.pid

    async def open(self, seats: Sequence[Seat], at_once: int) -> dict[str, Any]:
        return await self._ask("open", seats=[[seat.url, seat.source] for seat in seats], at_once=at_once)

    async def state(self) -> dict[str, Any]:
        return await self._ask("state")

    async def beat(self, seconds: float) -> dict[str, Any]:
        return await self._ask("beat", seconds=seconds)

    async def drop(self) -> dict[str, Any]:
        return await self._ask("drop")

    async def come_back(self, conversation_id: str, through: int, within_s: float) -> dict[str, Any]:
        return await self._ask("come_back", conversation_id=conversation_id, through=through, within_s=within_s)

    async def close(self) -> dict[str, Any]:
        return await self._ask("close")

    async def _ask(self, what: str, **fields: Any) -> dict[str, Any]:
        requests, answers = self._process.stdin, self._process.stdout
        assert requests is not None
        assert answers is not None
        requests.write(json.dumps({"do": what, **fields}).encode() + b"\n")
        await requests.drain()
        line = await answers.readline()
        assert line, f"the crowd ended with {await self._process.wait()}"
        return dict(json.loads(line))


@asynccontextmanager
async def a_crowd() -> AsyncIterator[Crowd]:
    """It ends, and its sockets with it, when the block does."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.benchmarks.realtime.crowd_process",
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=_LINE_BYTES,
    )
    try:
        yield Crowd(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
