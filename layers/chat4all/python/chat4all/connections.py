"""Connections: which WebSockets each user has open. The end of one is reported with best effort, so age is checked here."""

from collections.abc import Iterable, Sequence
from typing import Any

from pynamodb.expressions.condition import Condition, size
from pynamodb.expressions.update import Action

from chat4all.clock import now_ms
from chat4all.errors import RateLimited, Unavailable
from chat4all.stores.presence import Presence
from chat4all.stores.table import update_if

MAX_AGE_MS = (2 * 3600 + 5 * 60) * 1000
"""API Gateway closes a WebSocket after 2 h (quotas of WebSocket APIs); five minutes for what is on its way."""
OPENING_MS = 60 * 1000
"""So long a connection may be registered and not open yet: `$connect` may run 29 s, and clocks differ."""
CONNECTIONS_MAX = 100
"""Open WebSockets of one user, all devices and tabs: each gets each message, and who opens thousands holds up everybody's."""


class Connections:
    """Open WebSockets by user."""

    def opened(self, user_id: str, connection_id: str, session_id: str | None = None) -> None:
        """Register a connection of a session; raises RateLimited where there are CONNECTIONS_MAX already, Unavailable."""
        now = now_ms()
        present = Presence(user_id)
        entry = {"at": now} | ({"session": session_id} if session_id else {})
        into_map: list[Action] = [Presence.connections[connection_id].set(entry), Presence.last_seen_at.set(now)]
        first: list[Action] = [Presence.connections.set({connection_id: entry}), Presence.last_seen_at.set(now)]
        open_now = size(Presence.connections)
        for _ in range(3):
            if _update(present, into_map, open_now < CONNECTIONS_MAX):
                return
            if _update(present, first, Presence.connections.does_not_exist()):
                return
            _make_room(user_id, now - MAX_AGE_MS)
        raise Unavailable("The connection could not be registered")

    def closed(self, user_id: str, connection_id: str) -> None:
        """Forget a connection that has ended, and remember when."""
        now = now_ms()
        actions: list[Action] = [Presence.connections[connection_id].remove(), Presence.last_seen_at.set(now)]
        _update(Presence(user_id), actions, Presence.connections.exists())

    def forget(self, user_id: str, connection_id: str) -> None:
        """Forget a connection."""
        _update(Presence(user_id), [Presence.connections[connection_id].remove()], Presence.connections.exists())

    def found_gone(self, user_id: str, connection_id: str) -> None:
        """Forget a connection of which @connections says 410, but for a new one: API Gateway says so until it is open.

        What was not pushed to a connection that is only opening, its client gets by the sync that it begins with.
        """
        entry = Presence.connections[connection_id]
        is_new = entry["at"] > now_ms() - OPENING_MS
        _update(Presence(user_id), [entry.remove()], Presence.connections.exists() & ~is_new)

    def seen(self, user_id: str, connection_id: str) -> int:
        """A sign of life; the time in milliseconds. A connection that was forgotten by mistake is known again."""
        now = now_ms()
        alive = Presence.connections[connection_id].exists()
        if not _update(Presence(user_id), [Presence.last_seen_at.set(now)], alive):
            self.opened(user_id, connection_id)
        return now

    def sessions_of(self, user_id: str) -> dict[str, str | None]:
        """The session of each connection of a user that may be open; None where it is not known."""
        try:
            present = Presence.get(user_id, consistent_read=True)
        except Presence.DoesNotExist:
            return {}
        return {name: entry.get("session") for name, entry in _entries(present).items()}

    def of(self, user_ids: Iterable[str]) -> dict[str, Sequence[str]]:
        """Open connections of each user who has any: one read for up to 100 users."""
        oldest = now_ms() - MAX_AGE_MS
        found: dict[str, Sequence[str]] = {}
        keys = list(user_ids)
        if not keys:
            return found
        for present in Presence.batch_get(keys, consistent_read=True):
            ids = [i for i, entry in _entries(present).items() if entry["at"] >= oldest]
            if ids:
                found[present.user_id] = ids
        return found


def _make_room(user_id: str, oldest: int) -> None:
    """Forget what was opened before `oldest`, and so is closed; raises RateLimited where all may be open."""
    try:
        entries = _entries(Presence.get(user_id, consistent_read=True))
    except Presence.DoesNotExist:
        return
    closed = [name for name, entry in entries.items() if entry["at"] < oldest]
    if closed:
        forgotten: list[Action] = [Presence.connections[name].remove() for name in closed]
        _update(Presence(user_id), forgotten, Presence.connections.exists())
    elif len(entries) >= CONNECTIONS_MAX:
        detail = f"At most {CONNECTIONS_MAX} open connections"
        raise RateLimited(detail, retry_after_s=60, limit=CONNECTIONS_MAX, window_s=MAX_AGE_MS / 1000)


def _entries(present: Presence) -> dict[str, dict[str, Any]]:
    found = present.connections.as_dict() if present.connections else {}
    return {name: entry if isinstance(entry, dict) else {"at": entry} for name, entry in found.items()}


def _update(present: Presence, actions: list[Action], condition: Condition) -> bool:
    return update_if(present, actions, condition, "DynamoDB does not answer")
