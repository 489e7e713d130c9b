"""How long a file is kept (docs/decisions/0032): as long as a message shows it, and a while longer to be sent again."""

from dataclasses import dataclass

DAY_MS = 86_400_000
LOOK_EVERY_MS = 7 * DAY_MS
"""So late at most it is noticed that no message shows a file any more: an unsend writes nothing of it down, so that it costs
and fails no more than that of a text."""
FIRST_LOOK_MS = DAY_MS
"""After a file has begun: then most have been sent."""
SETTLED_MS = 120_000
"""After a file was taken for unused it is looked at once more: whoever had found it before and was about to send it is done by
then, as no function that sends messages runs for longer than 30 s."""

OWNER, UNUSED, AGE, ABANDONED = "owner", "unused", "age", "abandoned"
"""Why a file is removed: its owner has asked for it; no message shows it; files are kept for so many days and no longer; its
upload was never completed."""


@dataclass(frozen=True, slots=True)
class KeepingRules:
    """What a deployment decides; 0 days: never for this reason."""

    unused_days: int = 30
    """How long a file is kept that no message shows."""
    retention_days: int = 0
    """How long any file is kept, also one that messages show."""


@dataclass(frozen=True, slots=True)
class Keep:
    """It stays, and is looked at again at `look_at` (milliseconds since 1970)."""

    look_at: int
    unused_since: int | None = None


@dataclass(frozen=True, slots=True)
class Remove:
    """It goes."""

    why: str


def is_over_age(created_at: int, now: int, rules: KeepingRules) -> bool:
    """Whether it goes, whoever shows it."""
    return bool(rules.retention_days) and created_at + rules.retention_days * DAY_MS <= now


def looked_at(
    *, created_at: int, unused_since: int | None, is_shown: bool, owner_is_gone: bool, now: int, rules: KeepingRules
) -> Keep | Remove:
    """What becomes of a file that is complete, or has failed.

    Args:
        unused_since: when it was first found that no message shows it; None where one did when it was last looked at.
        owner_is_gone: the account was deleted: nobody is left who could send it again.
    """
    latest = created_at + rules.retention_days * DAY_MS if rules.retention_days else now + LOOK_EVERY_MS
    if is_shown or not rules.unused_days:
        return Keep(min(now + LOOK_EVERY_MS, latest))
    since = now if unused_since is None else unused_since
    ends = since + rules.unused_days * DAY_MS
    if ends <= now or owner_is_gone:
        return Remove(UNUSED)
    return Keep(min(ends, now + LOOK_EVERY_MS, latest), since)


def first_look(created_at: int) -> int:
    """When a file that begins now is first looked at."""
    return created_at + FIRST_LOOK_MS
