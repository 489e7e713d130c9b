"""Parking and retrying on a real engine: order in each lane, nothing lost and nothing left at any death."""

import base64
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chat4all.bootstrap import App
from chat4all.config import Settings
from chat4all.domain.retry import Trouble
from chat4all.retries import lane as lanes
from chat4all.retries import retrier as retrier_module
from chat4all.retries.invoker import Invoker
from chat4all.retries.lane import claim
from chat4all.retries.retrier import Retrier
from chat4all.retries.trouble import TryLater
from chat4all.stores.retries import ParkedRecord, RetryLane
from tests.contract.conftest import DynamoDb
from tests.contract.handlers import invoke
from tests.contract.retry_world import RetryWorld
from tests.unit.kafka.batches import raw, value_of

pytestmark = pytest.mark.engines


class Throttled(TryLater):
    wait_s = 0.3


class Died(BaseException):
    """Stands for kill -9: nothing catches it."""


@pytest.fixture
def world(deployed: App) -> RetryWorld:
    deployed.bind_tables()
    return RetryWorld()


def test_a_lane_is_handled_in_order_and_leaves_nothing(world: RetryWorld) -> None:
    world.fails[("a", 2)] = RuntimeError("not now")
    assert world.arrive((0, "a", 1), (0, "a", 2), (0, "b", 1), (0, "a", 3)) == []
    assert world.arrive((0, "a", 4), (0, "b", 2), at=4) == []
    assert world.handled == [("a", 1), ("b", 1), ("b", 2)]
    world.fails.clear()
    retried = world.retry_until(lambda: not world.lanes())
    assert world.handled[3:] == [("a", 2), ("a", 3), ("a", 4)]
    assert world.positions() == []
    assert (retried.handled, retried.failed, retried.dead) == (3, 0, 0)
    assert world.arrive((0, "a", 5), at=6) == []
    assert world.handled[-1] == ("a", 5)


def test_a_failing_head_holds_back_only_its_lane_and_delays_grow(world: RetryWorld) -> None:
    world.fails[("a", 1)] = Throttled("slow down")
    world.arrive((0, "a", 1), (0, "a", 2), (0, "b", 1))
    (lane,) = world.lanes()
    first = lane.next_at
    world.retry_until(lambda: world.tried.count(("a", 1)) == 4)
    (lane,) = world.lanes()
    assert lane.next_at >= first + 300, "a throttle is not tried before its time"
    assert lane.cause == "Throttled: slow down"
    assert (int(lane.tries), int(lane.errors)) == (4, 0)
    assert world.handled == [("b", 1)]


def test_a_record_comes_twice_and_is_parked_once(world: RetryWorld) -> None:
    world.fails[("a", 1)] = RuntimeError("not now")
    for _ in range(3):
        assert world.arrive((0, "a", 1), (0, "a", 2)) == []
    assert world.positions() == ["00000@0000000000000000000", "00000@0000000000000000001"]
    assert world.tried == [("a", 1)], "who comes again finds its lane and waits in it"


def test_an_error_of_ours_is_given_up_with_cause_and_tries_and_the_lane_goes_on(world: RetryWorld) -> None:
    world.fails[("a", 1)] = RuntimeError("a bug")
    world.arrive((0, "a", 1), (0, "a", 2))
    world.retry_until(lambda: not world.lanes())
    assert world.handled == [("a", 2)]
    (letter,) = world.publisher.letters
    assert (letter.origin, letter.cause, letter.consumer) == (
        "chat4all.status_updates-0@0",
        "RuntimeError: a bug",
        world.consumer,
    )
    assert letter.tries == world.settings.retry_max_errors
    assert world.tried.count(("a", 1)) == world.settings.retry_max_errors


def test_a_record_that_is_too_old_is_told_that_this_is_its_last_try(deployed: App) -> None:
    deployed.bind_tables()
    world = RetryWorld(Settings(retry_first_s=0.01, retry_longest_s=0.01, retry_max_age_s=0, retry_shards=1))
    world.fails[("a", 1)] = TryLater("the provider is away")
    told: list[bool] = []

    def call(event: dict[str, Any]) -> Any:
        told.append(event["retry"]["last"])
        return world.consume(event)

    world.retrier = world.new_retrier(call)
    world.arrive((0, "a", 1))
    world.retry_until(lambda: not world.lanes())
    assert told == [True]
    assert [letter.cause for letter in world.publisher.letters] == ["TryLater: the provider is away"]


def test_poison_in_a_retry_is_dead_at_once(world: RetryWorld) -> None:
    world.fails[("a", 1)] = RuntimeError("not now")
    world.arrive((0, "a", 1), (0, "a", 2))
    (record, _) = ParkedRecord.query(world.lanes()[0].lane)
    record.value = base64.b64encode(b"{broken").decode()
    record.save()
    world.retry_until(lambda: not world.lanes())
    assert world.handled == [("a", 2)]
    assert "not JSON" in world.publisher.letters[0].cause


def test_a_record_that_is_too_large_to_be_kept_is_dead_with_both_causes(world: RetryWorld) -> None:
    world.fails[("a", 1)] = RuntimeError("not now")
    large = value_of("a", 1)[:-2] + b',"x":"' + b"x" * 500_000 + b'"}}'
    made = raw(0, 0, "01939d5a-0000-7000-8000-00000000000a", large)
    event = {"records": {"t-0": [made]}}
    assert world.consume(event) == {"batchItemFailures": []}
    (letter,) = world.publisher.letters
    assert letter.cause.startswith("RuntimeError: not now; ")
    assert "more than the 380000" in letter.cause
    assert world.lanes() == []


@pytest.mark.parametrize("step", ["remove", "renew", "removed"])
def test_a_retrier_that_dies_at_any_step_loses_nothing_and_keeps_the_order(
    world: RetryWorld, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    world.fails[("a", 1)] = RuntimeError("not now")
    world.arrive((0, "a", 1), (0, "a", 2), (0, "a", 3))
    world.fails.clear()

    def die(*_arguments: Any) -> Any:
        raise Died

    with monkeypatch.context() as patched:
        if step == "remove":
            patched.setattr(retrier_module, "remove", die)
        else:
            patched.setattr(lanes.Lane, step, die)
        with pytest.raises(Died):
            world.retry_until(lambda: False)
    world.retry_until(lambda: not world.lanes())
    assert world.positions() == []
    firsts = list(dict.fromkeys(world.handled))
    assert firsts == [("a", 1), ("a", 2), ("a", 3)]
    assert len(world.handled) <= 4, "at most the one between handling and removal comes twice"


def test_a_retrier_that_dies_after_the_letter_writes_it_again_with_the_same_origin(
    world: RetryWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.fails[("a", 1)] = RuntimeError("a bug")
    world.arrive((0, "a", 1))
    with monkeypatch.context() as patched:

        def die(*_arguments: Any) -> None:
            raise Died

        patched.setattr(retrier_module, "remove", die)
        with pytest.raises(Died):
            world.retry_until(lambda: False)
    world.retry_until(lambda: not world.lanes())
    assert len(world.publisher.letters) == 2
    assert len({letter.origin for letter in world.publisher.letters}) == 1


def test_what_is_parked_while_a_lane_ends_is_not_forgotten(world: RetryWorld) -> None:
    world.fails[("a", 1)] = RuntimeError("not now")
    world.arrive((0, "a", 1))
    world.fails.clear()

    def call(event: dict[str, Any]) -> Any:
        answer = world.consume(event)
        if world.tried.count(("a", 2)) == 0 and ("a", 2) not in arrived:
            arrived.append(("a", 2))
            world.arrive((0, "a", 2), at=1)
        return answer

    arrived: list[tuple[str, int]] = []
    world.retrier = world.new_retrier(call)
    world.retry_until(lambda: not world.lanes())
    assert world.handled == [("a", 1), ("a", 2)]


def test_two_retriers_never_work_on_one_lane(world: RetryWorld) -> None:
    world.fails[("a", 1)] = RuntimeError("not now")
    world.arrive(*[(0, "a", seq) for seq in range(1, 9)])
    world.fails.clear()
    with ThreadPoolExecutor(4) as pool:
        others = [pool.submit(world.new_retrier().retry_due) for _ in range(20)]
        world.retry_until(lambda: not world.lanes())
        for other in others:
            other.result()
    assert world.handled == [("a", seq) for seq in range(1, 9)]


def test_a_claim_that_was_lost_changes_nothing(world: RetryWorld) -> None:
    world.fails[("a", 1)] = RuntimeError("not now")
    world.arrive((0, "a", 1))
    (row,) = world.lanes()
    mine = claim(row.lane, int(row.next_at), 5)
    assert mine is not None
    assert claim(row.lane, int(row.next_at), 5) is None
    RetryLane(row.lane).update([RetryLane.next_at.set(1)])
    mine.postpone(10, Trouble("mine"))
    assert not mine.renew()
    assert not mine.removed()
    assert not mine.refresh()
    assert world.lanes()[0].next_at == 1


def test_a_function_that_is_not_known_leaves_its_lane_as_it_is(world: RetryWorld) -> None:
    world.fails[("a", 1)] = RuntimeError("not now")
    world.arrive((0, "a", 1))
    world.retrier = Retrier(world.settings, Invoker({}), world.publisher)
    world.retry_until(lambda: "no function is named" in world.lanes()[0].cause)
    assert world.lanes()[0].errors == 1
    assert len(world.positions()) == 1


def test_the_function_makes_one_pass_by_hand(deployed: App, dynamodb: DynamoDb) -> None:
    assert deployed.retrier is not None, "its tables are bound"
    dynamodb.clear("retry-lanes")
    assert invoke("retrier", {"passes": 1}) == {"lanes": 0, "handled": 0, "failed": 0, "dead": 0}


def test_a_long_lane_takes_turns_with_the_others(world: RetryWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    world.fails[("a", 1)] = world.fails[("b", 1)] = RuntimeError("not now")
    world.arrive(*((0, "a", number) for number in range(1, 31)), (0, "b", 1))
    world.fails.clear()
    monkeypatch.setattr(retrier_module, "_TURN_S", 0)
    retried = world.retry_until(lambda: len(world.lanes()) == 1)
    assert len([said for said in world.handled if said[0] == "a"]) < 30, "more than its turn while another was due"
    assert retried.failed == 0
    world.retry_until(lambda: not world.lanes())
    assert [said for said in world.handled if said[0] == "a"] == [("a", number) for number in range(1, 31)]
    assert world.positions() == []
