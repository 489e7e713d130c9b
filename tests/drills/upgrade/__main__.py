"""Upgrades a stack from an earlier version of the code to this one while people talk, rolls back, and upgrades again.

Examples:
  scripts/upgrade-drill                   from the commit before the last change of functions/ and layers/
  scripts/upgrade-drill --from v1.2.0     from a tag, a branch or a commit

Tables and settings are this version's from the beginning, as CloudFormation changes them before it changes functions; what is
changed under way is the code of all functions. Prints a table, one row a change. Exit code 0: every promise was kept; 1: one was
broken; 2: the drill could not be done.
"""

import argparse
import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from local.start_error import StartError
from tests.chaos.mutations.mutation import copy_of
from tests.drills.upgrade.versions import NoSuchVersion, commit, previous, put, unpack
from tests.e2e.people import Person
from tests.e2e.running_stack import ROOT, RunningStack
from tests.e2e.trial import Outcome, Trial, verdict

SENDERS = 3
PAUSE_S = 0.3
WATCHED = ("MessagesSendFunction", "RouterFunction", "RealtimeFunction")
"""The way of a message: the change is over when none of their former environments is left."""
_HEAD = (
    "change",
    "files",
    "202",
    "503",
    "lost",
    "doubled",
    "reordered",
    "no push for",
    "answered by",
    "arrived by",
    "over after",
)


@dataclass
class Upgrade:
    """A running stack, the versions that it may have, and what is said of each change."""

    stack: RunningStack
    application: Path
    say: Callable[[str], None]
    files: int = 0
    former: frozenset[int] = frozenset()

    def change(self, version: Path) -> None:
        """Give the stack that version, all at one moment, as AWS changes the code of a function: it stands still meanwhile."""
        self.former = self._environments()
        assert self.stack.process is not None
        os.kill(self.stack.process.pid, signal.SIGSTOP)
        try:
            self.files = put(version, self.application)
        finally:
            os.kill(self.stack.process.pid, signal.SIGCONT)

    def is_over(self) -> bool:
        """Whether no environment of the version before is left on the way of a message, and each function has one."""
        return all((pids := set(self.stack.environment_pids(name))) and not pids & self.former for name in WATCHED)

    def _environments(self) -> frozenset[int]:
        return frozenset(pid for name in WATCHED for pid in self.stack.environment_pids(name))


async def drill(upgrade: Upgrade, old: Path, new: Path) -> list[Outcome]:
    """Old to new, back, and to new again. Raises TimeoutError where a version is not taken up."""
    stack = upgrade.stack
    outcomes = []
    upgrade.say("| " + " | ".join(_HEAD) + " |")
    upgrade.say("|" + "---|" * len(_HEAD))
    async with AsyncExitStack() as on_exit:
        people = [
            await Person.join(stack.url("http"), stack.url("websocket", "ws"), name)
            for name in ("bob", *["ana"] * SENDERS)
        ]
        for person in people:
            on_exit.push_async_callback(person.http.aclose)
        reader, *senders = people
        talks = [(sender, await sender.conversation(reader)) for sender in senders]
        socket = await on_exit.enter_async_context(reader.online())
        for sender, conversation in talks:
            await sender.send(conversation, "warm")
        trial = Trial(talks, reader, socket, upgrade.is_over, pause_s=PAUSE_S)
        for name, version in (("upgrade", new), ("rollback", old), ("upgrade again", new)):
            outcome = await trial.run(lambda version=version: upgrade.change(version))  # type: ignore[misc]
            outcomes.append(outcome)
            upgrade.say(row(name, upgrade.files, outcome))
    return outcomes


def row(name: str, files: int, outcome: Outcome) -> str:
    """A line of the report."""
    counts = (files, outcome.accepted, outcome.refused, outcome.lost, outcome.doubled, outcome.reordered)
    times = (outcome.window_s, outcome.answer_max_s, outcome.arrived_max_s, outcome.back_s)
    return "| " + " | ".join([name, *map(str, counts), *(f"{seconds:.1f} s" for seconds in times)]) + " |"


def run(start: str, folder: Path, say: Callable[[str], None]) -> list[Outcome]:
    """The whole drill. Raises NoSuchVersion, StartError, TimeoutError."""
    old = unpack(ROOT, start, folder / "old")
    new = copy_of(ROOT, folder / "new")
    application = copy_of(ROOT, folder / "application")
    put(old, application)
    options = [f"--template={application / 'template.yaml'}"]
    stack = RunningStack(folder / "data", options, application).start()
    try:
        say(f"from {start[:12]} to this version\n")
        return asyncio.run(drill(Upgrade(stack, application, say), old, new))
    finally:
        stack.stop()


def main(given: Sequence[str] | None = None) -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(
        prog="scripts/upgrade-drill", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--from", dest="start", help="a name that git knows (the version before this one)")
    options = parser.parse_args(given)
    try:
        start = commit(ROOT, options.start) if options.start else previous(ROOT)
        with tempfile.TemporaryDirectory(prefix="upgrade-") as folder:
            outcomes = run(start, Path(folder), lambda line: print(line, flush=True))
    except (NoSuchVersion, StartError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except TimeoutError:
        print("error: the version was not taken up by every function", file=sys.stderr)
        return 2
    return verdict(outcomes)


if __name__ == "__main__":
    sys.exit(main())
