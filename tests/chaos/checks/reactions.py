"""An acknowledged reaction stands, or is gone, unless its user has said otherwise since; and everybody knows."""

from collections import defaultdict
from collections.abc import Iterator

from tests.chaos.checks.facts import Facts, ended
from tests.chaos.checks.violation import Violation
from tests.chaos.history import Call


def acknowledged_reactions_stand(facts: Facts) -> Iterator[Violation]:
    """At the end an emoji of a user is there, or not, as an act of theirs said after which no acknowledged one began."""
    acts: dict[tuple[str, str, str], list[Call]] = defaultdict(list)
    for call in facts.calls:
        if call.op in ("react", "unreact") and call.outcome != "refused":
            acts[str(call.message_id), str(call.content), call.by].append(call)
    for (message_id, emoji, user), calls in acts.items():
        if message_id not in facts.standing:
            continue
        is_there = user in _users(facts.standing[message_id][1].reactions).get(emoji, ())
        agreeing = max((ended(call) for call in calls if (call.op == "react") == is_there), default=0.0)
        against = [call for call in calls if call.outcome == "ok" and (call.op == "react") != is_there]
        later = [call for call in against if call.begin > agreeing]
        if later:
            what = f"{user}'s {emoji} on {message_id} is {'there' if is_there else 'gone'}, after {later[-1].op} was answered"
            yield Violation("lost", "acknowledged_reactions_stand", later[-1].end, what)


def members_are_told_of_reactions(facts: Facts) -> Iterator[Violation]:
    """Who was a member from the send on has got the reactions that stand at the end, pushed, synced or by a page."""
    told: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for connection, frames in facts.frames.items():
        for frame in frames:
            if frame.reactions is not None:
                told[str(frame.message_id)].add((facts.user_of[connection], frame.reactions))
    for call in facts.calls:
        for message_id, _, reactions in call.told or ():
            told[message_id].add((call.by, reactions))
    for conversation, item, begin in facts.standing_messages:
        for user in facts.recipients(conversation, begin) if item.reactions else ():
            if (user, item.reactions) not in told[item.message_id]:
                what = f"{user} was never told that {item.message_id} has {item.reactions!r}"
                yield Violation("lost", "members_are_told_of_reactions", begin, what)


def _users(reactions: str) -> dict[str, list[str]]:
    """Of `history.reactions_text`."""
    words = reactions.split(" ") if reactions else []
    return {emoji: users.split(",") for emoji, users in zip(words[::2], words[1::2], strict=True)}
