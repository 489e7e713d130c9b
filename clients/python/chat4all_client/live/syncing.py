"""Gets what was missed: after each connect, and where a number is missing for a while (docs/clients.md, "Numbers")."""

import asyncio
from collections.abc import Callable, Iterable, Sequence

from chat4all_client.backoff import delay_s
from chat4all_client.live.bell import Bell
from chat4all_client.live.disk import Disk
from chat4all_client.live.frames import SyncDone
from chat4all_client.live.link import Link
from chat4all_client.live.outcomes import Later
from chat4all_client.live.settings import LiveSettings
from chat4all_client.live.store import Store

_IN_VAIN = 20
"""Syncs that a server asks to be repeated and that bring nothing."""


class Syncing:
    """One sync at a time: `everything` after a connect, then `fill_holes` as long as the connection lasts."""

    def __init__(
        self, store: Store, disk: Disk, on_missing: Callable[[Iterable[str]], None], settings: LiveSettings
    ) -> None:
        """`on_missing` is told the ids that a sync leaves out: they may be the user's no more."""
        self._store = store
        self._disk = disk
        self._on_missing = on_missing
        self._settings = settings
        self._bell = Bell()
        self._new: dict[str, None] = {}
        self._done: SyncDone | None = None
        self._is_behind = False

    def want(self, conversation_ids: Iterable[str] = ()) -> None:
        """There is a hole somewhere; or these conversations are new, and were told of before they were held."""
        self._new |= dict.fromkeys(conversation_ids)
        self._bell.ring()

    def want_everything(self) -> None:
        """Something was not told, and nobody knows what."""
        self._is_behind = True
        self._bell.ring()

    def heard(self, done: SyncDone) -> None:
        """A `sync.done` was taken. Its ack comes after it."""
        self._done = done

    async def everything(self, link: Link) -> None:
        """All that is held, brought up to date; raises Later, ApiError."""
        self._new.clear()
        self._is_behind = False
        ids = list(await self._disk.run(self._store.positions))
        size = self._settings.sync_conversations
        for start in range(0, len(ids), size):
            await self._until_done(link, ids[start : start + size])

    async def fill_holes(self, link: Link) -> None:
        """Ask for what is missing, again and again, until everything is to be asked for; raises Later, ApiError."""
        tries = 0
        while True:
            await self._bell.heard()
            if self._is_behind:
                return
            await asyncio.sleep(self._settings.hole_s if tries == 0 else delay_s(tries, 0, self._settings.chance))
            new = list(self._new)
            wanted = new + [i for i in await self._disk.run(self._store.with_holes) if i not in self._new]
            if wanted:
                await self._until_done(link, wanted[: self._settings.sync_conversations])
            for conversation_id in new:
                self._new.pop(conversation_id, None)
            tries = tries + 1 if await self._disk.run(self._store.with_holes) else 0
            if tries or self._new:
                self._bell.ring()

    async def _until_done(self, link: Link, ids: Sequence[str]) -> None:
        in_vain = 0
        while True:
            held = await self._disk.run(self._store.positions)
            asked = {conversation_id: held[conversation_id] for conversation_id in ids if conversation_id in held}
            if not asked:
                return
            done = await self._once(link, asked)
            self._on_missing(sorted(asked.keys() - done.through.keys()))
            if not done.more:
                return
            in_vain = in_vain + 1 if await self._disk.run(self._store.positions) == held else 0
            if in_vain > _IN_VAIN:
                raise Later("syncs bring nothing more, and are not done")

    async def _once(self, link: Link, asked: dict[str, int]) -> SyncDone:
        """Ask until it is answered; raises Later where the connection is of no use any more, ApiError."""
        for tries in range(1, _IN_VAIN):
            self._done = None
            try:
                await link.request("sync", {"conversations": asked}, self._settings.sync_within_s)
            except Later as later:
                if not later.wait_s:
                    raise  # what it pushes late must not be taken for the next one's
                await asyncio.sleep(delay_s(tries, later.wait_s, self._settings.chance))
                continue
            # The program may be slower than the server's code for it: done is what was heard before the ack.
            if self._done is None:
                raise Later("a sync was answered without its end")
            return self._done
        raise Later("too many syncs")
