"""Reactions: each is an entry of the conversation's sequence, as edits are (docs/decisions/0022), with the same steps.

An entry says all emojis of its user on the message from then on, and is made from the user's ones before: so one user's
reactions are in order, and of two devices at once the slower looks again and adds to what the faster did.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from chat4all import admission
from chat4all.change_entries import write_change
from chat4all.config import Settings
from chat4all.domain.changes import REACT
from chat4all.domain.emoji import checked_emoji
from chat4all.domain.reactions import UserReactions, changed, check_limits
from chat4all.domain.roles import Role, may_send
from chat4all.errors import Conflict, Forbidden, Unavailable
from chat4all.kafka.publisher import Publisher
from chat4all.message_claims import Found, find
from chat4all.message_events import reactions_view
from chat4all.rate_limits import RateLimiter

_ATTEMPTS = 5

Wanted = Callable[[Sequence[str]], Sequence[str]]
"""From the user's emojis as they are to those they shall be."""


@dataclass(frozen=True, slots=True)
class React:
    """Command: put a reaction to a message, or take it away."""

    user_id: str
    message_id: str
    emoji: str
    remove: bool = False


class Reactions:
    """Changes reactions. For a text under 1 KB 5 write units (limit, number, entry and its index, message), as an edit."""

    def __init__(self, settings: Settings, publisher: Publisher, limiter: RateLimiter) -> None:
        self._settings = settings
        self._publisher = publisher
        self._limiter = limiter

    def react(self, command: React) -> dict[str, Any]:
        """Put or take away one emoji; what is so already changes nothing and answers the same.

        Returns:
            message_events.reactions_view.

        Raises:
            NotFound: no such message, or not a member. Forbidden: a reader. RateLimited, Unavailable.
            Invalid: not one emoji. Conflict: `message_deleted`, `too_many_reactions`.
        """
        emoji = checked_emoji(command.emoji)
        return self._change(
            command.user_id,
            lambda: find(command.user_id, command.message_id),
            lambda own: changed(own, emoji, remove=command.remove),
        )

    def replace(self, user_id: str, look: Callable[[], Found], emojis: Sequence[str]) -> dict[str, Any]:
        """Have the user's reactions be exactly `emojis`, as a channel says; not limited. Raises as `react`."""
        wanted = tuple(dict.fromkeys(checked_emoji(emoji) for emoji in emojis))
        return self._change(user_id, look, lambda _: wanted, limited=False)

    def _change(
        self, user_id: str, look: Callable[[], Found], wanted: Wanted, *, limited: bool = True
    ) -> dict[str, Any]:
        begun = not limited
        for _ in range(_ATTEMPTS):
            found = look()
            users = found.message.reactions_of_users()
            own = users.get(user_id, UserReactions()).emojis
            emojis = tuple(wanted(own))
            _check_may_react(found)
            if set(emojis) == set(own):
                return reactions_view(found.message)
            if found.message.deleted_at is not None:
                raise Conflict("The message was deleted", code="message_deleted")
            check_limits(users, user_id, emojis)
            if not begun:
                # A reaction counts as a send: it costs as much, and everybody is told.
                self._limiter.take(f"send:{user_id}", self._settings.sends_per_second, self._settings.send_burst)
                begun = True
            admission.commit()
            message = write_change(
                self._publisher, self._settings.outbox_shards, found.message, user_id, REACT, list(emojis)
            )
            if message is not None:  # else the user's other device was faster
                return reactions_view(message)
        raise Unavailable("Others are changing these reactions; nothing was changed. Try again.")


def _check_may_react(found: Found) -> None:
    if not may_send(Role(found.member.role)):
        raise Forbidden("Readers cannot react in this conversation", code="reader")
