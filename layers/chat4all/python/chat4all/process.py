"""What this process is, and which invocation it serves: Lambda gives it one at a time, and its threads have no context."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from chat4all.tracing.trace_context import TraceContext


class Process:
    """There is one of each."""

    service = "chat4all"
    """The function's folder, `edge` or `admin`: what lines and spans say of themselves."""
    invocation: Mapping[str, Any] = {}
    """What every line of the invocation under way says."""
    trace: TraceContext | None = None
    """Its span, where it has one."""


@contextmanager
def invocation(service: str, trace: TraceContext | None, about: Mapping[str, Any]) -> Iterator[None]:
    """Serve an invocation of `service`."""
    Process.service, Process.trace, Process.invocation = service, trace, about
    try:
        yield
    finally:
        Process.trace, Process.invocation = None, {}
