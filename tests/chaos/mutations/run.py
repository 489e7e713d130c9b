"""One run of mutated code, and what the checks found."""

import asyncio
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tests.chaos.checks import check
from tests.chaos.checks.facts import Facts
from tests.chaos.checks.violation import Violation
from tests.chaos.crowd import Size
from tests.chaos.history import Recorder, load
from tests.chaos.mutations.mutation import Mutation, copy_of
from tests.chaos.run import Options, Running, started
from tests.e2e.running_stack import ROOT

_SIZE = Size(people=6, private=3, groups=2, of=3, phones=2)
_SENDS_PER_SECOND, _BURST = 10, 20
_RECOVERED_WITHIN_S = 15.0
"""What a mutation has lost may never come."""


@dataclass(frozen=True)
class Shown:
    """What became of a mutation."""

    mutation: Mutation
    violations: Sequence[Violation]
    messages: int
    """Begun before the first violation, or in the whole run."""
    faults: int
    """The same, of faults."""
    runs: int

    @property
    def first(self) -> Violation | None:
        return self.violations[0] if self.violations else None


def show(mutation: Mutation, seed: int, runs: int = 3, say: Callable[[str], None] = print) -> Shown:
    """Run the mutated code until a check finds something, at most so often. Raises mutation.Outdated."""
    before = faults = 0
    for number in range(runs):
        violations, facts = _once(mutation, seed + number, mutated=True, say=say)
        at = violations[0].at if violations else float("inf")
        before += sum(message.begin <= at for message in facts.messages.values())
        faults += sum(fault.begin <= at for fault in facts.faults)
        if violations:
            return Shown(mutation, violations, before, faults, number + 1)
    return Shown(mutation, (), before, faults, runs)


def unmutated(mutation: Mutation, seed: int, say: Callable[[str], None] = print) -> Sequence[Violation]:
    """What the checks find in the same run of the code as it is: nothing."""
    return _once(mutation, seed, mutated=False, say=say)[0]


def _once(
    mutation: Mutation, seed: int, *, mutated: bool, say: Callable[[str], None]
) -> tuple[Sequence[Violation], Facts]:
    with tempfile.TemporaryDirectory(prefix=f"mutation-{mutation.name}-") as name:
        folder = Path(name)
        root = copy_of(ROOT, folder / "code")
        for change in (*mutation.given, *(mutation.changes if mutated else ())):
            change.make(root)
        options = Options(
            mutation.seconds,
            mutation.messages,
            seed,
            _SIZE,
            sends_per_second=_SENDS_PER_SECOND,
            burst=_BURST,
            settle_s=mutation.settle_s,
            recovered_within_s=_RECOVERED_WITHIN_S,
        )
        faults = [replace(fault) for fault in mutation.faults]  # type: ignore[type-var]  # all are dataclasses
        farewell = [mutation.farewell] if mutation.farewell is not None else []
        file = folder / "history.jsonl"
        world = started(folder / "world", [*faults, *farewell], options, root=root)
        running = Running(world, options, faults, Recorder(file), say, mutation.farewell)
        try:
            asyncio.run(running.whole())
        finally:
            world.stop()
        facts = Facts(load(file))
        return check(facts), facts


def table(shown: Sequence[Shown]) -> str:
    """Markdown: mutation, safety, caught by which check after how much."""
    rows = [
        "| mutation | removed | caught by | after messages | faults | s |",
        "|---|---|---|--:|--:|--:|",
    ]
    for one in shown:
        first = one.first
        checks = ", ".join(dict.fromkeys(violation.check for violation in one.violations))
        caught, at = (checks, f"{first.at:.0f}") if first else ("**NOT CAUGHT**", "")
        rows.append(
            f"| {one.mutation.name} | {one.mutation.safety} | {caught} | {one.messages} | {one.faults} | {at} |"
        )
    return "\n".join(rows)
