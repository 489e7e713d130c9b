"""The span in which this thread or task is."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from chat4all.tracing.trace_context import TraceContext

_current: ContextVar[TraceContext | None] = ContextVar("trace", default=None)


def current() -> TraceContext | None:
    """None outside of any; a thread begins outside."""
    return _current.get()


@contextmanager
def following(context: TraceContext | None) -> Iterator[None]:
    """What happens inside belongs to `context`; with None to what it belongs to already."""
    if context is None:
        yield
        return
    token = _current.set(context)
    try:
        yield
    finally:
        _current.reset(token)
