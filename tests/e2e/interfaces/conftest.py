"""Every interface to the stack."""

import pytest

from tests.e2e.running_stack import RunningStack


@pytest.fixture
def grpc_target(stack: RunningStack) -> str:
    """`host:port` of the gRPC edge."""
    return stack.grpc()
