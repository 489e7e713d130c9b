"""Status of messages: accepted, sent, delivered, read, or failed. It only rises, whatever order reports come in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

RANK: Mapping[str, int] = {"accepted": 0, "sent": 1, "delivered": 2, "read": 3}
FAILED = "failed"

CEILING: Mapping[str, str] = {
    "in_app": "read",
    "telegram": "sent",  # bots get no delivered or read receipts (Bot API)
    "whatsapp": "read",
    "messenger": "read",
    "instagram": "read",
}
"""The highest status that a channel can report."""


@dataclass(frozen=True, slots=True)
class Fate:
    """Where one delivery stands."""

    channel: str
    status: str


def rises(old: str, new: str) -> bool:
    """Whether `new` may replace `old`. Failed is final, and only what was not yet sent on can fail."""
    if old == FAILED:
        return False
    if new == FAILED:
        return RANK[old] < RANK["delivered"]
    return RANK[new] > RANK[old]


def below(new: str) -> list[str]:
    """Statuses that `new` may replace."""
    return [old for old in (*RANK, FAILED) if rises(old, new)]


def way_status(parts: Iterable[str], count: int) -> str:
    """Of one way to a recipient that takes `count` parts: the lowest of its parts, those that are not known yet being accepted.

    One part that failed fails it: the message has not come whole.
    """
    statuses = list(parts)
    if FAILED in statuses:
        return FAILED
    lowest = min(statuses, key=RANK.__getitem__, default="accepted")
    return lowest if len(statuses) >= count else "accepted"


def in_app_status(seq: int, *, routed_through: int, delivered_seq: int, read_seq: int) -> str:
    """Status for a recipient on the app, from the watermarks."""
    if read_seq >= seq:
        return "read"
    if delivered_seq >= seq:
        return "delivered"
    return "sent" if routed_through >= seq else "accepted"


def recipient_status(fates: Iterable[Fate]) -> Fate:
    """Of all ways to one recipient, the one that went furthest; failed only where every one failed."""
    best: Fate | None = None
    for fate in fates:
        if best is None or _order(fate) > _order(best):
            best = fate
    return best or Fate("in_app", "accepted")


def message_status(recipients: Iterable[Fate]) -> str:
    """The lowest over the recipients that can still rise; where none can, the highest that was reached.

    A channel that reports no more than `sent` so does not hold back what others have read.
    """
    reached: list[str] = []
    waiting: list[str] = []
    failed = False
    for fate in recipients:
        if fate.status == FAILED:
            failed = True
        elif fate.status == CEILING.get(fate.channel, "read"):
            reached.append(fate.status)
        else:
            waiting.append(fate.status)
    if waiting:
        return min(waiting, key=RANK.__getitem__)
    if reached:
        return max(reached, key=RANK.__getitem__)
    return FAILED if failed else "sent"


def has_reached(channel: str, status: str) -> bool:
    """Whether the recipient has it, as far as the channel tells: delivered or read, or sent where it reports no more."""
    return status in ("delivered", "read") or status == CEILING.get(channel, "read")


def _order(fate: Fate) -> int:
    return -1 if fate.status == FAILED else RANK[fate.status]
