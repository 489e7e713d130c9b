"""A device of the model: a real client with a real store, that is used, killed, and put back to an earlier state."""

import asyncio
import sqlite3
from collections.abc import Coroutine
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from chat4all_client.errors import ApiError, Unreachable
from chat4all_client.live import LiveClient, LiveSettings, MessagesChanged
from chat4all_client.live.disk import SameThread
from chat4all_client.live.store import Store
from tests.live.model.network import ModelSession, Network
from tests.live.model.server import EPOCH

Json = dict[str, Any]


class Device:
    """One user's; `start` first."""

    def __init__(self, network: Network, user_id: str, path: Path, chance: Random) -> None:
        self.user_id = user_id
        self.network = network
        self.path = path
        self.said: dict[str, str] = {}
        """{message id: text} of what this device took on to send, and has not lost by being put back."""
        self.was_read: dict[str, int] = {}
        self.told: dict[tuple[str, int], Json] = {}
        """What the last client of this device has told by events."""
        self.live: LiveClient | None = None
        self._chance = chance
        self._clock_error_s = chance.choice((0, -3_600, 86_400, 5))
        self._doing: set[asyncio.Task[None]] = set()
        self._saved: tuple[Path, dict[str, str], dict[str, int]] | None = None
        self._starting: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """A new client on what the last one left."""
        loop = asyncio.get_running_loop()
        settings = LiveSettings(
            clock=lambda: EPOCH + loop.time() + self._clock_error_s,
            chance=self._chance,
            new_id=lambda: str(UUID(int=self._chance.getrandbits(128), version=4)),
        )
        session = ModelSession(self.network, self.user_id)
        while self.live is None:
            try:
                self.live = await LiveClient.started(
                    Store(self.path), SameThread(), session, self.network.dial, settings
                )
            except Unreachable:
                continue
        self.told.clear()
        self._do(self._listen(self.live))
        await asyncio.sleep(0)

    async def die(self) -> None:
        """The client is gone; raises what had broken it."""
        live, self.live = self.live, None
        if live is None:
            return
        doing = list(self._doing)
        for task in doing:
            task.cancel()
        await asyncio.gather(*doing, return_exceptions=True)
        await live.close()

    def save(self) -> None:
        """Copy the store as it is, as a backup would."""
        place = self.path.with_suffix(".saved")
        place.unlink(missing_ok=True)
        with closing(sqlite3.connect(self.path)) as now, closing(sqlite3.connect(place)) as copy:
            now.backup(copy)
        self._saved = (place, dict(self.said), dict(self.was_read))

    def put_back(self) -> None:
        """The store is what was saved, and what was written since is forgotten. The client is gone."""
        if self._saved is None:
            return
        place, self.said, self.was_read = self._saved[0], dict(self._saved[1]), dict(self._saved[2])
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)
        with closing(sqlite3.connect(place)) as copy, closing(sqlite3.connect(self.path)) as now:
            copy.backup(now)

    def wipe(self) -> None:
        """It is a new device, with an empty store. The client is gone."""
        self.said, self.was_read, self._saved = {}, {}, None
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)

    async def say(self, conversation_id: str, text: str, reply_to: str | None) -> None:
        """Send a message."""
        assert self.live is not None
        message_id = await self.live.send(conversation_id, text, reply_to=reply_to)
        self.said[message_id] = text

    async def has_read(self, conversation_id: str, seq: int) -> None:
        """Read up to there."""
        assert self.live is not None
        await self.live.read(conversation_id, seq)
        self.was_read[conversation_id] = max(seq, self.was_read.get(conversation_id, 0))

    def do(self, work: Coroutine[Any, Any, Any]) -> None:
        """Begin something that may be refused, and that ends with the client."""
        self._do(self._try(work))

    async def _try(self, work: Coroutine[Any, Any, Any]) -> None:
        try:
            await work
        except (ApiError, Unreachable):
            return

    async def _listen(self, live: LiveClient) -> None:
        async for event in live.events():
            if isinstance(event, MessagesChanged):
                self.told |= {(event.conversation_id, seq): message for seq, message in event.messages.items()}

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._doing.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._doing.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            raise error
