"""Every interface to the stack."""

from collections.abc import Iterator

import pytest

from tests.e2e.interfaces.edge_process import edge_of
from tests.e2e.running_stack import RunningStack


@pytest.fixture(scope="package")
def grpc_target(stack: RunningStack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`host:port` of the gRPC edge."""
    with edge_of(stack, tmp_path_factory.mktemp("edge") / "log") as target:
        yield target
