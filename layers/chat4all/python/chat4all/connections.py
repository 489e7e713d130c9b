"""Connections: which WebSockets each user has open. The end of one is reported with best effort, so age is checked here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pynamodb.expressions.condition import Condition, size
from pynamodb.expressions.update import Action

from chat4all.clock import now_ms
from chat4all.domain.presence import NOBODY, Sign, online_until
from chat4all.errors import RateLimited, Unauthenticated, Unavailable
from chat4all.stores.presence import Presence
from chat4all.stores.table import update_if
from chat4all.websocket.caller import Caller

MAX_AGE_MS = (2 * 3600 + 5 * 60) * 1000
"""API Gateway closes a WebSocket after 2 h (quotas of WebSocket APIs); five minutes for what is on its way."""
OPENING_MS = 60 * 1000
"""So long a connection may be registered and not open yet: `$connect` may run 29 s, and clocks differ."""
CONNECTIONS_MAX = 100
"""Open WebSockets of one user, all devices and tabs: each gets each message, and who opens thousands holds up everybody's."""
_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class OpenConnection:
    """A WebSocket that is open, as far as is known."""

    id: str
    is_expired: bool
    """Its token has ended: nothing is pushed to it, but why it is closed (SessionEnds.expire)."""
    takes_batches: bool = False


@dataclass(frozen=True, slots=True)
class Online:
    """Users who are online."""

    ids: frozenset[str] = frozenset()
    """All: for what nobody is shown."""
    shown: frozenset[str] = frozenset()
    """But those who hide: for what others decide, or are told."""


class Connections:
    """Open WebSockets by user. What writes a sign of life, or an end, returns the presence as it is then."""

    def __init__(self) -> None:
        self._renewed: dict[str, int] = {}
        """Until when connections are good that were renewed, as this environment has seen it; it only rises."""

    def opened(
        self,
        user_id: str,
        connection_id: str,
        session_id: str | None = None,
        until: int | None = None,
        *,
        takes_batches: bool = False,
    ) -> Presence:
        """Register a connection of a session, whose token is good `until` (ms since 1970).

        Raises:
            RateLimited: there are CONNECTIONS_MAX already that have given a sign of life lately. Unavailable.
        """
        now = now_ms()
        present = Presence(user_id)
        entry: dict[str, Any] = {"at": now, "seen": now}
        entry |= ({"session": session_id} if session_id else {}) | ({"until": until} if until is not None else {})
        entry |= {"batches": 1} if takes_batches else {}
        into_map: list[Action] = [Presence.connections[connection_id].set(entry), *_sign_of_life(now)]
        first: list[Action] = [Presence.connections.set({connection_id: entry}), *_sign_of_life(now)]
        has_room, is_there = size(Presence.connections) < CONNECTIONS_MAX, Presence.deleted_at.does_not_exist()
        for _ in range(3):
            if _update(present, into_map, has_room & is_there):
                return present
            if _update(present, first, Presence.connections.does_not_exist() & is_there):
                return present
            _make_room(user_id, now)
        raise Unavailable("The connection could not be registered")

    def closed(self, user_id: str, connection_id: str) -> Presence | None:
        """Forget a connection that has ended; None for a user who never had any.

        It is no sign of life: API Gateway reports the end of what it has not heard of for 10 minutes, too.
        """
        present = Presence(user_id)
        actions: list[Action] = [Presence.connections[connection_id].remove(), Presence.version.add(1)]
        return present if _update(present, actions, Presence.connections.exists()) else None

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

    def seen(self, user_id: str, connection_id: str) -> Presence | None:
        """A sign of life of a connection; None where it is not known."""
        now = now_ms()
        entry = Presence.connections[connection_id]
        present = Presence(user_id)
        return present if _update(present, [entry["seen"].set(now), *_sign_of_life(now)], entry.exists()) else None

    def renewed(self, user_id: str, connection_id: str, session_id: str | None, until: int) -> Presence | None:
        """A sign of life of a connection, which stands on another token of its user from now on; None where it is not known.

        A token that ends no later than the one before changes nothing: of two heartbeats at once the longer one stays.
        """
        now = now_ms()
        entry = Presence.connections[connection_id]
        is_longer = entry["until"].does_not_exist() | (entry["until"] < until)
        session = entry["session"].set(session_id) if session_id else entry["session"].remove()
        actions: list[Action] = [entry["seen"].set(now), entry["until"].set(until), session, *_sign_of_life(now)]
        present = Presence(user_id)
        if not _update(present, actions, entry.exists() & is_longer):
            return self.seen(user_id, connection_id)
        self._remember(connection_id, until)
        return present

    def beaten(self, user_id: str) -> Presence:
        """A sign of life of an app without a connection; raises Unauthenticated: the account is gone. Unavailable."""
        now = now_ms()
        present = Presence(user_id)
        if not _update(present, [Presence.beat_at.set(now), *_sign_of_life(now)], Presence.deleted_at.does_not_exist()):
            raise Unauthenticated("The account of this token is gone", code="account_deleted")
        return present

    def good_until(self, caller: Caller) -> int:
        """Until when (ms since 1970) the token of a connection is good.

        Nothing is read while the one is good that it was opened with, or a later one that this environment knows of; then 1 unit.
        """
        known = max(caller.expires_at, self._renewed.get(caller.connection_id, 0))
        if known <= now_ms():
            entry = _entries_of(caller.user_id).get(caller.connection_id, {})
            known = max(known, int(entry.get("until", 0)))
            self._remember(caller.connection_id, known)
        return known

    def sessions_of(self, user_id: str) -> dict[str, str | None]:
        """The session of each connection of a user that may be open; None where it is not known."""
        return {name: entry.get("session") for name, entry in _entries_of(user_id).items()}

    def open_of(self, user_ids: Iterable[str]) -> dict[str, Sequence[OpenConnection]]:
        """Open connections of each user who has any, also expired ones, which are to be closed: one read for up to 100 users."""
        now = now_ms()
        found: dict[str, Sequence[OpenConnection]] = {}
        for present in _read(user_ids):
            entries = entries_of(present)
            ids = [i for i, entry in entries.items() if entry["at"] >= now - MAX_AGE_MS]
            if ids:
                found[present.user_id] = [
                    OpenConnection(i, is_expired(entries[i], now), "batches" in entries[i]) for i in ids
                ]
        return found

    def online(self, user_ids: Iterable[str]) -> Online:
        """Those who are online: one read for up to 100 users."""
        now = now_ms()
        found = [present for present in _read(user_ids) if online_until(signs_of(present)) > now]
        shown = frozenset(present.user_id for present in found if present.visibility != NOBODY)
        return Online(frozenset(present.user_id for present in found), shown)

    def _remember(self, connection_id: str, until: int) -> None:
        self._renewed[connection_id] = max(until, self._renewed.pop(connection_id, 0))
        if len(self._renewed) > _REMEMBERED:
            self._renewed.pop(next(iter(self._renewed)))


def entries_of(present: Presence) -> dict[str, dict[str, Any]]:
    """What is known of each connection, by its id."""
    return present.connections.as_dict() if present.connections else {}


def signs_of(present: Presence) -> list[Sign]:
    """Of each connection, and of apps without one."""
    signs = [_sign(entry) for entry in entries_of(present).values()]
    return signs if present.beat_at is None else [*signs, Sign(int(present.beat_at))]


def is_expired(entry: Mapping[str, Any], now: int) -> bool:
    """Whether the token of a connection has ended."""
    return "until" in entry and entry["until"] <= now


def _sign(entry: Mapping[str, Any]) -> Sign:
    until = entry.get("until")
    return Sign(int(entry.get("seen", entry["at"])), int(until) if until is not None else None)


def _sign_of_life(now: int) -> list[Action]:
    return [Presence.last_seen_at.set(now), Presence.version.add(1)]


def _read(user_ids: Iterable[str]) -> Iterable[Presence]:
    keys = list(user_ids)
    return Presence.batch_get(keys, consistent_read=True) if keys else ()


def _entries_of(user_id: str) -> dict[str, dict[str, Any]]:
    try:
        return entries_of(Presence.get(user_id, consistent_read=True))
    except Presence.DoesNotExist:
        return {}


def _make_room(user_id: str, now: int) -> None:
    """Forget what is closed, is to be, or is silent as the dead are; raises RateLimited where all are in use.

    The end of what has died is not always reported. One that is silent and lives is known again, and told to sync, with its next
    heartbeat (heartbeats.py), so that nothing is lost.
    """
    entries = _entries_of(user_id)
    over = [
        name for name, entry in entries.items() if entry["at"] < now - MAX_AGE_MS or _sign(entry).holds_until <= now
    ]
    if over:
        forgotten: list[Action] = [Presence.connections[name].remove() for name in over]
        _update(Presence(user_id), forgotten, Presence.connections.exists())
    elif len(entries) >= CONNECTIONS_MAX:
        detail = f"At most {CONNECTIONS_MAX} open connections"
        raise RateLimited(detail, retry_after_s=60, limit=CONNECTIONS_MAX, window_s=MAX_AGE_MS / 1000)


def _update(present: Presence, actions: list[Action], condition: Condition) -> bool:
    return update_if(present, actions, condition, "DynamoDB does not answer")
