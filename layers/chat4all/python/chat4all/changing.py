"""Changing what was said: edits and unsends, each written once as an entry of the conversation's sequence and applied once.

The steps and what a death after each leaves:

1. number taken: a hole, later void. Nothing has changed.
2. entry written: durable, not yet answered. The sweeper wakes the router, which applies it (step 3) if nobody has.
3. message changed, where it still stands at the revision that the entry was made from (domain.changes): it can be answered.
4. published: the router tells it after the message itself, in the order of revisions, because both are in one sequence.
"""

from dataclasses import dataclass
from typing import Any

from chat4all import admission
from chat4all.applied_changes import revision_of
from chat4all.change_entries import write_change
from chat4all.config import Settings
from chat4all.domain.changes import DELETE, EDIT
from chat4all.domain.message import checked_content
from chat4all.domain.roles import Role, may_manage, may_send
from chat4all.errors import Conflict, Forbidden, Unavailable
from chat4all.kafka.publisher import Publisher
from chat4all.message_claims import Found, find
from chat4all.message_events import view
from chat4all.rate_limits import RateLimiter
from chat4all.stores.messages import Message

_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Edit:
    """Command: let a message say something else."""

    user_id: str
    message_id: str
    content: Any
    revision: int | None = None
    """The revision that the caller has seen; None: whichever stands."""


@dataclass(frozen=True, slots=True)
class Unsend:
    """Command: take a message back, for everybody."""

    user_id: str
    message_id: str


class Changing:
    """Changes messages. For a text under 1 KB 5 write units (limit, number, entry and its index, message) and 3 read units."""

    def __init__(self, settings: Settings, publisher: Publisher, limiter: RateLimiter) -> None:
        self._settings = settings
        self._publisher = publisher
        self._limiter = limiter

    def edit(self, command: Edit, *, limited: bool = True) -> dict[str, Any]:
        """Give a message other content; the same content again changes nothing and answers the same.

        Returns:
            The message (message_events.view).

        Raises:
            NotFound: no such message, or not a member. Forbidden: not the sender's own, or a reader.
            Invalid, RateLimited, Unavailable.
            Conflict: `message_deleted`; `edited_meanwhile`: it is not at the revision that the caller, or this call, has seen.
        """

        def change(found: Found) -> Any:
            _check_own(found)
            content = checked_content(found.message.type, command.content)
            if found.message.content == content:
                return None
            if command.revision is not None and command.revision != revision_of(found.message):
                raise _edited_meanwhile(found.message)
            return content

        found = find(command.user_id, command.message_id)
        content = change(found)
        if content is None:
            return view(found.message)
        self._begin(command.user_id, limited=limited)
        changed = self._write(found, EDIT, content)
        if changed is None:  # somebody was faster; who wanted the same, has it
            found = find(command.user_id, command.message_id)
            if change(found) is not None:
                raise _edited_meanwhile(found.message)
            changed = found.message
        return view(changed)

    def unsend(self, command: Unsend, *, limited: bool = True) -> dict[str, Any]:
        """Delete a message, for everybody: what it said is erased, its place remains. Again answers the same.

        Returns:
            The message (message_events.view), with deleted_at.

        Raises:
            NotFound: no such message, or not a member. Forbidden: neither the sender, nor an owner or admin.
            RateLimited, Unavailable.
        """
        begun = False
        for _ in range(_ATTEMPTS):
            found = find(command.user_id, command.message_id)
            _check_may_unsend(found)
            if found.message.deleted_at is not None:
                return view(found.message)
            if not begun:
                self._begin(command.user_id, limited=limited)
                begun = True
            changed = self._write(found, DELETE, None)
            if changed is not None:
                return view(changed)
        raise Unavailable("Others are changing this message; nothing was deleted. Try again.")

    def _begin(self, user_id: str, *, limited: bool) -> None:
        """A change counts as a send: it costs as much, and everybody is told. What a channel tells is limited by its account."""
        if limited:
            self._limiter.take(f"send:{user_id}", self._settings.sends_per_second, self._settings.send_burst)
        admission.commit()

    def _write(self, found: Found, kind: str, content: Any) -> Message | None:
        shards = self._settings.outbox_shards
        return write_change(self._publisher, shards, found.message, found.member.user_id, kind, content)


def _check_own(found: Found) -> None:
    if not found.member.is_self(found.message.sender_id):
        raise Forbidden("Only the sender edits a message", code="not_the_sender")
    if not may_send(Role(found.member.role)):
        raise Forbidden("Readers cannot edit in this conversation", code="reader")
    if found.message.deleted_at is not None:
        raise Conflict("The message was deleted", code="message_deleted")


def _check_may_unsend(found: Found) -> None:
    own = found.member.is_self(found.message.sender_id)
    if not own and not may_manage(Role(found.member.role)):
        raise Forbidden("Only the sender, owners and admins delete a message", code="not_the_sender")


def _edited_meanwhile(message: Message) -> Conflict:
    return Conflict(f"The message is at revision {revision_of(message)} by now; look again", code="edited_meanwhile")
