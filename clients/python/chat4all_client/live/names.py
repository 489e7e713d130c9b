"""Users as others see them: kept, and asked for many at a time."""

import asyncio
from collections.abc import Iterable
from typing import Any

from chat4all_client.errors import ApiError
from chat4all_client.live.bell import Bell
from chat4all_client.live.disk import Disk
from chat4all_client.live.events import Events, UsersChanged
from chat4all_client.live.outcomes import Later
from chat4all_client.live.requests import Requests
from chat4all_client.live.store import Store

Json = dict[str, Any]
_AT_ONCE = 100
_TOGETHER_S = 0.05
_AGAIN_S = 5.0


class Names:
    """`run` in a task."""

    def __init__(self, store: Store, disk: Disk, requests: Requests, events: Events) -> None:
        self._store = store
        self._disk = disk
        self._requests = requests
        self._events = events
        self._wanted: dict[str, None] = {}
        self._fresh: set[str] = set()
        """Asked for by this process."""
        self._bell = Bell()

    async def of(self, user_ids: Iterable[str]) -> dict[str, Json]:
        """Those that are known; the others are asked for, and told by `UsersChanged`. What is old is asked for once."""
        wanted = list(dict.fromkeys(user_ids))
        missing = [user_id for user_id in wanted if user_id not in self._fresh]
        if missing:
            self._wanted |= dict.fromkeys(missing)
            self._bell.ring()
        return await self._disk.run(self._store.held.users, wanted)

    async def run(self) -> None:
        """Ask for what is wanted."""
        while True:
            await self._bell.heard()
            await asyncio.sleep(_TOGETHER_S)
            while self._wanted:
                ids = list(self._wanted)[:_AT_ONCE]
                try:
                    found = await self._requests.call("GET", f"/v1/users?ids={','.join(ids)}")
                except Later as later:
                    await asyncio.sleep(max(_AGAIN_S, later.wait_s))
                    continue
                except ApiError:
                    found = {"items": []}
                for user_id in ids:
                    self._wanted.pop(user_id, None)
                self._fresh.update(ids)
                await self._disk.run(self._store.put_users, found["items"])
                if found["items"]:
                    self._events.tell(UsersChanged(tuple(str(user["id"]) for user in found["items"])))
