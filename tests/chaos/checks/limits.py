"""What has a limit: the time until a message is routed, the rate of sends, who may see what, what must be refused."""

from collections import defaultdict
from collections.abc import Iterator

from tests.chaos.checks.facts import Facts
from tests.chaos.checks.violation import Violation

ROUTED_WITHIN_S = 60.0
SLOW_S = 5.0
_WINDOW_S = 6.0
"""Bursts are looked for in windows of at most so long."""


def routed_in_time(facts: Facts) -> Iterator[Violation]:
    """Pushed to the first client within 60 s of its acknowledgement, not counting the time of faults until all runs again, nor
    that in which the machine was so slow that requests took 5 s and more."""
    slow = [(call.begin, call.end) for call in facts.calls if call.end - call.begin >= SLOW_S]
    troubled = _union([*slow, *((fault.begin, fault.ready) for fault in facts.faults)])
    for message in facts.messages.values():
        acknowledged, pushed = message.acknowledged, facts.first_push.get(message.id)
        if acknowledged is None or pushed is None or pushed - acknowledged <= ROUTED_WITHIN_S:
            continue
        not_counted = sum(max(0.0, min(pushed, end) - max(acknowledged, begin)) for begin, end in troubled)
        if pushed - acknowledged - not_counted > ROUTED_WITHIN_S:
            what = f"{message.id} came {pushed - acknowledged:.1f} s after its 202; {not_counted:.1f} s are not counted"
            yield Violation("other", "routed_in_time", acknowledged, what)


def _union(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The same times without overlaps."""
    found: list[tuple[float, float]] = []
    for begin, end in sorted(spans):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return found


def sends_keep_the_rate(facts: Facts) -> Iterator[Violation]:
    """In no window were more of one sender's messages accepted than its burst and rate allow."""
    if facts.rates is None:
        return
    rate, burst = facts.rates.per_second, facts.rates.burst
    by_sender: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for message in facts.messages.values():
        acknowledged = message.acknowledged
        if acknowledged is not None and len(message.tries) == 1:
            by_sender[message.sender].append((message.begin, acknowledged))
    jumps = [(fault.begin, fault.ready) for fault in facts.faults if fault.jumps_clock]
    for sender, sends in by_sender.items():
        sends.sort()
        for index, (begin, _) in enumerate(sends):
            ends = sorted(end for b, end in sends[index : index + 4 * burst] if b - begin < _WINDOW_S)
            over = next((e for n, e in enumerate(ends, 1) if n > burst + rate * (e - begin) + 1), None)
            if over is not None and not any(over >= f and begin <= r for f, r in jumps):
                what = f"{sender} had {len([e for e in ends if e <= over])} messages accepted in {over - begin:.2f} s"
                yield Violation("other", "sends_keep_the_rate", over, what)
                break


def who_has_left_learns_nothing(facts: Facts) -> Iterator[Violation]:
    """What was sent after a leave was acknowledged does not reach who has left, until they are asked to join again."""
    away: dict[tuple[str, str | None], list[tuple[float, float]]] = defaultdict(list)
    for call in sorted((c for c in facts.calls if c.op in ("join", "leave")), key=lambda c: c.begin):
        gone = away[call.conversation, call.user]
        if call.op == "leave" and call.outcome == "ok":
            gone.append((call.end, float("inf")))
        elif call.op == "join" and gone and gone[-1][1] == float("inf"):
            gone[-1] = (gone[-1][0], call.begin)
    for frames in facts.frames.values():
        for frame in frames:
            message = facts.messages.get(frame.message_id or "")
            if message is None or frame.type not in ("message.created", "sync.message"):
                continue
            user = facts.user_of[frame.connection]
            for left, back in away.get((frame.conversation, user), ()):
                if left < message.begin and frame.at < back:
                    what = f"{user} has left {frame.conversation} and got number {frame.seq}, sent later"
                    yield Violation("other", "who_has_left_learns_nothing", frame.at, what)


def answers_are_as_expected(facts: Facts) -> Iterator[Violation]:
    """A receipt of what does not exist is refused, and the like."""
    for call in facts.calls:
        if call.expected is not None and call.outcome not in (call.expected, "unknown"):
            what = f"{call.op} {call.seq} of {call.by} in {call.conversation} was answered {call.code}"
            yield Violation("other", "answers_are_as_expected", call.end, what)
