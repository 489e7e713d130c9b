"""The simulator agrees with what was measured here, and with the arithmetic where nothing queues."""

import pytest

from capacity import deployed, measurements
from capacity.design import TODAY
from capacity.scales import PER_MINUTE, Model
from capacity.simulation import recorded
from capacity.simulation.comparison import judged
from capacity.simulation.costs import Costs, line
from capacity.simulation.here import CALLS, Waits, as_fast_as_it_goes, at_rate, percentile
from capacity.simulation.on_aws import OnAws
from capacity.simulation.section import OBJECTIVE_MS, SCALED, Simulated, simulate
from capacity.workload import Latencies, Workload

MODEL = Model(measurements.load(), deployed.load(), Workload())
EVEN = Costs(
    dict.fromkeys(
        ("client", "stack", "kafka", "dynamodb", "messages_send", "router", "realtime", "webhook_dispatch"), 4.0
    ),
    idle=0.0,
    spread=0.0,
)
TOLERANCE_P50, TOLERANCE_P50_MEAN, TOLERANCE_FULL = 0.5, 0.25, 0.05
"""Shares of what was measured; docs/capacity.md says how far off each was."""


@pytest.fixture(scope="module")
def simulated() -> Simulated:
    return simulate(MODEL, recorded.load())


def test_it_reproduces_what_was_measured_before_it_is_believed_beyond(simulated: Simulated) -> None:
    predicted = [pair for pair in judged(simulated.recorded, simulated.pairs) if pair.what.endswith("p50")]
    assert len(predicted) >= 6
    assert {pair.what: pair.error for pair in predicted if abs(pair.error) > TOLERANCE_P50} == {}
    assert sum(abs(pair.error) for pair in predicted) / len(predicted) <= TOLERANCE_P50_MEAN
    (full,) = (pair for pair in simulated.pairs if pair.what == "messages/s, full")
    assert abs(full.error) <= TOLERANCE_FULL


def test_the_computed_partitions_keep_the_objective_and_far_fewer_do_not(simulated: Simulated) -> None:
    for _, runs in simulated.aws:
        by_partitions = dict(zip(SCALED, runs, strict=True))
        assert by_partitions[1.0].p99_ms < OBJECTIVE_MS < by_partitions[0.7].p99_ms


def test_it_makes_the_calls_that_were_counted() -> None:
    functions = MODEL.measured.kinds["private_text"].functions
    assert {name: round(use.dynamodb_calls) for name, use in functions.items()} == CALLS


def test_alone_a_message_takes_what_its_way_costs() -> None:
    seen = at_rate(EVEN, Waits(answer=10, push=6), processors=2, rate=0.1, messages=50)
    # Client, gateway, function with its five calls, producing, and half of what the stack does; nothing queues.
    answer = 2 + 2 * 4 / 7 + 4 + 4 * 5 / 9 + 4 / 5 + 10
    assert percentile(seen.api, 0.5) == pytest.approx(answer, rel=0.01)
    assert percentile(seen.push, 0.5) > answer


def test_full_it_does_no_more_than_the_processors_can() -> None:
    total = sum(EVEN.message.values())
    one = as_fast_as_it_goes(EVEN, Waits(), processors=1, clients=16, messages=320)
    two = as_fast_as_it_goes(EVEN, Waits(), processors=2, clients=16, messages=320)
    assert 0.9 * 1000 / total < one < 1.15 * 1000 / total
    assert 1.6 < two / one <= 2.1
    assert as_fast_as_it_goes(EVEN, Waits(), 2, 16, 320) == two, "the same each time"


def test_a_line_is_found() -> None:
    assert line([(1, 5), (2, 7), (3, 9)]) == pytest.approx((2, 3))


def test_on_aws_a_partition_is_as_busy_as_the_arithmetic_says() -> None:
    asked = MODEL.demand(PER_MINUTE[1] / 60, TODAY)
    result = OnAws(asked, MODEL.deployed.batch, Latencies(), 0.3, 1.0, seed=1).run(2000)
    assert result.partitions == asked.topic_partitions["chat4all.messages"]
    assert 0.3 < result.busy < 0.9
    assert result.p50_ms < result.p99_ms < 2000
    few = OnAws(asked, MODEL.deployed.batch, Latencies(), 0.3, 0.5, seed=1).run(2000)
    assert few.p99_ms > 2 * result.p99_ms, "with half of the partitions the queue grows"
