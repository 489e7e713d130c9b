"""`python -m tests.live.model --seed 7 --steps 43`: one run, or many; says how few steps a failing one needs.

`--mutations` breaks one rule of the client after the other, and says at which seed each is found out.
"""

import argparse
import tempfile
import time
from pathlib import Path

from tests.live.model.mutations import MUTATIONS
from tests.live.model.scenario import Scenario, Size
from tests.live.model.virtual_time import run

_MUTATED_SETTLED_S = 90.0
"""Some broken rules have clients send for ever, as fast as they can."""


def failure(seed: int, size: Size) -> str | None:
    """Why a run fails; None: it does not."""
    with tempfile.TemporaryDirectory() as folder:
        scenario = Scenario(seed, size, Path(folder))
        try:
            run(scenario.run())
        except Exception as error:
            return f"{type(error).__name__}: {error}"
    return None


def fewest_steps(seed: int, steps: int) -> int:
    """The fewest steps of a failing run that fail still: halved while that finds any."""
    good, bad = 0, steps
    while bad - good > 1:
        half = (good + bad) // 2
        good, bad = (good, half) if failure(seed, Size(half)) else (half, bad)
    return bad


def found_out(name: str, seeds: range, steps: int) -> tuple[int, str] | None:
    """The first seed at which a broken rule is found out, and by what; None: at none."""
    size = Size(steps, settled_s=_MUTATED_SETTLED_S)
    with MUTATIONS[name]():
        return next(((seed, why) for seed in seeds if (why := failure(seed, size)) is not None), None)


def main() -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.live.model", description=__doc__)
    parser.add_argument("--seed", type=int, default=0, help="the first")
    parser.add_argument("--seeds", type=int, default=1, help="how many")
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--mutations", action="store_true", help="break the client's rules")
    given = parser.parse_args()
    if given.mutations:
        return _mutated(range(given.seed, given.seed + given.seeds), given.steps)
    for seed in range(given.seed, given.seed + given.seeds):
        begun = time.monotonic()
        why = failure(seed, Size(given.steps))
        print(f"seed {seed}, {given.steps} steps, {time.monotonic() - begun:.1f} s: {why or 'equal'}", flush=True)
        if why is not None:
            fewest = fewest_steps(seed, given.steps)
            print(f"fails at --seed {seed} --steps {fewest}: {failure(seed, Size(fewest))}")
            return 1
    return 0


def _mutated(seeds: range, steps: int) -> int:
    missed = 0
    for name in MUTATIONS:
        found = found_out(name, seeds, steps)
        missed += found is None
        print(f"{name}: {'NOT FOUND' if found is None else f'seed {found[0]}, {found[1]:.200}'}", flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
