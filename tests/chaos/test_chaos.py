"""The short run: a few faults under load, and the workload as a state machine, on one stack."""

import asyncio
import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.chaos.checks import check
from tests.chaos.checks.facts import Facts
from tests.chaos.crowd import Size
from tests.chaos.faults import all_faults
from tests.chaos.history import Recorder, load
from tests.chaos.machine import Conversations
from tests.chaos.mutations.mutation import copy_of
from tests.chaos.run import Options, Running, started
from tests.chaos.stage import Stage
from tests.chaos.table import markdown, rows, totals
from tests.chaos.world import World
from tests.e2e.running_stack import ROOT

SEED = int(os.environ.get("CHAOS_SEED", "5"))
KEPT = ROOT / ".local-stack" / "chaos"
"""A record that shows a violation must outlive the test."""
FAULTS = (
    "kill -9 kafka",
    "kill -9 dynamodb",
    "kill -9 router at a random moment",
    "kill -9 send at a random moment",
    "kill -9 realtime at a random moment",
    "pause the warm parents",
)
OPTIONS = Options(seconds=25, messages=300, seed=SEED, size=Size(people=8, private=4, groups=2, phones=2))
SHORT = [fault for fault in all_faults() if fault.name in FAULTS]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("chaos")
    world = started(folder, SHORT, OPTIONS, root=copy_of(ROOT, folder / "application"))
    yield world
    world.stop()


def test_the_faults_of_the_short_run_are_there(world: World) -> None:
    assert sorted(fault.name for fault in SHORT) == sorted(FAULTS)
    assert [fault.available(world) for fault in SHORT] == [None] * len(FAULTS)


@pytest.mark.timeout(900)
def test_nothing_is_lost_doubled_or_reordered(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    file = KEPT / f"history-{SEED}.jsonl"
    asyncio.run(Running(world, OPTIONS, SHORT, Recorder(file)).whole())
    facts = Facts(load(file))
    violations = check(facts)
    table = markdown(rows(facts, violations), totals(facts, violations))
    with capsys.disabled():
        print(f"\nseed {SEED} (CHAOS_SEED chooses another)\n{table}")
    assert not violations, "\n".join([f"seed {SEED}, {file}", *map(str, violations)])
    assert facts.faults
    assert not [fault for fault in facts.faults if fault.error], capsys.readouterr().out


@pytest.mark.timeout(900)
def test_no_sequence_of_acts_breaks_a_promise(world: World) -> None:
    stage = Stage(world, KEPT)
    Conversations.stage = stage
    try:
        run_state_machine_as_test(
            Conversations,
            settings=settings(
                max_examples=1,
                stateful_step_count=15,
                deadline=None,
                derandomize="CHAOS_SEED" not in os.environ,
                phases=[Phase.explicit, Phase.generate],  # an example takes seconds: what fails is shown as it is
                suppress_health_check=list(HealthCheck),
                print_blob=True,
            ),
        )
    finally:
        stage.close()
