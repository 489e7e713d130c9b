"""One fault of each kind does what it says: seen from outside while it lasts, and over when it returns."""

import errno
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from threading import Thread

import psutil
import pytest

from tests.chaos.faults import all_faults
from tests.chaos.faults.clock import clock_file, set_offset
from tests.chaos.faults.disk import unmount
from tests.chaos.faults.traffic import Traffic
from tests.chaos.world import Fault, World

pytestmark = pytest.mark.engines

FAULTS = {fault.name: fault for fault in all_faults()}
_SEEN_WITHIN_S = 30.0


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(tmp_path_factory.mktemp("faults"))
    made.options += [
        "--parameter=SendsPerSecond=100",
        "--parameter=SendBurst=200",
        "--parameter=AccessTokenSeconds=86400",
    ]
    for fault in FAULTS.values():
        fault.prepare(made)
    yield made.start()
    made.stop()
    unmount(made.data)


@pytest.fixture(scope="module")
def traffic(world: World) -> Iterator[Traffic]:
    begun = Traffic(world).begin()
    begun.flows_again()
    yield begun
    begun.end()


def inject(world: World, name: str, meanwhile: Callable[[], bool]) -> None:
    """Do it; fails where `meanwhile` was never true while it lasted."""
    fault: Fault = FAULTS[name]
    if (why := fault.available(world)) is not None:
        pytest.skip(why)
    failures: list[BaseException] = []

    def doing() -> None:
        try:
            fault.inject(world, Random(5))
        except BaseException as failure:
            failures.append(failure)

    thread, seen = Thread(target=doing), False
    thread.start()
    deadline = time.monotonic() + _SEEN_WITHIN_S
    while thread.is_alive() and not seen and time.monotonic() < deadline:
        seen = meanwhile()
        time.sleep(0.01)
    thread.join(120)
    if failures:
        raise failures[0]
    assert seen, f"{name} was not seen"


def test_an_environment_is_killed_at_a_step(world: World, traffic: Traffic) -> None:
    known = len(world.command("fault.met"))
    FAULTS["kill -9 send after write"].inject(world, Random(1))
    met = world.command("fault.met")[known:]
    assert [one["at"] for one in met] == ["chat4all.sending:write:after"]
    assert not psutil.pid_exists(met[0]["pid"])
    assert world.command("fault.list") == []
    traffic.flows_again()


def test_an_environment_is_killed_at_a_moment(world: World, traffic: Traffic) -> None:
    FAULTS["kill -9 router at a random moment"].inject(world, Random(1))
    traffic.flows_again()


@pytest.mark.parametrize("engine", ["kafka", "dynamodb"])
def test_an_engine_is_killed_and_runs_again(world: World, traffic: Traffic, engine: str) -> None:
    before = world.pids(engine)
    FAULTS[f"kill -9 {engine}"].inject(world, Random(1))
    assert world.pids(engine) not in ([], before)
    traffic.flows_again()


@pytest.mark.parametrize("role", ["dynamodb", "stack"])
def test_a_process_stands_still(world: World, traffic: Traffic, role: str) -> None:
    (pid,) = world.pids(role)
    inject(world, f"pause {role}".replace("pause stack", "pause the stack"), lambda: _stopped(pid))
    assert not _stopped(pid)
    traffic.flows_again()


def _stopped(pid: int) -> bool:
    return bool(psutil.Process(pid).status() == psutil.STATUS_STOPPED)


def test_all_environments_die_with_their_parents(world: World, traffic: Traffic) -> None:
    before = {*world.pids("warm parents"), *world.pids("MessagesSendFunction")}
    FAULTS["kill -9 the warm parents"].inject(world, Random(1))
    traffic.flows_again()
    assert before.isdisjoint({*world.pids("warm parents"), *world.pids("MessagesSendFunction")})


def test_answers_of_the_api_are_lost(world: World, traffic: Traffic) -> None:
    direct = world.urls["http"]
    inject(world, "answers of the HTTP API lost", lambda: world.urls["http"] != direct)
    assert world.urls["http"] == direct
    traffic.flows_again()


def test_functions_reach_the_database_over_a_bad_network(world: World, traffic: Traffic) -> None:
    """The fault itself fails where no function came by the proxy."""
    FAULTS["silent connections to DynamoDB"].inject(world, Random(1))
    assert world.command("fault.list") == []
    traffic.flows_again()


def test_the_clock_of_the_functions_jumps_and_comes_back(world: World, traffic: Traffic) -> None:
    if (why := FAULTS["clock forward by hours"].available(world)) is not None:
        pytest.skip(why)
    set_offset(clock_file(world), 7200)
    try:
        _until_created(traffic, timedelta(hours=2))
    finally:
        set_offset(clock_file(world), 0)
    _until_created(traffic, timedelta(0))


def _until_created(traffic: Traffic, ahead: timedelta) -> None:
    """Messages are accepted at so much later than it is."""
    deadline = time.monotonic() + 2 * _SEEN_WITHIN_S
    while True:
        created = datetime.fromisoformat(traffic.flows_again()["created_at"])
        if abs(created - datetime.now(UTC) - ahead) < timedelta(minutes=2):
            return
        assert time.monotonic() < deadline, created


def test_the_disk_is_full_and_free_again(world: World, traffic: Traffic) -> None:
    inject(world, "full disk", lambda: _is_full(world.data))
    assert not _is_full(world.data)
    traffic.flows_again()


def _is_full(folder: Path) -> bool:
    try:
        (folder / "trial").write_bytes(b"x" * 200_000)
    except OSError as error:
        return error.errno == errno.ENOSPC
    finally:
        (folder / "trial").unlink(missing_ok=True)
    return False


def test_the_stack_is_killed_and_started_again(world: World, traffic: Traffic) -> None:
    before = world.pids("stack")
    FAULTS["kill -9 the whole stack"].inject(world, Random(1))
    assert world.pids("stack") not in ([], before)
    traffic.flows_again()
