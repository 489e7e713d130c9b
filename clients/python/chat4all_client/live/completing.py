"""Reads messages that were too large for a frame: it says of them only that they are there (`truncated`)."""

from collections.abc import Callable

from chat4all_client.backoff import delay_s
from chat4all_client.errors import ApiError
from chat4all_client.live.applying import Applied
from chat4all_client.live.bell import Bell
from chat4all_client.live.disk import Disk
from chat4all_client.live.outcomes import Later
from chat4all_client.live.requests import Requests
from chat4all_client.live.settings import LiveSettings
from chat4all_client.live.store import Store

_NOT_FOUND = 404


class Completing:
    """`run` in a task. What is not read when the process ends is read by the next one: the store knows of it."""

    def __init__(
        self, store: Store, disk: Disk, requests: Requests, on_done: Callable[[Applied], None], settings: LiveSettings
    ) -> None:
        self._store = store
        self._disk = disk
        self._requests = requests
        self._on_done = on_done
        self._settings = settings
        self._bell = Bell()

    def want(self) -> None:
        """There is something to be read."""
        self._bell.ring()

    async def run(self) -> None:
        """Read, again and again."""
        tries = 0
        while True:
            try:
                for conversation_id, message_id in await self._disk.run(self._store.held.partial):
                    await self._read(conversation_id, message_id)
                tries = 0
                await self._bell.heard()
            except Later as later:
                tries += 1
                await self._bell.heard(delay_s(tries, later.wait_s, self._settings.chance))

    async def _read(self, conversation_id: str, message_id: str) -> None:
        try:
            message = await self._requests.call("GET", f"/v1/messages/{message_id}")
        except ApiError as error:
            if error.status != _NOT_FOUND:
                raise Later(str(error)) from error
            message = None  # the conversation is the user's no more
        self._on_done(await self._disk.run(self._store.completed, conversation_id, message_id, message))
