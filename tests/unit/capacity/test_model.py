"""The arithmetic of capacity: what a rate asks of each part, what binds, and what it costs."""

import math
from dataclasses import replace

import pytest

from capacity import deployed, measurements, prices, quotas
from capacity.batching import Split, in_batches, split
from capacity.cost import bill, per_million, total
from capacity.demand import demand
from capacity.design import DESIGNS, TODAY, Design
from capacity.limits import RAISED, binds_at, cells, consumers_bind_at, loads
from capacity.measurements import FunctionUse, Units
from capacity.quotas import Quota
from capacity.scales import PER_MINUTE, Model
from capacity.service import UTILISATION, Service, asked_load, consumer_load, partitions_for
from capacity.workload import Workload

MODEL = Model(measurements.load(), deployed.load(), Workload())


def test_a_cost_of_a_batch_is_told_from_that_of_a_record() -> None:
    assert split(alone=10, together=1 + 9 / 20, records=20) == pytest.approx(9 / 10)
    assert split(alone=10, together=10, records=20) == 0
    assert split(alone=10, together=12, records=20) == 0, "noise makes no batch dearer"
    use = FunctionUse(1, 10, 4, 1, 80, {"webhook-owners": Units(0, 1), "heads": Units(1, 1)})
    ten = in_batches(use, Split(0.9, 0.5), 10)
    assert (ten.invocations, ten.processor_ms, ten.dynamodb_calls) == pytest.approx((0.1, 1.9, 2.2))
    assert ten.tables == {"webhook-owners": Units(0, 0.1), "heads": Units(1, 1)}, "what is read once a batch is shared"


def test_a_consumer_takes_what_came_while_it_worked() -> None:
    service = Service(fixed=10, processor=1, wait=4, at_once=1, gb=1)
    quiet = consumer_load(service, records_s=1, partitions=1, batch=100)
    assert (quiet.records, quiet.ms) == (1, 15)
    busy = consumer_load(service, records_s=100, partitions=1, batch=100)
    assert busy.records == pytest.approx(busy.ms * 0.1), "as many as arrive in the time of one batch"
    assert busy.concurrency == pytest.approx(1), "and it is never idle"
    assert consumer_load(service, 1000, 1, 100).records == 100
    assert service.capacity(100) == pytest.approx(100_000 / 510)
    assert Service(10, 1, 4, at_once=10, gb=1).capacity(100) == pytest.approx(100_000 / 150), (
        "side by side they wait less"
    )
    enough = partitions_for(service, 1000, 100)
    assert 1000 / enough <= UTILISATION * service.capacity(100) < 1000 / (enough - 1)
    assert asked_load(service, 20).concurrency == pytest.approx(20 * 0.015)


def test_what_one_message_asks_is_what_was_measured() -> None:
    """A workload of private texts alone asks for their units, invocations, records and pushes, and nothing more."""
    only = Workload(kinds={"private_text": 1.0}, receipts=0, history_pages=0, connection_s_per_message=0)
    measured = MODEL.measured.kinds["private_text"]
    asked = demand(MODEL.measured, MODEL.deployed, 1.0, only, TODAY)
    for table in {table for use in measured.functions.values() for table in use.tables}:
        units = [use.tables[table] for use in measured.functions.values() if table in use.tables]
        assert asked.writes[table] == pytest.approx(sum(u.write for u in units))
        assert asked.reads[table] == pytest.approx(sum(u.read for u in units))
    assert {name: load.invocations for name, load in asked.functions.items() if load.invocations} == {
        name: use.invocations for name, use in measured.functions.items()
    }
    assert asked.http_requests == 1
    assert asked.posts == measured.pushes
    assert asked.gateway_requests == 1 + measured.pushes
    assert {name: n for name, n in asked.records.items() if n} == {
        name: t.records for name, t in measured.topics.items()
    }


def test_all_kinds_of_the_workload_are_measured_and_shares_are_whole() -> None:
    assert set(Workload().per_message()) <= set(MODEL.measured.kinds)
    assert sum(Workload().kinds.values()) == pytest.approx(1)
    asked = MODEL.demand(1.0, TODAY)
    invoked_by_kafka = {name for name, use in MODEL.measured.kinds["private_text"].functions.items() if use.records}
    assert invoked_by_kafka <= set(MODEL.deployed.topics)
    assert set(MODEL.deployed.topics.values()) == set(asked.topic_partitions)


@pytest.mark.parametrize("design", DESIGNS, ids=lambda design: design.name)
def test_a_quota_is_full_where_it_is_said_to_bind(design: Design) -> None:
    for load in loads(MODEL.demand(1.0, design)):
        rate = binds_at(load.quota, lambda per_second: MODEL.demand(per_second, design))
        if math.isfinite(rate) and load.quota is not quotas.BROKERS:
            before, full = (
                next(one.ratio for one in loads(MODEL.demand(at, design)) if one.quota is load.quota)
                for at in (rate * 0.96, rate * 1.01)
            )
            # Partitions are whole numbers, so some quotas are asked for in steps.
            assert before <= 1 <= full, load.quota.name


def test_consumers_bind_where_their_partitions_never_rest() -> None:
    asked = MODEL.demand(1.0, TODAY)
    for name, rate in consumers_bind_at(asked, 6).items():
        load = asked.functions[name]
        assert rate * load.records_s == pytest.approx(6 * load.of_partition)


def test_cells_bring_each_quota_of_an_account_within_what_it_is_raised_to() -> None:
    asked = MODEL.demand(PER_MINUTE[-1] / 60, TODAY)
    count = cells(asked)
    assert count > 1
    shared = MODEL.demand(PER_MINUTE[-1] / 60 / count, TODAY)
    assert all(load.ratio <= RAISED for load in loads(shared) if load.quota.scope == "account")


def test_each_change_costs_less_and_asks_less_of_the_gateway() -> None:
    today, tuned, own = (MODEL.scale(PER_MINUTE[-1], design) for design in DESIGNS)
    assert today.month_usd > tuned.month_usd > own.month_usd
    assert today.asked.gateway_requests > tuned.asked.gateway_requests > own.asked.gateway_requests


def test_a_bill_is_demand_times_price() -> None:
    scale = MODEL.scale(PER_MINUTE[0], TODAY)
    lines = {line.what: line.usd for line in scale.bill}
    writes = sum(scale.asked.writes.values()) * 30 * 86_400
    assert lines["DynamoDB, writes"] == pytest.approx(writes * prices.WRITE_UNIT.usd)
    assert total(scale.bill) == pytest.approx(sum(lines.values()))
    assert per_million(scale.bill, scale.asked) == pytest.approx(
        scale.month_usd / (PER_MINUTE[0] / 60 * 30 * 86_400) * 1e6
    )
    quieter = replace(MODEL.work, heartbeat_s=240)
    assert total(
        bill(demand(MODEL.measured, MODEL.deployed, 100, quieter, TODAY), MODEL.deployed, quieter, TODAY)
    ) < total(bill(demand(MODEL.measured, MODEL.deployed, 100, MODEL.work, TODAY), MODEL.deployed, MODEL.work, TODAY))


def test_the_deployed_figures_are_those_of_the_template() -> None:
    found = MODEL.deployed
    assert found.topics["router"] == "chat4all.messages"
    assert found.topics["realtime"] == found.topics["webhook_dispatch"] == "chat4all.events"
    assert found.memory_of("router") >= found.default_memory_mb > 0
    assert min(found.partitions, found.pollers, found.batch, found.tables) > 1


def test_every_quota_and_price_has_a_source() -> None:
    found = [value for value in vars(quotas).values() if isinstance(value, Quota)]
    priced = [value for value in vars(prices).values() if isinstance(value, prices.Price)]
    assert len(found) > 10
    assert len(priced) > 10
    assert all(one.source and one.value > 0 for one in found)
    assert all(one.source and one.usd > 0 for one in priced)
