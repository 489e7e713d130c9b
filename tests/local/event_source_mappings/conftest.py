"""Mappings on a real broker, with functions in this process."""

from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import uuid4

import pytest

from local.application import KafkaMapping
from local.event_source_mappings import KafkaMappings
from local.event_source_mappings.retry import Backoff
from tests.local.fake_functions import FakeFunctions
from tests.local.kafka_broker import KafkaBroker

Start = Callable[..., Awaitable[KafkaMappings]]


@pytest.fixture
def topic(kafka: KafkaBroker) -> str:
    """A topic of two partitions."""
    return kafka.create_topic(f"orders-{uuid4().hex[:8]}", partitions=2)


@pytest.fixture
async def start(kafka: KafkaBroker) -> AsyncIterator[Start]:
    """Starts mappings that wait little between tries, and waits until they are enabled."""
    running: list[KafkaMappings] = []

    async def start_mappings(functions: FakeFunctions, *mappings: KafkaMapping, wait: bool = True) -> KafkaMappings:
        started = KafkaMappings(
            mappings, kafka.bootstrap_servers, functions.invoke, backoff=Backoff(first_s=0.02, longest_s=0.2)
        )
        running.append(started)
        await started.start()
        if wait:
            await started.until_enabled()
        return started

    yield start_mappings
    for mappings in running:
        await mappings.stop(grace_s=0.2)
