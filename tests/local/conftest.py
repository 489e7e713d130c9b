"""Engines that the tests of the local stack share."""

from collections.abc import Iterator

import pytest

from tests.local.kafka_broker import KafkaBroker


@pytest.fixture(scope="package")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaBroker]:
    """One broker for the folder; each test makes topics of its own."""
    broker = KafkaBroker(tmp_path_factory.mktemp("kafka"))
    broker.start()
    yield broker
    broker.close()
