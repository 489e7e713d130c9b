"""One stack for the section. A test that kills it starts it again, on other ports."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.conformance.aws_endpoint.served import Served


@pytest.fixture(scope="package")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with closing(Served(tmp_path_factory.mktemp("endpoint"))) as one:
        yield one
