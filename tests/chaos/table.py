"""The table of a run: each fault with what was lost, doubled and reordered behind it, and how long until all flowed again."""

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tests.chaos.checks.catching_up import voids
from tests.chaos.checks.doubled import in_the_window, repeated_frames
from tests.chaos.checks.facts import Facts
from tests.chaos.checks.violation import Violation
from tests.chaos.history import FaultDone

BEFORE = "(before the first fault)"


@dataclass(frozen=True)
class Row:
    """Of one fault. Times in seconds; None where there is nothing to measure."""

    fault: str
    times: int
    not_done: int
    """Injections that failed: they show nothing."""
    lost: int
    doubled: int
    reordered: int
    other: int
    """Other promises that were broken: limits, statuses, receipts."""
    recovery_p50: float | None
    """From the fault's end to the first delivery of a newer message, over conversations and injections."""
    recovery_p99: float | None
    not_recovered: int
    """Conversations in which none was seen until the next fault."""


@dataclass(frozen=True)
class Totals:
    """Of the whole run."""

    messages: int
    acknowledged: int
    deliveries: int
    """Messages at users, and on phones."""
    voids: int
    repeated_pushes: int
    doubled_in_the_window: int
    """At the provider, by a death between its answer and our record: documented, not a violation."""
    violations: int


def rows(facts: Facts, violations: Sequence[Violation]) -> list[Row]:
    """By fault, in the order of their names, also those that the run did not come to.

    Violations before the first fault have a row of their own.
    """
    blamed = [_blamed(facts, violation) for violation in violations]
    found = []
    for name in sorted({fault.name for fault in facts.faults} | set(blamed) | set(facts.wanted)):
        own = [violation.column for violation, fault in zip(violations, blamed, strict=True) if fault == name]
        done = [fault for fault in facts.faults if fault.name == name]
        times = [time for fault in done if fault.error is None for time in _recoveries(facts, fault)]
        measured = sorted(time for time in times if time is not None)
        found.append(
            Row(
                name,
                len(done),
                sum(fault.error is not None for fault in done),
                own.count("lost"),
                own.count("doubled"),
                own.count("reordered"),
                own.count("other"),
                round(statistics.median(measured), 2) if measured else None,
                round(measured[min(len(measured) - 1, int(len(measured) * 0.99))], 2) if measured else None,
                times.count(None),
            )
        )
    return found


def totals(facts: Facts, violations: Sequence[Violation]) -> Totals:
    """Of the whole run."""
    acknowledged = [m for m in facts.messages.values() if m.acknowledged is not None]
    on_phones = sum(side == "bot" for phone in facts.phones for _, _, side in phone.messages)
    return Totals(
        messages=len(facts.messages) + len(facts.said),
        acknowledged=len(acknowledged) + sum(call.outcome == "ok" for call, _ in facts.said.values()),
        deliveries=sum(len(users) for users in facts.arrivals.values()) + on_phones,
        voids=voids(facts),
        repeated_pushes=repeated_frames(facts),
        doubled_in_the_window=sum(len(in_the_window(facts, phone)) for phone in facts.phones),
        violations=len(violations),
    )


def markdown(found: Sequence[Row], whole: Totals) -> str:
    """For people."""
    lines = [
        "| fault | times | lost | doubled | reordered | other | recovery p50 | p99 |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for row in found:
        times = f"{row.times}" + (f" ({row.not_done} not done)" if row.not_done else "")
        p99 = _seconds(row.recovery_p99) + (f" ({row.not_recovered} not recovered)" if row.not_recovered else "")
        cells = [row.fault, times, row.lost, row.doubled, row.reordered, row.other, _seconds(row.recovery_p50), p99]
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    columns = [sum(getattr(row, name) for row in found) for name in ("times", "lost", "doubled", "reordered", "other")]
    lines.append("| **all** | " + " | ".join(map(str, columns)) + " | | |")
    lines += [
        "",
        f"{whole.messages} messages, {whole.acknowledged} acknowledged, {whole.deliveries} deliveries; {whole.voids} numbers "
        f"that are no message; {whole.repeated_pushes} repeated pushes (dropped by their number); "
        f"{whole.doubled_in_the_window} doubled at the provider in the documented window; {whole.violations} violations",
    ]
    return "\n".join(lines) + "\n"


def document(found: Sequence[Row], whole: Totals) -> dict[str, Any]:
    """For programs."""
    return {"faults": [asdict(row) for row in found], "totals": asdict(whole)}


def _blamed(facts: Facts, violation: Violation) -> str:
    """The last fault that had begun."""
    return next((f.name for f in reversed(facts.faults) if f.begin <= violation.at), BEFORE)


def _recoveries(facts: Facts, fault: FaultDone) -> list[float | None]:
    """For each conversation, the time from the fault's end to the first delivery of a message that was begun after it."""
    following = next((f.begin for f in facts.faults if f.begin > fault.begin), float("inf"))
    found: list[float | None] = []
    for own in facts.delivered.values():
        times = [at for begin, at in own if begin >= fault.end and at < following]
        found.append(min(times) - fault.end if times else None)
    return found


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.2f} s"
