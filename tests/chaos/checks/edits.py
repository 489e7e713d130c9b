"""An acknowledged edit stands, unless a later one has taken its place."""

from collections import defaultdict
from collections.abc import Iterator

from tests.chaos.checks.facts import Facts, ended
from tests.chaos.checks.violation import Violation
from tests.chaos.device import EDITED
from tests.chaos.history import Call


def acknowledged_edits_stand(facts: Facts) -> Iterator[Violation]:
    """The final content is of an edit (or the first) after which no acknowledged one began."""
    by_message: dict[str, list[Call]] = defaultdict(list)
    for call in facts.calls:
        if call.op == "edit" and call.message_id and call.outcome != "refused":
            by_message[call.message_id].append(call)
    for message_id, edits in by_message.items():
        found = facts.standing.get(message_id)
        acknowledged = [call for call in edits if call.outcome == "ok"]
        if found is None or not acknowledged:
            continue
        content = found[1].content
        own = next((call for call in edits if call.content == content), None)
        later = [call for call in acknowledged if own is None or ended(own) < call.begin]
        if later:
            what = f"{message_id} is {content!r} at the end, and {later[-1].content!r} was acknowledged after that"
            yield Violation("lost", "acknowledged_edits_stand", later[-1].end, what)


def members_are_told_the_newest(facts: Facts) -> Iterator[Violation]:
    """Who was a member from the send on has got what an edited message says at the end, pushed, synced or by a page."""
    edited = {item.message_id for _, item, _ in facts.standing_messages if EDITED in item.content}
    told: dict[str, set[tuple[str, str | None]]] = defaultdict(set)
    for connection, frames in facts.frames.items():
        user = facts.user_of[connection]
        for frame in frames:
            if frame.message_id in edited and frame.content is not None:
                told[frame.message_id or ""].add((user, frame.content))
    for call in facts.calls:
        for message_id, content, _ in call.told or ():
            told[message_id].add((call.by, content))
    for conversation, item, begin in facts.standing_messages:
        if item.message_id not in edited:
            continue
        for user in facts.recipients(conversation, begin):
            if (user, item.content) not in told[item.message_id]:
                what = f"{user} was never told that {item.message_id} is {item.content!r} now"
                yield Violation("lost", "members_are_told_the_newest", begin, what)
