"""Reads documents of conversations: the list after each connect, one where something has changed or it is not known.

An event is only the news that a document is another. One that was asked for after the last event is right, in whatever order
events come; so nothing hangs on versions, and a change that was missed is made good by the next read.
"""

import asyncio
from collections.abc import Iterable

from chat4all_client.backoff import delay_s
from chat4all_client.errors import ApiError
from chat4all_client.live.bell import Bell
from chat4all_client.live.disk import Disk
from chat4all_client.live.events import ConversationsChanged, Events
from chat4all_client.live.outcomes import Later
from chat4all_client.live.requests import Requests
from chat4all_client.live.settings import LiveSettings
from chat4all_client.live.store import Store
from chat4all_client.live.syncing import Syncing

_PAGE = 100
_NOT_FOUND = 404


class Refreshing:
    """`run` in a task; `everything` after each connect."""

    def __init__(self, store: Store, disk: Disk, requests: Requests, events: Events, settings: LiveSettings) -> None:
        self._store = store
        self._disk = disk
        self._requests = requests
        self._events = events
        self._settings = settings
        self.syncing: Syncing | None = None
        """Is told of conversations that are new."""
        self._wanted: dict[str, None] = {}
        self._news: dict[str, int] = {}
        """How often each was told to be another."""
        self._turns: dict[str, asyncio.Lock] = {}
        """By conversation: of two reads at once the older answer might come last, and bring back what is over."""
        self._bell = Bell()

    def want(self, conversation_ids: Iterable[str], *, first: bool = False) -> None:
        """These are not as they are held."""
        for conversation_id in conversation_ids:
            self._news[conversation_id] = self._news.get(conversation_id, 0) + 1
            waiting = self._wanted
            waiting[conversation_id] = None
            if first:
                self._wanted = {conversation_id: None} | waiting
        if self._wanted:
            self._bell.ring()

    async def everything(self) -> None:
        """The list, and what was said of members while nobody listened; raises Later, ApiError."""
        await self._disk.run(self._store.mark_stale)
        cursor = ""
        while True:
            page = await self._requests.call("GET", f"/v1/conversations?limit={_PAGE}{cursor}")
            await self._disk.run(self._store.put_list, page["items"])
            self._events.tell(ConversationsChanged(tuple(str(item["id"]) for item in page["items"])))
            if page.get("next_cursor") is None:
                break
            cursor = f"&cursor={page['next_cursor']}"
        await self._disk.run(self._store.listed)
        self.want((await self._disk.run(self._store.stale))[: self._settings.fresh])

    async def run(self) -> None:
        """Read what is wanted, one after the other."""
        tries = 0
        while True:
            await self._bell.heard()
            while self._wanted:
                conversation_id = next(iter(self._wanted))
                try:
                    await self.read(conversation_id)
                    tries = 0
                except Later as later:
                    tries += 1
                    if conversation_id in self._wanted:  # behind the others
                        self._wanted[conversation_id] = self._wanted.pop(conversation_id)
                    await self._bell.heard(delay_s(tries, later.wait_s, self._settings.chance))

    async def read(self, conversation_id: str) -> bool:
        """Read one; whether it is the user's. Raises Later."""
        async with self._turns.setdefault(conversation_id, asyncio.Lock()):
            while True:
                news = self._news.get(conversation_id, 0)
                is_there = await self._once(conversation_id)
                if self._news.get(conversation_id, 0) == news:
                    self._wanted.pop(conversation_id, None)
                    self._news.pop(conversation_id, None)
                    return is_there

    async def _once(self, conversation_id: str) -> bool:
        try:
            document = await self._requests.call("GET", f"/v1/conversations/{conversation_id}")
        except ApiError as error:
            if error.status != _NOT_FOUND:
                raise Later(str(error)) from error
            # It is gone, or not the user's any more.
            await self._disk.run(self._store.remove, conversation_id)
            self._events.tell(ConversationsChanged((conversation_id,)))
            return False
        if await self._disk.run(self._store.put_document, document) and self.syncing is not None:
            self.syncing.want([conversation_id])
        self._events.tell(ConversationsChanged((conversation_id,)))
        return True
