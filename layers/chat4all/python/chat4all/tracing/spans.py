"""Spans: a function's own, of each record that it handles, and of the calls that it makes.

Where nothing is exported, only the trace goes on: what is asked has a span of its own in it, and the calls inside cost nothing.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import Enum
from typing import Protocol

from chat4all.tracing.current import current, following
from chat4all.tracing.trace_context import TraceContext, new_trace

Value = str | int | float | bool
Attributes = Mapping[str, Value | None]
"""By OpenTelemetry's names (semantic conventions); what is None is left out."""


class Kind(Enum):
    """OpenTelemetry specification, "Tracing API", SpanKind."""

    INTERNAL = "INTERNAL"
    SERVER = "SERVER"
    CLIENT = "CLIENT"
    PRODUCER = "PRODUCER"
    CONSUMER = "CONSUMER"


class Span:
    """One that is not recorded."""

    def __init__(self, context: TraceContext) -> None:
        self.context = context

    def set(self, attributes: Attributes) -> None:
        """Say more of it."""

    def fail(self, cause: str) -> None:
        """It ends as an error; `cause` is a stable word or the name of an exception, never what somebody said."""

    def end(self) -> None:
        """It is over."""


class Tracer(Protocol):
    """Who records spans (chat4all.tracing.exporting)."""

    def begin(self, name: str, kind: Kind, parent: TraceContext | None, attributes: Attributes) -> Span:
        """A span from now on; without a parent the first of a trace. It is not recorded where its trace is not sampled."""

    def flush(self) -> None:
        """Export what has ended. Bounded in time; never raises."""


class _Process:
    """Of this one."""

    recorder: Tracer | None = None


def record_by(recorder: Tracer | None) -> None:
    """Have spans recorded from now on; None: not."""
    _Process.recorder = recorder


def begin(name: str, kind: Kind, parent: TraceContext | None, attributes: Attributes) -> Span:
    """The span of what somebody else has asked for; the caller ends it. Without a parent it begins a trace."""
    recorder = _Process.recorder
    if recorder is None:
        return Span(parent.child() if parent is not None else new_trace())
    return recorder.begin(name, kind, parent, attributes)


@contextmanager
def entered(name: str, kind: Kind, parent: TraceContext | None, attributes: Attributes) -> Iterator[Span]:
    """What happens inside belongs to a span of its own."""
    with begun(name, kind, parent, attributes) as own, following(own.context):
        yield own


@contextmanager
def begun(name: str, kind: Kind, parent: TraceContext | None, attributes: Attributes) -> Iterator[Span]:
    """A span that ends with what happens inside; an exception that leaves it ends it as an error."""
    own = begin(name, kind, parent, attributes)
    try:
        yield own
    except BaseException as error:
        own.fail(type(error).__name__)
        raise
    finally:
        own.end()


@contextmanager
def call(name: str, kind: Kind, attributes: Attributes) -> Iterator[Span | None]:
    """A step of what is under way; None, and nothing is done, where that is not recorded."""
    around, recorder = current(), _Process.recorder
    if recorder is None or around is None or not around.is_sampled:
        yield None
        return
    with entered(name, kind, around, attributes) as own:
        yield own


def flush() -> None:
    """Export what has ended: before the answer, since nothing runs in Lambda after it."""
    recorder = _Process.recorder
    if recorder is not None:
        recorder.flush()
