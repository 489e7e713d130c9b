"""complete_through: a reader who goes on behind it has missed nothing (design: section 6.2)."""

from collections.abc import Iterator

from tests.chaos.checks.facts import Facts
from tests.chaos.checks.violation import Violation


def nothing_is_skipped_by_complete_through(facts: Facts) -> Iterator[Violation]:
    """Every sync and page that said "complete through" gave all that stands up to there."""
    numbers = {c: [item.seq for item in items] for c, items in facts.final.items()}
    for sync in facts.syncs:
        given: dict[str, set[int]] = {}
        for frame in facts.synced(sync):
            given.setdefault(frame.conversation, set()).add(frame.seq or 0)
        for conversation, through in sync.through.items():
            after = sync.asked.get(conversation, 0)
            missing = _between(numbers.get(conversation, []), after, through) - given.get(conversation, set())
            if missing:
                what = (
                    f"a sync of {conversation} from {after} said complete through {through} without {sorted(missing)}"
                )
                yield Violation("lost", "nothing_is_skipped_by_complete_through", sync.end, what)
    for call in facts.calls:
        if call.op != "page" or call.through is None:
            continue
        after = call.after or 0
        missing = _between(numbers.get(call.conversation, []), after, call.through) - set(call.seqs or ())
        if missing:
            what = f"a page of {call.conversation} after {after} said {call.through} without {sorted(missing)}"
            yield Violation("lost", "nothing_is_skipped_by_complete_through", call.end, what)


def numbers_are_complete_at_the_end(facts: Facts) -> Iterator[Violation]:
    """Each number is a message or void: nothing stands in the way of readers for ever."""
    for conversation, items in facts.final.items():
        highest = max((item.seq for item in items), default=0)
        if facts.through[conversation] < highest:
            what = (
                f"{conversation} is complete through {facts.through[conversation]} only; its last number is {highest}"
            )
            yield Violation("other", "numbers_are_complete_at_the_end", facts.settled, what)


def voids(facts: Facts) -> int:
    """Numbers that were taken and are no message."""
    return sum(through - len(facts.final[conversation]) for conversation, through in facts.through.items())


def _between(numbers: list[int], after: int, through: int) -> set[int]:
    return {seq for seq in numbers if after < seq <= through}
