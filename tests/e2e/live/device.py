"""A device in a process of its own: started, given commands, killed at any moment, and started again on what it left."""

import asyncio
import contextlib
import json
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.e2e.people import Person
from tests.e2e.running_stack import ROOT

Json = dict[str, Any]
WITHIN_S = 240.0


@dataclass
class Device:
    """One person's. `http` and `websocket` are addresses of proxies."""

    person: Person
    store: Path
    http: str
    websocket: str
    kills: int = 0
    _process: asyncio.subprocess.Process | None = None
    _reading: asyncio.Task[None] | None = None
    _said: asyncio.Event = field(default_factory=asyncio.Event)
    _sent: set[str] = field(default_factory=set)
    _settled: dict[int, Json] = field(default_factory=dict)
    _count: int = 0

    async def start(self) -> None:
        """A new process on the same store."""
        given = {"http": self.http, "websocket": self.websocket, "store": str(self.store), "token": self.person.token}
        named = {"DEVICE": json.dumps(given), "PYTHONPATH": f"{ROOT}:{ROOT / 'clients/python'}"}
        with self.store.with_suffix(".log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tests.e2e.live.device_process",
                env=os.environ | named, cwd=ROOT,
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=log,
            )  # fmt: skip
        self._reading = asyncio.create_task(self._read(self._process))

    async def kill(self) -> None:
        """kill -9."""
        assert self._process is not None
        assert self._reading is not None
        self.kills += 1
        if self._process.returncode is None:
            self._process.kill()
        await asyncio.gather(self._process.wait(), self._reading)

    async def stop(self) -> None:
        """Let it end."""
        if self._process is None or self._reading is None:
            return
        assert self._process.stdin is not None
        self._process.stdin.close()
        async with asyncio.timeout(WITHIN_S):
            await asyncio.gather(self._process.wait(), self._reading)
        assert self._process.returncode == 0, self.printed()

    async def send(self, conversation_id: str, message_id: str, text: str) -> None:
        """Have a message sent: again, by a new process, when this one is killed before it said that it has arrived."""
        command = {"do": "send", "conversation_id": conversation_id, "message_id": message_id, "text": text}
        given_to = None
        async with asyncio.timeout(WITHIN_S):
            while message_id not in self._sent:
                if given_to is not self._process:
                    given_to = self._process
                    await self.tell(command)
                self._said.clear()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(1):
                        await self._said.wait()

    async def tell(self, command: Json) -> None:
        """Give a command; it is lost where the process dies."""
        assert self._process is not None
        assert self._process.stdin is not None
        with contextlib.suppress(ConnectionError):
            self._process.stdin.write(json.dumps(command).encode() + b"\n")
            await self._process.stdin.drain()

    async def settle(self) -> Json:
        """Wait until it has sent and got everything; the watermarks that it knows. Raises AssertionError with what it printed."""
        self._count += 1
        await self.tell({"do": "settle", "number": self._count})
        try:
            async with asyncio.timeout(WITHIN_S):
                while self._count not in self._settled:
                    self._said.clear()
                    await self._said.wait()
        except TimeoutError:
            raise AssertionError(f"{self.store.name} does not settle: {self.printed()}") from None
        return self._settled[self._count]

    def printed(self) -> str:
        """What it has written to standard error."""
        return self.store.with_suffix(".log").read_text()[-3000:]

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        while line := await process.stdout.readline():
            said = json.loads(line)
            if "sent" in said:
                self._sent.add(said["sent"])
            if "settled" in said:
                self._settled[said["settled"]] = said["marks"]
            self._said.set()
        self._said.set()
