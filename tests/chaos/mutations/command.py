"""`scripts/chaos --mutation NAME,…` and `--mutations`: what each safety is for, shown by a run without it."""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.chaos.mutations.catalogue import MUTATIONS, named
from tests.chaos.mutations.mutation import Mutation
from tests.chaos.mutations.run import Shown, show, table, unmutated

_TOLD = 3


def run(names: str, seed: int, output: Path, *, mutated: bool = True) -> int:
    """Show these mutations (all where none is named) and write `mutations.md`; the exit code: 0 where all were caught.

    Where not `mutated`: the same runs of the code as it is; 0 where no check finds anything.
    """
    try:
        mutations = [named(name.strip()) for name in names.split(",")] if names else list(MUTATIONS)
    except KeyError as error:
        print(error.args[0], file=sys.stderr)
        return 2
    if not mutated:
        return _compare(mutations, seed)
    output.mkdir(parents=True, exist_ok=True)
    shown: list[Shown] = []
    for mutation in mutations:
        shown.append(_show(mutation, seed, output))
        (output / "mutations.md").write_text(table(shown) + "\n", "utf-8")
    print("\n" + table(shown))
    return 0 if all(one.first for one in shown) else 1


def _compare(mutations: Sequence[Mutation], seed: int) -> int:
    code = 0
    for mutation in mutations:
        violations = unmutated(mutation, seed, _say)
        print(f"{mutation.name}, unmutated: {len(violations)} violations", flush=True)
        for violation in violations[:_TOLD]:
            print(f"    {violation}", flush=True)
        code = code or int(bool(violations))
    return code


def _show(mutation: Mutation, seed: int, output: Path) -> Shown:
    began = time.monotonic()
    print(f"{mutation.name}: without {mutation.safety}", flush=True)
    one = show(mutation, seed, say=_say, kept=output)
    what = f"caught by {one.first.check}" if one.first else "NOT CAUGHT"
    print(f"{mutation.name}: {what} after {one.messages} messages; {time.monotonic() - began:.0f} s in all", flush=True)
    for violation in one.violations[:_TOLD]:
        print(f"    {violation}", flush=True)
    return one


def _say(text: str) -> None:
    print(f"    {text}", flush=True)
