"""Recording spans by OpenTelemetry's SDK, and their export by OTLP over HTTP. Loaded only where an endpoint is set.

Nothing runs in Lambda once the answer is given, so what has ended is exported before it, within _EXPORT_S. A collector that does
not answer is left alone for _AWAY_S: requests must not wait for it one after the other, and spans are lost rather than kept.

The library's exporter is not used, but for its encoder: it loads another HTTP client than the one that is there (a third of a
function's init), and repeats what fails while somebody waits.
"""

import time
from collections.abc import Sequence

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    TraceState,
    set_span_in_context,
)
from opentelemetry.trace import Span as SdkSpan
from urllib3 import PoolManager, Timeout
from urllib3.exceptions import HTTPError, ProtocolError

from chat4all.logs import logger
from chat4all.tracing.spans import Attributes, Kind, Span
from chat4all.tracing.trace_context import TraceContext

_EXPORT_S = 0.5
"""Longest time of an export, connecting included."""
_AWAY_S = 30.0
_HEADERS = {"content-type": "application/x-protobuf", "user-agent": "chat4all"}
_KEPT_MAX = 2_000
"""Ended spans that wait for their export, which comes at the end of an invocation: a minute of the retrier's has thousands."""


class ExportingTracer:
    """Spans of one service. New traces are sampled by `ratio`, others as their parents are."""

    def __init__(self, service: str, endpoint: str, stage: str, ratio: float) -> None:
        resource = Resource(
            {"service.name": service, "service.namespace": "chat4all", "deployment.environment.name": stage}
        )
        self._ended = _Ended()
        provider = TracerProvider(ParentBased(TraceIdRatioBased(ratio)), resource, shutdown_on_exit=False)
        provider.add_span_processor(self._ended)
        self._tracer = provider.get_tracer("chat4all")
        self._url = f"{endpoint.rstrip('/')}/v1/traces"
        self._http = PoolManager(1, retries=False, timeout=Timeout(total=_EXPORT_S))
        self._not_before = 0.0
        self._lost = 0

    def begin(self, name: str, kind: Kind, parent: TraceContext | None, attributes: Attributes) -> Span:
        """See chat4all.tracing.spans.Tracer."""
        given = {key: value for key, value in attributes.items() if value is not None}
        return _Recorded(self._tracer.start_span(name, _inside(parent), SpanKind[kind.value], given))

    def flush(self) -> None:
        """See chat4all.tracing.spans.Tracer."""
        spans = self._ended.taken()
        self._lost += self._ended.lost()
        if not spans:
            return
        if time.monotonic() >= self._not_before and self._exported(spans):
            return
        self._lost += len(spans)

    def _exported(self, spans: Sequence[ReadableSpan]) -> bool:
        began = time.monotonic()
        cause = self._posted(encode_spans(spans).SerializeToString())
        if not cause:
            if self._lost:
                logger.warning("spans were lost", count=self._lost)
                self._lost = 0
            return True
        self._not_before = time.monotonic() + _AWAY_S
        spent_ms = round((time.monotonic() - began) * 1000)
        logger.warning("traces not exported", cause=cause, spans=len(spans), spent_ms=spent_ms, again_in_s=_AWAY_S)
        return False

    def _posted(self, body: bytes) -> str:
        """OTLP specification, "OTLP/HTTP Request": why it was not taken; empty where it was."""
        for is_last in (False, True):
            try:
                answer = self._http.request("POST", self._url, body=body, headers=_HEADERS)
            except ProtocolError as error:  # the collector has closed the connection since the last time
                if is_last:
                    return f"{type(error).__name__}: {error}"
            except (HTTPError, OSError) as error:
                return f"{type(error).__name__}: {error}"
            else:
                break
        return "" if 200 <= answer.status < 300 else f"HTTP {answer.status}"


class _Recorded(Span):
    """One of the SDK's; of a trace that is not sampled it records nothing."""

    def __init__(self, span: SdkSpan) -> None:
        told = span.get_span_context()
        state = told.trace_state.to_header()
        super().__init__(TraceContext(f"{told.trace_id:032x}", f"{told.span_id:016x}", told.trace_flags.sampled, state))
        self._span = span

    def set(self, attributes: Attributes) -> None:
        for key, value in attributes.items():
            if value is not None:
                self._span.set_attribute(key, value)

    def fail(self, cause: str) -> None:
        self._span.set_attribute("error.type", cause)
        self._span.set_status(Status(StatusCode.ERROR))

    def end(self) -> None:
        self._span.end()


class _Ended(SpanProcessor):
    """Keeps what has ended; threads end spans too."""

    def __init__(self) -> None:
        self._spans: list[ReadableSpan] = []
        self._lost = 0

    def on_end(self, span: ReadableSpan) -> None:
        if len(self._spans) < _KEPT_MAX:
            self._spans.append(span)
        else:
            self._lost += 1

    def taken(self) -> list[ReadableSpan]:
        spans, self._spans = self._spans, []
        return spans

    def lost(self) -> int:
        lost, self._lost = self._lost, 0
        return lost


def _inside(parent: TraceContext | None) -> Context:
    if parent is None:
        return Context()
    flags = TraceFlags(TraceFlags.SAMPLED if parent.is_sampled else TraceFlags.DEFAULT)
    state = TraceState.from_header([parent.state]) if parent.state else None
    told = SpanContext(
        int(parent.trace_id, 16), int(parent.span_id, 16), is_remote=True, trace_flags=flags, trace_state=state
    )
    return set_span_in_context(NonRecordingSpan(told), Context())
