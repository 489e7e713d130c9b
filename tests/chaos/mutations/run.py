"""One run of mutated code, and what the checks found."""

import asyncio
import shutil
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
    """What became of a mutation. It is caught where `first` is there."""

    mutation: Mutation
    violations: Sequence[Violation]
    """What any check found."""
    messages: int
    """Begun before the first violation, or in the whole run."""
    faults: int
    """The same, of faults."""
    runs: int

    @property
    def first(self) -> Violation | None:
        return _first(self.mutation, self.violations)


def show(
    mutation: Mutation, seed: int, runs: int = 3, say: Callable[[str], None] = print, kept: Path | None = None
) -> Shown:
    """Run the mutated code until it is caught, at most so often; the records go to the folder `kept`. Raises Outdated."""
    before = faults = 0
    violations: Sequence[Violation] = ()
    for number in range(runs):
        violations, facts = _once(mutation, seed + number, mutated=True, say=say, kept=kept)
        first = _first(mutation, violations)
        at = first.at if first else float("inf")
        before += sum(message.begin <= at for message in facts.messages.values())
        faults += sum(fault.begin <= at for fault in facts.faults)
        if first:
            return Shown(mutation, violations, before, faults, number + 1)
    return Shown(mutation, violations, before, faults, runs)


def _first(mutation: Mutation, violations: Sequence[Violation]) -> Violation | None:
    return next((found for found in violations if found.check in mutation.caught_by), None)


def unmutated(mutation: Mutation, seed: int, say: Callable[[str], None] = print) -> Sequence[Violation]:
    """What the checks find in the same run of the code as it is: nothing."""
    return _once(mutation, seed, mutated=False, say=say)[0]


def _once(
    mutation: Mutation, seed: int, *, mutated: bool, say: Callable[[str], None], kept: Path | None = None
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
            burst_share=mutation.burst_share,
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
        if kept is not None:
            shutil.copy(file, kept / f"mutation-{mutation.name}-{seed}.jsonl")
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
        others = dict.fromkeys(found.check for found in one.violations if first is None or found.check != first.check)
        caught, at = (f"**{first.check}**", f"{first.at:.0f}") if first else ("NOT CAUGHT", "")
        caught += f", {', '.join(others)}" if others else ""
        rows.append(
            f"| {one.mutation.name} | {one.mutation.safety} | {caught} | {one.messages} | {one.faults} | {at} |"
        )
    return "\n".join(rows)
