"""Breaks the whole system under load and shows that nothing acknowledged is lost, doubled or reordered.

Examples:
  scripts/chaos                                   30 minutes, all faults, 50,000 messages
  scripts/chaos --minutes 2 --faults "kill -9 kafka,kill -9 dynamodb"
  scripts/chaos --seed 7                          the same faults in the same order again
  scripts/chaos --replay .local-stack/chaos/history.jsonl     checks what was recorded once more
  scripts/chaos --list                            the faults, and which cannot be here
  scripts/chaos --mutations                       the code without each of its safeties: each must be noticed
"""

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from tests.chaos.checks import check
from tests.chaos.checks.facts import Facts
from tests.chaos.faults import all_faults
from tests.chaos.history import Recorder, load
from tests.chaos.mutations import command as mutations
from tests.chaos.mutations.mutation import copy_of
from tests.chaos.run import Options, Running, started
from tests.chaos.table import document, markdown, rows, totals
from tests.chaos.world import Fault, World
from tests.e2e.running_stack import ROOT

SHOWN = 40
MESSAGES_A_MINUTE = 1_700
"""50,000 in 30 minutes, and some more."""


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/chaos", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=30, help="how long things are broken (30)")
    parser.add_argument("--messages", type=int, help=f"how many are sent in that time ({MESSAGES_A_MINUTE} a minute)")
    parser.add_argument("--seed", type=int, help="of everything that is left to chance (the time)")
    parser.add_argument("--faults", default="", help="names, or parts of names, comma separated (all)")
    parser.add_argument("--brokers", type=int, choices=(1, 3), default=1, help="of Kafka (1)")
    parser.add_argument("--replay", type=Path, metavar="FILE", help="check a recorded history, and run nothing")
    parser.add_argument("--root", type=Path, default=ROOT, help="folder of the code that is broken (this repository)")
    parser.add_argument("--output", type=Path, default=Path(".local-stack/chaos"), help="folder for history and table")
    parser.add_argument("--mutation", metavar="NAME,…", help="run the code without these safeties, each alone")
    parser.add_argument("--mutations", action="store_const", const="", dest="mutation", help="all of them")
    parser.add_argument("--unmutated", action="store_true", help="with these: the same runs of the code as it is")
    parser.add_argument("--list", action="store_true", help="name the faults")
    return parser


def main(given: Sequence[str] | None = None) -> int:
    """Exit code 0: nothing was violated; 1: something was; 2: the run itself failed."""
    options = arguments().parse_args(given)
    if options.replay is not None:
        return report(options.replay, options.output)
    seed = int(time.time()) if options.seed is None else options.seed
    if options.mutation is not None:
        return mutations.run(options.mutation, seed, options.output, mutated=not options.unmutated)
    with ExitStack() as on_exit:
        folder = Path(tempfile.mkdtemp(prefix="chaos-"))
        on_exit.callback(shutil.rmtree, folder, ignore_errors=True)
        faults = chosen(options.faults, World(folder, options.brokers))
        if options.list:
            return 0
        if not faults:
            print(f"No fault is named {options.faults!r}: --list names them.", file=sys.stderr)
            return 2
        messages = options.messages or int(options.minutes * MESSAGES_A_MINUTE)
        wanted = Options(options.minutes * 60, messages, seed)
        root = copy_of(options.root, folder / "application")  # edits meanwhile change nothing
        again = f"scripts/chaos --minutes {options.minutes:g} --messages {messages} --seed {seed} --brokers {options.brokers}"
        again += f" --faults '{options.faults}'" if options.faults else ""
        print(f"seed {seed}: {len(faults)} faults, {messages} messages in {options.minutes:g} minutes", flush=True)
        history = options.output / f"history-{seed}.jsonl"
        world = started(folder, faults, wanted, options.brokers, root)
        on_exit.callback(world.stop)
        failed = run(Running(world, wanted, faults, Recorder(history), say=lambda text: print(text, flush=True)))
        code = report(history, options.output)
        print(f"\nthe same run:   {again}\nthe same check: scripts/chaos --replay {history}")
        return 2 if failed else code


def run(running: Running) -> bool:
    """Whether the run itself failed; what is recorded until then is checked as far as it goes."""
    try:
        asyncio.run(running.whole())
    except Exception:
        traceback.print_exc()
        print("THE RUN FAILED: what follows is of the part that was recorded")
        return True
    return False


def chosen(names: str, world: World) -> list[Fault]:
    """The faults of these names that can be here; what cannot is told."""
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    found = []
    for fault in all_faults():
        if wanted and not any(name in fault.name for name in wanted):
            continue
        why_not = fault.available(world)
        print(f"  {fault.name}" + (f": left out, {why_not}" if why_not else ""))
        if why_not is None:
            found.append(fault)
    return found


def report(history: Path, output: Path) -> int:
    """Check a history, print the table and what was violated, and write `table.md` and `table.json`; the exit code."""
    facts = Facts(load(history))
    if not facts.final:
        print(f"{history} has no end, so that nothing can be checked: the run was interrupted")
        return 2
    violations = check(facts)
    found, whole = rows(facts, violations), totals(facts, violations)
    output.mkdir(parents=True, exist_ok=True)
    (output / "table.md").write_text(markdown(found, whole), "utf-8")
    (output / "table.json").write_text(json.dumps(document(found, whole), indent=2), "utf-8")
    print("\n" + markdown(found, whole))
    for violation in violations[:SHOWN]:
        print(violation)
    if len(violations) > SHOWN:
        print(f"… and {len(violations) - SHOWN} more")
    missed = [row.fault for row in found if row.not_done == row.times and row.fault in facts.wanted]
    if missed:
        print(f"never done: {', '.join(missed)}")
    print("VIOLATED" if violations else "nothing was lost, doubled or reordered")
    return 1 if violations or missed else 0


if __name__ == "__main__":
    sys.exit(main())
