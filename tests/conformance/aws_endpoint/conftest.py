"""One stack for the section; a second one for the tests that kill."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.conformance.aws_endpoint.served import Served


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with closing(Served(tmp_path_factory.mktemp("endpoint"))) as one:
        yield one


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A stack whose process a module may kill."""
    with closing(Served(tmp_path_factory.mktemp("killed-endpoint"))) as one:
        yield one
