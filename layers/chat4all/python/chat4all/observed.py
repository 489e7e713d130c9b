"""Around every handler: the trace goes on, one line says what came of the invocation, and what was recorded goes out."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import Any, TypeVar

from chat4all import config, logs
from chat4all.invocation import HTTP, KAFKA, WEBSOCKET, Invocation, invocation_of
from chat4all.logs import logger
from chat4all.metrics.emission import flush
from chat4all.metrics.invocations import count_invocation
from chat4all.process import Process, invocation
from chat4all.tracing import spans
from chat4all.tracing.trace_context import TraceContext
from chat4all.tracing.tracers import tracer_of

Answer = TypeVar("Answer")
Handler = Callable[[Any, Any], Answer]

_LINES = {HTTP: "request", WEBSOCKET: "request", KAFKA: "batch"}


class Observation:
    """One invocation, and what came of it."""

    def __init__(self, service: str, about: Invocation) -> None:
        self.service = service
        self.about = about
        self.answer: Any = None
        self.error = ""
        """Name of the exception that left the handler."""
        self.latency_ms = 0.0

    @property
    def status(self) -> int:
        """HTTP's; 500, which the gateway says for it, where an exception has left the handler."""
        return 500 if self.error else self.about.status_of(self.answer)

    @property
    def outcome(self) -> str:
        """`done`, `refused` (the caller is at fault) or `failed` (we are)."""
        if self.error:
            return "refused" if self.about.is_authorizer else "failed"
        return self.about.outcome_of(self.answer)


def observed(service: str) -> Callable[[Handler[Answer]], Handler[Answer]]:
    """Decorates the Lambda handler of the function `service`. What it returns and raises is left as it is.

    Raises:
        ConfigurationError: in Lambda, a setting is missing or wrong: the init fails with its name.
    """
    config.check_environment(service)
    logs.adopt_libraries()
    if config.exports_traces():
        import chat4all.tracing.exporting  # noqa: F401 - in the init phase

    def decorate(handler: Handler[Answer]) -> Handler[Answer]:
        @wraps(handler, updated=())
        def observe(event: Any, context: Any) -> Answer:
            seen = Observation(service, invocation_of(event))
            Process.service = service
            spans.record_by(tracer_of(service))
            try:
                with _observing(seen, _function(context)):
                    seen.answer = answer = handler(event, context)
                return answer
            finally:
                _after(seen)

        return observe

    return decorate


@contextmanager
def _observing(seen: Observation, function: Mapping[str, str]) -> Iterator[None]:
    """Within the invocation's span, where it has one of its own: records of a batch have theirs (chat4all.kafka.consumed)."""
    about, began = seen.about, time.perf_counter()
    if about.source == KAFKA:
        with _lines(seen, about.trace, function, began):
            yield
        return
    attributes = {"faas.trigger": about.source, "faas.invocation_id": function.get("function_request_id")}
    with spans.entered(about.action or seen.service, about.kind, about.trace, attributes) as own:
        try:
            with _lines(seen, own.context, function, began):
                yield
        finally:
            own.set(
                {"chat4all.outcome": seen.outcome, "http.response.status_code": about.status_of(seen.answer) or None}
            )
            if seen.outcome == "failed":
                own.fail(seen.error or "failed")


@contextmanager
def _lines(seen: Observation, trace: TraceContext | None, function: Mapping[str, str], began: float) -> Iterator[None]:
    with invocation(seen.service, trace, function), logs.within(**seen.about.known):
        try:
            yield
        except Exception as error:
            seen.error = type(error).__name__
            raise
        finally:
            seen.latency_ms = round((time.perf_counter() - began) * 1000, 1)
            _say(seen)


def _say(seen: Observation) -> None:
    """The one line of an invocation."""
    about = seen.about
    facts: dict[str, Any] = {
        "status": about.status_of(seen.answer),
        "records": about.records,
        "failed": about.failed_of(seen.answer),
        "trace_ids": about.traces,
        "error": seen.error,
    }
    logger.info(
        _LINES.get(about.source, "run"),
        action=about.action,
        outcome=seen.outcome,
        latency_ms=seen.latency_ms,
        **{name: value for name, value in facts.items() if value},
    )


def _after(seen: Observation) -> None:
    """What was recorded goes out before the answer: nothing runs in Lambda after it."""
    count_invocation(seen.service, seen.about.source, seen.status, seen.latency_ms / 1000)
    settings = config.settings()
    flush(settings.stage, settings.metrics_interval_s)
    spans.flush()


def _function(context: Any) -> dict[str, str]:
    found = {
        "function_name": getattr(context, "function_name", None),
        "function_request_id": getattr(context, "aws_request_id", None),
    }
    return {name: str(value) for name, value in found.items() if value}
