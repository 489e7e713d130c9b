"""One stack for the section; a second one for the tests that kill."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.conformance.kafka_mappings.served import Served


@pytest.fixture(scope="package")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with closing(Served(tmp_path_factory.mktemp("kafka-mappings"))) as one:
        yield one


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A stack whose processes a module may kill."""
    with closing(Served(tmp_path_factory.mktemp("killed-mappings"))) as one:
        yield one
