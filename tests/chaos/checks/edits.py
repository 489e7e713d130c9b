"""An acknowledged edit stands, unless a later one has taken its place."""

from collections import defaultdict
from collections.abc import Iterator

from tests.chaos.checks.facts import Facts
from tests.chaos.checks.violation import Violation
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
        later = [call for call in acknowledged if own is None or _ended(own) < call.begin]
        if later:
            what = f"{message_id} is {content!r} at the end, and {later[-1].content!r} was acknowledged after that"
            yield Violation("lost", "acknowledged_edits_stand", later[-1].end, what)


def _ended(call: Call) -> float:
    """One without an answer may take effect later: it is never surely over."""
    return call.end if call.outcome == "ok" else float("inf")
