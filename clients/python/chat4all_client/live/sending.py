"""Sends what is in the outbox: one after the other in each conversation, each until it is answered."""

import asyncio

from chat4all_client.backoff import delay_s
from chat4all_client.errors import ApiError
from chat4all_client.live.bell import Bell
from chat4all_client.live.disk import Disk
from chat4all_client.live.events import ConversationsChanged, Events, MessagesChanged
from chat4all_client.live.outbox import Unsent
from chat4all_client.live.outcomes import Later
from chat4all_client.live.requests import Requests
from chat4all_client.live.settings import LiveSettings
from chat4all_client.live.store import Store


class Sending:
    """`run` in a task."""

    def __init__(self, store: Store, disk: Disk, requests: Requests, events: Events, settings: LiveSettings) -> None:
        self._store = store
        self._disk = disk
        self._requests = requests
        self._events = events
        self._settings = settings
        self._bell = Bell()
        self._hope: dict[str, Bell] = {}
        """Of each conversation that is being sent in: rung when a try may succeed again."""

    def wake(self) -> None:
        """Something is to be sent, or there is a connection again."""
        self._bell.ring()
        for bell in self._hope.values():
            bell.ring()

    async def run(self) -> None:
        """Send whatever is waiting, and what will be."""
        async with asyncio.TaskGroup() as at_once:
            while True:
                for conversation_id in await self._disk.run(self._store.outbox.waiting):
                    if conversation_id not in self._hope:
                        self._hope[conversation_id] = Bell()
                        at_once.create_task(self._in_order(conversation_id))
                await self._bell.heard()

    async def _in_order(self, conversation_id: str) -> None:
        tries = 0
        try:
            while (unsent := await self._disk.run(self._store.outbox.next, conversation_id)) is not None:
                try:
                    await self._once(unsent)
                    tries = 0
                except Later as later:
                    tries += 1
                    await asyncio.sleep(later.wait_s)
                    await self._hope[conversation_id].heard(delay_s(tries, 0, self._settings.chance))
        finally:
            del self._hope[conversation_id]
        self._bell.ring()  # something may have been written in between

    async def _once(self, unsent: Unsent) -> None:
        """One try; raises Later."""
        try:
            answer = await self._requests.ask("send", unsent.body)
        except ApiError as error:
            why = {"status": error.status, "code": error.code, "detail": error.detail}
            await self._disk.run(self._store.failed, unsent.message_id, why)
        else:
            await self._disk.run(self._store.accepted, unsent.message_id, int(answer["seq"]), str(answer["created_at"]))
        self._events.tell(MessagesChanged(unsent.conversation_id, {}, (unsent.message_id,)))
        self._events.tell(ConversationsChanged((unsent.conversation_id,)))
