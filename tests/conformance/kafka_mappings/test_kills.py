"""Members that come and go, a broker and a stack that are killed: nothing is lost, and order stays."""

import os
import signal
import time
from contextlib import suppress

import pytest
from kafka import KafkaConsumer
from kafka.errors import KafkaError

from tests.conformance.kafka_mappings.served import Served, numbers, until

pytestmark = [
    pytest.mark.engines,
    # See Served.close: refused connections of kafka-python.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"),
]

A_NEW_CONSUMER_WITHIN_S = 120.0
"""One that Kafka leaves without partitions is made anew after a while."""
LONGER_THAN_A_SESSION_S = 7.0
"""Session timeout of the pollers: 6 s."""


def produce_at_last(served: Served, topic: str, values: list[str], partition: int) -> None:
    """Write each value until it is acknowledged, so perhaps twice."""
    for value in values:

        def written(value: str = value) -> bool:
            with suppress(KafkaError):
                served.produce(topic, [value], partition)
                return True
            return False

        until(written, f"the ack of {value}")


def first_seen(served: Served, function: str, partition: int) -> list[str]:
    return list(dict.fromkeys(served.values(function, partition)))


@pytest.mark.statement("kafka.rebalance")
def test_another_member_of_the_group_takes_partitions_and_gives_them_back(killed: Served) -> None:
    other = KafkaConsumer(
        "events",
        bootstrap_servers=killed.servers,
        group_id="readers",
        enable_auto_commit=False,
        session_timeout_ms=6000,
    )
    try:

        def assigned() -> bool:
            other.poll(100)
            return bool(other.assignment())

        until(assigned, "a partition for the other member")
        taken = {place.partition for place in other.assignment()}

        def left() -> set[int]:
            other.poll(50)
            return {one["partition"] for one in killed.mapping("EventsFunctionRead")["partitions"]}

        until(lambda: left() == {0, 1, 2} - taken, "the others at the mapping")
        for partition in range(3):
            killed.produce("events", numbers(20), partition)
        (kept,) = [partition for partition in range(3) if partition not in taken][:1]
        until(lambda: killed.values("events", kept) == numbers(20), "what is left to the mapping")
    finally:
        other.close()
    for partition in range(3):
        until(lambda partition=partition: first_seen(killed, "events", partition) == numbers(20), "all records")  # type: ignore[misc]


@pytest.mark.statement("kafka.broker-killed")
def test_a_killed_broker_runs_again_and_nothing_is_lost(killed: Served) -> None:
    killed.order("serial", takes_s=0.005)
    for round_ in range(2):
        for partition in range(3):
            produce_at_last(killed, "serial", numbers(30, 30 * round_), partition)
        before = killed.engine_pid()
        os.kill(before, signal.SIGKILL)
        until(lambda before=before: killed.engine_pid() not in (0, before), "another broker")  # type: ignore[misc]
    for partition in range(3):
        produce_at_last(killed, "serial", numbers(1, 60), partition)
    for partition in range(3):
        until(lambda partition=partition: "60" in killed.values("serial", partition), "the last record")  # type: ignore[misc]
        assert first_seen(killed, "serial", partition) == numbers(61)


@pytest.mark.statement("kafka.broker-vanishes")
def test_a_broker_that_vanishes_for_a_while(killed: Served) -> None:
    killed.produce("own", ["before"])
    broker = killed.engine_pid()
    os.kill(broker, signal.SIGSTOP)
    try:
        until_then = time.monotonic() + LONGER_THAN_A_SESSION_S
        while time.monotonic() < until_then:
            assert killed.stack.process.poll() is None
            time.sleep(0.1)
    finally:
        os.kill(broker, signal.SIGCONT)
    produce_at_last(killed, "own", ["after"], 0)
    until(lambda: {"before", "after"} <= set(killed.values("own")), "both records", A_NEW_CONSUMER_WITHIN_S)
    until(
        lambda: killed.mapping("OwnFunctionRead")["state_reason"] is None,
        "the mapping to be well",
        A_NEW_CONSUMER_WITHIN_S,
    )


@pytest.mark.statement("kafka.stack-killed", "kafka.committed-over-position")
def test_a_killed_stack_goes_on_where_its_groups_are(killed: Served) -> None:
    killed.produce("latest", ["first"])
    until(lambda: "first" in killed.values("starts", topic="latest"), "the first record")
    uuid = killed.mapping("StartsFunctionLatest")["uuid"]
    until(lambda: killed.committed(uuid) == {0: 2}, "its commit")
    start = len(killed.values("serial", 0))
    killed.order("serial", takes_s=0.05)
    wanted = [f"killed {number}" for number in range(60)]
    for partition in range(3):
        killed.produce("serial", wanted, partition)
    until(lambda: len(killed.values("serial", 0)) > start + 15, "some of them")
    killed.produce("latest", ["second"])
    killed.kill()

    killed.order("serial")
    killed.start()
    for partition in range(3):
        until(lambda partition=partition: wanted[-1] in killed.values("serial", partition), "the last record")  # type: ignore[misc]
        seen = [value for value in first_seen(killed, "serial", partition) if value in wanted]
        assert seen == wanted
    again = [value for value in killed.values("serial", 0) if value in wanted]
    assert len(again) < 2 * len(wanted)
    until(lambda: "second" in killed.values("starts", topic="latest"), "what came after LATEST was resolved")
    # At least once: the tests before this one have killed the broker.
    assert list(dict.fromkeys(killed.values("starts", topic="latest"))) == ["first", "second"]
    assert set(killed.values("starts", topic="dated")) == {"2", "3"}
