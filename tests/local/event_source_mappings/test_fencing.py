import asyncio
from typing import Any

import pytest
from confluent_kafka import Consumer

from local.event_source_mappings import poller
from tests.local.event_source_mappings.conftest import Start
from tests.local.event_source_mappings.topics import mapping, numbered, produce, values
from tests.local.fake_functions import FakeFunctions, until
from tests.local.kafka_broker import KafkaBroker

pytestmark = pytest.mark.engines


async def test_a_poller_whose_place_was_taken_starts_again(kafka: KafkaBroker, topic: str, start: Start) -> None:
    """As after a standstill of the broker, which then sees its two joins as two consumers with one instance id."""
    functions = FakeFunctions({"worker": lambda _event: None})
    one = mapping(topic)
    mappings = await start(functions, one)
    produce(kafka.bootstrap_servers, topic, numbered(3))
    await until(lambda: len(functions.calls) > 0, "the first records")

    def assigned(consumer: Consumer) -> bool:
        consumer.poll(0.05)
        return bool(consumer.assignment())

    for _ in range(3):
        other = Consumer(
            {
                "bootstrap.servers": kafka.bootstrap_servers,
                "group.id": one.group_id,
                "group.instance.id": one.uuid,
                "enable.auto.commit": False,
                "session.timeout.ms": 6000,
            }
        )
        other.subscribe([topic])
        await until(lambda other=other: assigned(other), "the other consumer to take the place")  # type: ignore[misc]
        await until(lambda: mappings.get(one.uuid).partitions == (), "the poller to notice")
        other.close()
        await until(lambda: len(mappings.get(one.uuid).partitions) == 2, "the poller to be back", timeout_s=20)
    produce(kafka.bootstrap_servers, topic, numbered(1, 3))

    def got() -> set[bytes]:
        return {value for _, event in functions.calls for value in values(event)}

    await until(lambda: got() == set(numbered(4)), "all records")
    await until(lambda: mappings.get(one.uuid).state_reason is None, "the mapping to be well")


async def test_a_consumer_that_never_gets_partitions_is_made_anew(
    kafka: KafkaBroker, topic: str, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As librdkafka's that has forgotten its broker: it asks nobody, and nothing tells of it."""
    made: list[Consumer] = []

    class Forgetful(Consumer):
        def subscribe(self, *arguments: Any, **callbacks: Any) -> None:
            made.append(self)
            if len(made) > 1:
                super().subscribe(*arguments, **callbacks)

    monkeypatch.setattr(poller, "Consumer", Forgetful)
    monkeypatch.setattr(poller, "LEFT_ALONE_S", 5.0)
    functions = FakeFunctions({"worker": lambda _event: None})
    one = mapping(topic)
    starting = asyncio.create_task(start(functions, one))
    await until(lambda: len(made) > 1, "another consumer", timeout_s=60)
    mappings = await starting
    produce(kafka.bootstrap_servers, topic, numbered(3))
    await until(lambda: len(functions.calls) > 0, "the first records")
    await until(lambda: mappings.get(one.uuid).state_reason is None, "the mapping to be well")
