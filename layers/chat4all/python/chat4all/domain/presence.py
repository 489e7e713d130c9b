"""Who is online: a rule over signs of life, whose end nobody needs to report."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Visibility = Literal["contacts", "nobody"]
"""Who sees a user's presence: those who share a conversation with them, or nobody."""
EVERYBODY_THERE: Visibility = "contacts"
NOBODY: Visibility = "nobody"

INTERVAL_S = 30
"""How often a client sends a heartbeat."""
HOLDS_MS = 90_000
"""So long a sign of life holds: two heartbeats may be lost on the way."""
TOLD_MS = 300_000
"""So long what contacts were told holds: a closing is told, and only one that is lost leaves them wrong for so long."""
TELL_AGAIN_MS = 60_000
"""Contacts are told again at the first heartbeat within so much of the end of what they were told: one a heartbeat would cost
each of them a push every 30 s, for what changes nothing."""


@dataclass(frozen=True, slots=True)
class Sign:
    """The last sign of life of a connection, or of an app without one. Times are milliseconds since 1970."""

    at: int
    until: int | None = None
    """When the token ends on which the connection stands; None where it is not known."""

    @property
    def holds_until(self) -> int:
        """The moment from which it says nothing any more."""
        return self.at + HOLDS_MS if self.until is None else min(self.at + HOLDS_MS, self.until)


def online_until(signs: Iterable[Sign]) -> int:
    """Until when (ms since 1970) a user with these signs of life is online; 0 where there are none."""
    return max((sign.holds_until for sign in signs), default=0)


def is_news(is_online: bool, told_until: int, now: int) -> bool:
    """Whether contacts must be told, who were last told that the user is online until `told_until` (0: that they are not)."""
    return told_until - now < TELL_AGAIN_MS if is_online else told_until > now
