"""The floor as a place: nothing that is built on this library can be faster than its own broadcast."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from websockets.asyncio.client import ClientConnection, connect

from tests.benchmarks.realtime.sockets import Seat
from tests.benchmarks.realtime.stack_place import GROUP, spread
from tests.e2e.running_stack import ROOT

_DATA = {
    "message_id": "01939d5a-0000-7000-8000-000000000000",
    "conversation_id": "01939d5a-0000-7000-8000-000000000001",
    "sender_id": "01939d5a-0000-7000-8000-000000000002",
    "channel": "in_app",
    "type": "text",
    "reactions": {},
    "created_at": "2026-01-01T00:00:00.000Z",
    "status": "accepted",
}
"""What else a message of the stack has, so that frames are as long."""


class Floor:
    """Implements Place."""

    name = "websockets"
    has_heartbeats = False

    def __init__(self, pid: int, port: int, sources: Sequence[str], say: dict[str, ClientConnection]) -> None:
        self.server_pid = pid
        self._url = f"ws://127.0.0.1:{port}"
        self._sources = sources
        self._say = say
        self._turn = asyncio.Lock()

    def working_pids(self) -> list[int]:
        return [self.server_pid]

    def crowd(self, count: int) -> Sequence[Seat]:
        return spread([f"{self._url}/crowd"] * count, self._sources)

    def group(self) -> Sequence[Seat]:
        return spread([f"{self._url}/group"] * GROUP, self._sources)

    def devices(self) -> Sequence[Seat]:
        return spread([f"{self._url}/devices"] * GROUP, self._sources)

    async def say_to_group(self, text: str) -> None:
        await self._tell("group", text)

    async def say_to_user(self, text: str) -> None:
        await self._tell("devices", text)

    async def _tell(self, room: str, text: str) -> None:
        async with self._turn:
            await self._say[room].send(json.dumps({"type": "message.created", "data": _DATA | {"content": text}}))
            await self._say[room].recv()


@asynccontextmanager
async def the_floor(sources: Sequence[str]) -> AsyncIterator[Floor]:
    """It runs as long as the block."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.benchmarks.realtime.floor_process",
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        port = int(await process.stdout.readline())
        url = f"ws://127.0.0.1:{port}/say"
        async with connect(f"{url}?group", proxy=None) as group, connect(f"{url}?devices", proxy=None) as devices:
            yield Floor(process.pid, port, sources, {"group": group, "devices": devices})
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
