"""The one logger: a JSON object a line, with what is known of the invocation that it belongs to (docs/logs.md).

Every line has `timestamp` (RFC 3339, UTC, milliseconds), `level`, `service`, `location` and `message`; where they are known,
`function_name`, `function_request_id`, `trace_id`, `span_id`, `user_id`, `message_id`, `action` and `latency_ms`.
"""

import logging
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter

from chat4all.domain.redaction import redacted
from chat4all.process import Process
from chat4all.tracing.current import current

_FIRST = ("timestamp", "level", "service", "message")


_known: ContextVar[Mapping[str, Any] | None] = ContextVar("known", default=None)
"""None: nothing is under way."""


class _Formatter(LambdaPowertoolsFormatter):
    """Powertools' JSON, with what is known, and without what no log may hold."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: ARG002 - logging's
        moment = datetime.fromtimestamp(record.created, UTC)
        return f"{moment:%Y-%m-%dT%H:%M:%S}.{int(record.msecs):03d}Z"

    def serialize(self, log: Any) -> str:
        """What was said at the line itself stands over what is known around it."""
        line = {**_around(), **log, "service": Process.service}
        ordered = {name: line.pop(name) for name in _FIRST if name in line}
        text = super().serialize(redacted(ordered | line))
        # A lone surrogate cannot be written: it would cost the line, and its message come unredacted on standard error.
        return text.encode("utf-8", "backslashreplace").decode()

    def formatException(self, ei: Any) -> str:
        """Without what libraries have in their errors' texts beyond their first 2,000 characters a line."""
        return "".join(line[:2000] for line in traceback.format_exception(*ei)).rstrip("\n")


class _OfLibraries(_Formatter):
    """Of what libraries log, by the handler of Lambda's runtime, which ends no lines itself."""

    def serialize(self, log: Any) -> str:
        return super().serialize(log) + "\n"


logger = Logger(service="chat4all", logger_formatter=_Formatter(serialize_stacktrace=False))


def adopt_libraries() -> None:
    """Have what libraries log come as lines like ours, where Lambda's runtime prints it; once in a process."""
    for handler in logging.getLogger().handlers:
        if type(handler).__name__.startswith("LambdaLoggerHandler") and not isinstance(handler.formatter, _OfLibraries):
            handler.setFormatter(_OfLibraries(serialize_stacktrace=False))
            # Powertools sees to that for handlers that were there before it; the runtime's may come later.
            handler.addFilter(lambda record: record.name != logger.name)


def know(**ids: Any) -> None:
    """Say this in every line until the end of what is under way (`within`); where nothing is, in none."""
    known = _known.get()
    if known is not None:
        _known.set({**known, **ids})


@contextmanager
def within(**ids: Any) -> Iterator[None]:
    """Say this in every line inside, and what is known inside not after it."""
    token = _known.set({**(_known.get() or {}), **ids})
    try:
        yield
    finally:
        _known.reset(token)


def _around() -> dict[str, Any]:
    trace = current() or Process.trace
    ids = {"trace_id": trace.trace_id, "span_id": trace.span_id} if trace is not None else {}
    return {**Process.invocation, **ids, **(_known.get() or {})}
