"""Status and receipts only rise, and a receipt is never of what does not exist."""

from collections import defaultdict
from collections.abc import Iterator

from tests.chaos.checks.facts import Facts
from tests.chaos.checks.violation import Violation
from tests.chaos.history import Call

RANK = {"accepted": 0, "sent": 1, "delivered": 2, "read": 3, "failed": 4}
"""Failed is final; what was delivered cannot fail (domain/status.py)."""


def status_never_goes_back(facts: Facts) -> Iterator[Violation]:
    """Of two reads, one after the other, the later is no lower; the history at the end neither."""
    reads: dict[str, list[tuple[float, float, int]]] = defaultdict(list)
    for call in facts.calls:
        if call.op == "status" and call.status is not None and call.message_id:
            reads[call.message_id].append((call.begin, call.end, RANK[call.status]))
    for message_id, own in reads.items():
        found = facts.standing.get(message_id)
        if found is not None:
            own.append((facts.settled, facts.settled, RANK[found[1].status]))
        for at, rank, before in _falls(own):
            what = f"{message_id} was {_name(before)}, then {_name(rank)}"
            yield Violation("other", "status_never_goes_back", at, what)


def receipts_never_go_back(facts: Facts) -> Iterator[Violation]:
    """An acknowledged watermark holds, as long as its reader stays: who comes back begins anew."""
    for (conversation, user), calls in _receipts(facts).items():
        if len(facts.stays[conversation][user]) != 1:
            continue
        own = [(call.begin, call.end, call.through or 0) for call in calls]
        at_the_end = facts.watermarks.get(conversation, {}).get(user)
        if at_the_end is not None:
            own.append((facts.settled, facts.settled, at_the_end[1]))
        for at, now, before in _falls(own):
            what = f"{user} had read {before} in {conversation}, then {now}"
            yield Violation("other", "receipts_never_go_back", at, what)


def receipts_are_of_what_exists(facts: Facts) -> Iterator[Violation]:
    """An answer is no lower than what was asked for, and nothing is beyond the last number."""
    check = "receipts_are_of_what_exists"
    for (conversation, user), calls in _receipts(facts).items():
        last = facts.through.get(conversation, 0)
        for call in calls:
            if not (call.seq or 0) <= (call.through or 0) <= last:
                what = (
                    f"{user} asked for {call.seq} in {conversation} and was answered {call.through}; the last is {last}"
                )
                yield Violation("other", check, call.end, what)
    for conversation, users in facts.watermarks.items():
        for user, marks in users.items():
            if max(marks) > facts.through.get(conversation, 0) or marks[0] < marks[1]:
                yield Violation("other", check, facts.settled, f"{user} has the watermarks {marks} in {conversation}")


def _receipts(facts: Facts) -> dict[tuple[str, str], list[Call]]:
    by_reader: dict[tuple[str, str], list[Call]] = defaultdict(list)
    for call in facts.calls:
        if call.op == "receipt" and call.outcome == "ok":
            by_reader[call.conversation, call.by].append(call)
    return by_reader


def _falls(reads: list[tuple[float, float, int]]) -> Iterator[tuple[float, int, int]]:
    """(at, value, value before) where one that began after the end of another is lower; reads are (begin, end, value)."""
    by_end = sorted(reads, key=lambda read: read[1])
    highest, done = -1, 0
    for begin, _, value in sorted(reads):
        while done < len(by_end) and by_end[done][1] < begin:
            highest = max(highest, by_end[done][2])
            done += 1
        if value < highest:
            yield begin, value, highest


def _name(rank: int) -> str:
    return next(name for name, own in RANK.items() if own == rank)
