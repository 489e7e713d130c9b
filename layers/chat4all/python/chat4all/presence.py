"""Presence: who is online and when they were last, for those who share a conversation with them (docs/decisions/0035).

It is judged from signs of life when somebody asks (domain.presence). What contacts are told at once is best effort: whoever
writes a sign of life or an end judges what it has become of, and tells it unless somebody has written since, who then does.
"""

import time
from collections.abc import Callable, Sequence
from math import ceil
from typing import Any

from pynamodb.exceptions import PynamoDBException
from pynamodb.expressions.update import Action

from chat4all.client_events import presence_updated
from chat4all.clock import now_ms, rfc3339
from chat4all.connections import signs_of
from chat4all.domain.presence import NOBODY, TOLD_MS, is_news, online_until
from chat4all.errors import NotFound, Unavailable
from chat4all.kafka.events import Event
from chat4all.kafka.publisher import Publisher, PublishFailed
from chat4all.logs import logger
from chat4all.shared_conversations import meet
from chat4all.stores.members import Member
from chat4all.stores.presence import Presence
from chat4all.stores.table import update_if

CONTACTS_MAX = 100
"""So many are told of somebody's coming and going; whoever has more private conversations is asked for by the others."""
_KEPT_S = 20.0
"""So long this environment believes what it has read of a member of a group: less than from one heartbeat to the next."""
_KNOWN = 10_000
_ATTEMPTS = 5


class Presences:
    """Shows presence, and tells of it."""

    def __init__(self, publisher: Publisher, clock: Callable[[], float] = time.monotonic) -> None:
        self._publisher = publisher
        self._clock = clock
        self._known: dict[str, tuple[float, Presence]] = {}

    def of(self, user_id: str, caller_id: str) -> dict[str, Any]:
        """{user_id, status, version, last_seen_at?, expires_in?}; one's own as it is, whoever may see it.

        Raises:
            NotFound: the two share no conversation.
        """
        if user_id != caller_id and not meet(caller_id, user_id):
            raise NotFound("No such user")
        found = next(iter(Presence.batch_get([user_id], consistent_read=True)), None) or Presence(user_id)
        return _document(found, now_ms(), is_own=user_id == caller_id)

    def of_members(self, conversation_id: str, caller_id: str) -> list[dict[str, Any]]:
        """Of each other member of a conversation who can sign in, as `of` has it, but up to _KEPT_S old.

        Costs 1 read unit for each 13 members, and half a unit for each whom this environment has not looked at lately.

        Raises:
            NotFound: the caller is no member.
        """
        members = list(Member.query(conversation_id, consistent_read=True))
        if not any(member.user_id == caller_id for member in members):
            raise NotFound("No such conversation")
        others = [member.user_id for member in members if member.in_app and member.user_id != caller_id]
        now = now_ms()
        return [_document(found, now) for found in self._looked_at(others)]

    def tell(self, present: Presence | None) -> None:
        """Tell contacts what has become of `present` (as a write returned it) where what they were told no longer holds.

        Costs nothing where it is no news; else 1 write unit, the look for the contacts (half a read unit for each 40) and a
        record. Never raises for what is only not told.
        """
        if present is None or present.visibility == NOBODY:
            return
        now = now_ms()
        if not is_news(online_until(signs_of(present)) > now, int(present.told_until or 0), now):
            return
        try:
            self._tell_now(present, now)
        except (Unavailable, PynamoDBException, PublishFailed) as error:
            _log_not_told(present.user_id, error)

    def shown_otherwise(self, user_id: str) -> None:
        """Tell contacts what they see from now on, after a change of the visibility."""
        try:
            for _ in range(_ATTEMPTS):
                if self._tell_now(Presence.get(user_id, consistent_read=True), now_ms()):
                    return
        except (Unavailable, PynamoDBException, PublishFailed, Presence.DoesNotExist) as error:
            _log_not_told(user_id, error)

    def _tell_now(self, present: Presence, now: int) -> bool:
        """False where somebody has written since, who tells what is true now."""
        shown = _document(present, now)
        is_online, told_before = shown["status"] == "online", int(present.told_until or 0)
        actions: list[Action] = [Presence.told_until.set(now + TOLD_MS if is_online else 0), Presence.version.add(1)]
        same = Presence.version == present.version
        if not update_if(present, actions, same, "DynamoDB does not answer"):
            return False
        shown = _document(present, now)
        if is_online:
            shown["expires_in"] = TOLD_MS // 1000
        contacts = _contacts(present.user_id)
        if contacts:
            self._publish(presence_updated(present.user_id, contacts, shown, now), present, told_before)
        return True

    def _publish(self, event: Event, present: Presence, told_before: int) -> None:
        """Where Kafka does not answer contacts believe what they did, and the next sign of life tells them."""
        try:
            self._publisher.publish([event])
        except PublishFailed:
            actions: list[Action] = [Presence.told_until.set(told_before), Presence.version.add(1)]
            update_if(present, actions, Presence.version == present.version, "DynamoDB does not answer")
            raise

    def _looked_at(self, user_ids: Sequence[str]) -> list[Presence]:
        oldest = self._clock() - _KEPT_S
        wanted = [u for u in user_ids if u not in self._known or self._known[u][0] < oldest]
        read = {found.user_id: found for found in Presence.batch_get(wanted)} if wanted else {}
        for user_id in wanted:
            self._known.pop(user_id, None)
            self._known[user_id] = (self._clock(), read.get(user_id) or Presence(user_id))
        answer = [self._known[user_id][1] for user_id in user_ids]
        while len(self._known) > _KNOWN:
            self._known.pop(next(iter(self._known)))
        return answer


def _document(present: Presence, now: int, *, is_own: bool = False) -> dict[str, Any]:
    """What may be seen of a user. Whoever hides is online and was last seen for nobody but themselves."""
    if present.visibility == NOBODY and not is_own:
        return {"user_id": present.user_id, "status": "hidden", "version": int(present.hidden_version or 0)}
    shown: dict[str, Any] = {"user_id": present.user_id, "status": "offline", "version": int(present.version or 0)}
    left_ms = online_until(signs_of(present)) - now
    if present.last_seen_at is not None:
        shown["last_seen_at"] = rfc3339(int(present.last_seen_at))
    if left_ms > 0:
        shown |= {"status": "online", "expires_in": ceil(left_ms / 1000)}
    return shown


def _log_not_told(user_id: str, error: Exception) -> None:
    logger.warning("presence not told", user_id=user_id, cause=f"{type(error).__name__}: {error}")


def _contacts(user_id: str) -> set[str]:
    """Those who have a private conversation with the user, at most CONTACTS_MAX."""
    return {member.user_id for member in Member.by_partner.query(user_id, limit=CONTACTS_MAX)}
