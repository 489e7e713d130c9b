"""Tells the server how far the user has received and read: at most once in a while for each conversation, until it knows."""

import asyncio
from collections.abc import Iterable

from chat4all_client.backoff import delay_s
from chat4all_client.errors import ApiError
from chat4all_client.live.bell import Bell
from chat4all_client.live.disk import Disk
from chat4all_client.live.outcomes import Later
from chat4all_client.live.requests import Requests
from chat4all_client.live.settings import LiveSettings
from chat4all_client.live.store import Store


class Telling:
    """`run` in a task. What is not told when the process ends is told by the next one: the store has it."""

    def __init__(self, store: Store, disk: Disk, requests: Requests, settings: LiveSettings) -> None:
        self._store = store
        self._disk = disk
        self._requests = requests
        self._settings = settings
        self._risen: dict[str, None] = {}
        self._bell = Bell()

    def risen(self, conversation_ids: Iterable[str]) -> None:
        """Something was received or read there."""
        if not self._settings.tells_marks:
            return
        self._risen |= dict.fromkeys(conversation_ids)
        if self._risen:
            self._bell.ring()

    async def everything(self) -> None:
        """After a connect: whatever is not told yet."""
        self.risen(await self._disk.run(self._store.positions))

    async def run(self) -> None:
        """Tell, again and again."""
        tries = 0
        while True:
            await self._bell.heard()
            await asyncio.sleep(self._settings.marks_s)
            risen, self._risen = self._risen, {}
            try:
                await self._tell(risen)
                tries = 0
            except Later as later:
                tries += 1
                self._risen = risen | self._risen
                await asyncio.sleep(delay_s(tries, later.wait_s, self._settings.chance))
                self._bell.ring()

    async def _tell(self, risen: Iterable[str]) -> None:
        """Raises Later: some of it is not told."""
        for due in await self._disk.run(self._store.due_marks, list(risen)):
            try:
                marks = await self._requests.ask("receipt", {"conversation_id": due.conversation_id, **due.body()})
            except ApiError:
                continue  # the user is no member any more, which a sync finds out
            await self._disk.run(self._store.told_marks, due.conversation_id, marks)
