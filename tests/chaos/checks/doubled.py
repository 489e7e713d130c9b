"""Each message is there once: in the history, in the answers, on each socket by its number, at the provider."""

from collections import Counter
from collections.abc import Iterator

from tests.chaos.checks.facts import Facts
from tests.chaos.checks.violation import Violation
from tests.chaos.history import OnPhone


def one_number_for_each_message(facts: Facts) -> Iterator[Violation]:
    """Neither a message nor a number is twice in the final history, nor what a phone said once."""
    for conversation, items in facts.final.items():
        said = [item.content for item in items if item.content in facts.said]
        for kind, values in (
            ("message", [i.message_id for i in items]),
            ("number", [i.seq for i in items]),
            ("text", said),
        ):
            for value, count in Counter(values).items():
                if count > 1:
                    what = f"{kind} {value} is {count} times in the history of {conversation}"
                    yield Violation("doubled", "one_number_for_each_message", _begin(facts, str(value)), what)


def repeats_are_answered_alike(facts: Facts) -> Iterator[Violation]:
    """All acknowledged tries of a message name one number; the same id with other content is refused."""
    for message in facts.messages.values():
        numbers = {
            call.seq for call in message.tries if call.outcome == "ok" and call.content == message.tries[0].content
        }
        if len(numbers) > 1:
            what = f"{message.id} was answered with the numbers {sorted(n or 0 for n in numbers)}"
            yield Violation("doubled", "repeats_are_answered_alike", message.begin, what)
        if len({call.content for call in message.tries if call.outcome == "ok"}) > 1:
            what = f"{message.id} was accepted with two contents"
            yield Violation("doubled", "repeats_are_answered_alike", message.begin, what)


def a_number_is_one_message_on_sockets(facts: Facts) -> Iterator[Violation]:
    """Whoever dedupes by number has each message once: one number, one message, for everybody and at all times."""
    by_number: dict[tuple[str, int | None], str | None] = {}
    by_message: dict[str | None, int | None] = {}
    for frames in facts.frames.values():
        for frame in frames:
            if frame.type not in ("message.created", "sync.message"):
                continue
            message_id = by_number.setdefault((frame.conversation, frame.seq), frame.message_id)
            seq = by_message.setdefault(frame.message_id, frame.seq)
            if message_id != frame.message_id:
                what = f"number {frame.seq} of {frame.conversation} is {message_id} and {frame.message_id}"
                yield Violation("doubled", "a_number_is_one_message_on_sockets", frame.at, what)
            elif seq != frame.seq:
                what = f"{frame.message_id} is number {seq} and number {frame.seq}"
                yield Violation("doubled", "a_number_is_one_message_on_sockets", frame.at, what)


def phones_have_each_message_once(facts: Facts) -> Iterator[Violation]:
    """Apart from those that a death between the provider's answer and our record explains (`in_the_window`)."""
    for phone in facts.phones:
        excused = {message_id for message_id, _ in in_the_window(facts, phone)}
        for message_id, count in _copies(phone).items():
            if count > 1 and message_id not in excused:
                what = f"{phone.phone} shows {message_id} {count} times"
                yield Violation("doubled", "phones_have_each_message_once", _begin(facts, message_id), what)


def in_the_window(facts: Facts, phone: OnPhone) -> list[tuple[str, float]]:
    """(message, begin) of doubles at the provider in the documented window: two copies, at most one message a phone for each
    injection of a fault that can cut there, and on its way while that lasted."""
    free = [fault for fault in facts.faults if fault.may_double]
    excused = []
    doubles = sorted((_begin(facts, m), m) for m, count in _copies(phone).items() if count == 2)
    for begin, message_id in doubles:
        cause = next((f for f in free if begin <= f.ready and _taken(facts, message_id) >= f.begin), None)
        if cause is not None:
            free.remove(cause)
            excused.append((message_id, begin))
    return excused


def repeated_frames(facts: Facts) -> int:
    """Pushes that a client dropped because it had that number on that connection already: allowed, and counted."""
    pushed = [[frame for frame in frames if frame.type == "message.created"] for frames in facts.frames.values()]
    repeated = 0
    for frames in [*pushed, *(facts.synced(sync) for sync in facts.syncs)]:
        counts = Counter((frame.conversation, frame.seq) for frame in frames)
        repeated += counts.total() - len(counts)
    return repeated


def _copies(phone: OnPhone) -> Counter[str]:
    return Counter(text.split(" ")[0] for _, text, side in phone.messages if side == "bot")


def _begin(facts: Facts, message_id: str) -> float:
    message = facts.messages.get(message_id)
    return message.begin if message else facts.settled


def _taken(facts: Facts, message_id: str) -> float:
    """When the report that the provider took it was told; for ever where it was not."""
    return facts.reported.get(message_id, float("inf"))
