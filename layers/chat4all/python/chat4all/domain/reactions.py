"""Reactions of a message, as rules: each user's own set of emojis, with the number of the entry that made it.

One user's sets are in order, because each is made from the one before (`base`, as edits are: domain.changes); those of
different users do not know one another. A set that became empty stays, with its number: else an older entry, whose writer was
paused, would find nothing and apply.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chat4all.errors import Conflict

EMOJIS_MAX = 20
"""Different emojis on one message."""
USER_EMOJIS_MAX = 10
"""Emojis of one user on one message."""


@dataclass(frozen=True, slots=True)
class UserReactions:
    """One user's reactions to a message; `seq` 0: they never had any."""

    seq: int = 0
    emojis: tuple[str, ...] = ()


def of_users(stored: Mapping[str, Any]) -> dict[str, UserReactions]:
    """As the table has them: {user id: {seq, emojis}}."""
    return {user: UserReactions(int(own["seq"]), tuple(own["emojis"])) for user, own in stored.items()}


def by_emoji(users: Mapping[str, UserReactions]) -> dict[str, list[str]]:
    """{emoji: [user id]}, each in the order in which their users reacted last."""
    shown: dict[str, list[str]] = {}
    for user, own in sorted(users.items(), key=lambda item: item[1].seq):
        for emoji in own.emojis:
            shown.setdefault(emoji, []).append(user)
    return shown


def changed(own: Sequence[str], emoji: str, *, remove: bool) -> tuple[str, ...]:
    """The user's set with `emoji`, or without it."""
    rest = tuple(e for e in own if e != emoji)
    if remove:
        return rest
    return tuple(own) if emoji in own else (*own, emoji)


def check_limits(users: Mapping[str, UserReactions], user_id: str, wanted: Iterable[str]) -> None:
    """What the user adds must have its place; raises Conflict `too_many_reactions`.

    Of reactions at the same moment each is checked against what stood before, so together they may go beyond EMOJIS_MAX.
    """
    own = users.get(user_id, UserReactions()).emojis
    added = set(wanted) - set(own)
    if not added:
        return
    if len(set(wanted)) > USER_EMOJIS_MAX:
        raise Conflict(f"At most {USER_EMOJIS_MAX} emojis of one user on a message", code="too_many_reactions")
    others = {emoji for user, theirs in users.items() if user != user_id for emoji in theirs.emojis}
    if len(others | set(wanted)) > EMOJIS_MAX:
        raise Conflict(f"At most {EMOJIS_MAX} different emojis on a message", code="too_many_reactions")
