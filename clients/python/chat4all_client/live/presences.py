"""Who is there: as it was told last, and no longer than that holds."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

Json = dict[str, Any]


class Presences:
    """What is known of users. Best effort: what was missed is corrected by the next heartbeat."""

    def __init__(self, on_change: Callable[[tuple[str, ...]], None]) -> None:
        self._on_change = on_change
        self._known: dict[str, Json] = {}
        self._versions: dict[str, int] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}

    def heard(self, documents: Iterable[Json]) -> None:
        """Presence documents: {user_id, status, version, last_seen_at?, expires_in?}; an older one than is known says nothing."""
        changed = []
        for document in documents:
            user_id, version = str(document["user_id"]), int(document.get("version", 0))
            if version < self._versions.get(user_id, 0):
                continue
            self._versions[user_id] = version
            known: Json = {name: document[name] for name in ("status", "last_seen_at") if name in document}
            changed += [user_id] if self._known.get(user_id) != known else []
            self._known[user_id] = known
            self._cancel(user_id)
            if known.get("status") == "online" and "expires_in" in document:
                later = asyncio.get_running_loop().call_later
                self._timers[user_id] = later(float(document["expires_in"]), self._expired, user_id)
        if changed:
            self._on_change(tuple(changed))

    def of(self, user_id: str) -> Json | None:
        """{status, last_seen_at?}; None where nothing is known."""
        known = self._known.get(user_id)
        return dict(known) if known is not None else None

    def clear(self) -> None:
        """There is no connection: nothing that is known holds."""
        changed = tuple(self._known)
        for user_id in changed:
            self._cancel(user_id)
        self._known.clear()
        self._versions.clear()
        if changed:
            self._on_change(changed)

    def _expired(self, user_id: str) -> None:
        self._known[user_id] = self._known[user_id] | {"status": "offline"}
        self._on_change((user_id,))

    def _cancel(self, user_id: str) -> None:
        timer = self._timers.pop(user_id, None)
        if timer is not None:
            timer.cancel()
