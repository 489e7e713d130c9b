"""Three brokers as on MSK (replication 3, minimum in-sync 2, SCRAM over TLS), some of which die under load."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.brokers import Brokers
from tests.e2e.people import Person
from tests.e2e.running_stack import ROOT, RunningStack
from tests.e2e.trial import Outcome, Trial

TALKS = 3
COLUMNS = {
    "202": 6,
    "503": 6,
    "lost": 6,
    "doubled": 9,
    "window s": 10,
    "answer p50 ms": 15,
    "longest s": 11,
    "arrived by s": 14,
}
HEAD = f"{'fault':28}" + "".join(f"{name:>{width}}" for name, width in COLUMNS.items())


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[RunningStack]:
    options = [
        "--kafka-brokers=3",
        "--kafka-security=scram",
        "--parameter=SendsPerSecond=1000",
        "--parameter=SendBurst=1000",
    ]
    running = RunningStack(tmp_path / "data", options).start()
    yield running
    running.stop()


async def row(trial: Trial, name: str, fault: Callable[[], None]) -> None:
    """Prints it. Fails where anything was lost, doubled, reordered, or answered with neither 202 nor 503 with Retry-After."""
    came: Outcome = await trial.run(fault)
    assert came.holds, f"{name}: {came}"
    print(
        f"{name:28}{came.accepted:6}{came.refused:6}{came.lost:6}{came.doubled:9}{came.window_s:10.2f}"
        f"{came.answer_p50_s * 1000:15.0f}{came.answer_max_s:11.2f}{came.arrived_max_s:14.2f}",
        flush=True,
    )


@pytest.mark.engines
@pytest.mark.timeout(600)
async def test_brokers_die_under_load_and_nothing_is_lost_doubled_or_reordered(stack: RunningStack) -> None:
    brokers = Brokers(stack)
    partitions = brokers.topic("chat4all.messages")["partitions"]
    assert {len(partition["replica_nodes"]) for partition in partitions} == {3}
    assert brokers.config("chat4all.messages", "min.insync.replicas") == "2"
    bob, *senders = [
        await Person.join(stack.url("http"), stack.url("websocket", "ws"), name) for name in ("bob", *["ana"] * TALKS)
    ]
    talks = [(ana, await ana.conversation(bob)) for ana in senders]
    async with bob.online() as socket:
        for ana, conversation in talks:
            await ana.send(conversation, "warm")
        trial = Trial(talks, bob, socket, brokers.all_run)
        leader = int(partitions[0]["leader_id"])
        print(f"\n{HEAD}")
        await row(trial, "none", lambda: None)
        await row(trial, "leader killed", lambda: brokers.kill(leader))
        await row(trial, "active controller killed", lambda: brokers.kill(brokers.controller()))
        await row(trial, "two killed", lambda: brokers.kill(*two_of(brokers.controller())))
        await row(trial, "two paused for 4 s", lambda: pause(stack, *two_of(brokers.controller())))
    for person in (bob, *senders):
        await person.http.aclose()


def two_of(controller: int) -> tuple[int, int]:
    """The active controller and another."""
    return controller, controller % 3 + 1


def pause(stack: RunningStack, *numbers: int) -> None:
    """By scripts/fault."""
    for number in numbers:
        command = ["-m", "local", "fault", "add", f"--data={stack.data}", "engine", f"kafka-{number}", "pause", "4"]
        ran = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False)
        assert ran.stdout == f"Done: engine kafka-{number}: pause 4 s\n", ran.stderr
