"""What an event of Lambda says of itself: who asks, for what, in which trace. Pure."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chat4all.tracing.kafka_headers import context_of
from chat4all.tracing.spans import Kind
from chat4all.tracing.trace_context import TRACEPARENT, TraceContext, of_headers

HTTP, WEBSOCKET, KAFKA, OTHER = "http", "websocket", "kafka", "other"
AUTHORIZE = "authorize"
_TRACES_MAX = 20
"""Traces of a batch that its line names."""


@dataclass(frozen=True, slots=True)
class Invocation:
    """Of one event."""

    source: str
    """http, websocket, kafka or other (schedules, S3, CloudFormation, by hand)."""
    action: str
    """A route's key, of few values: `POST /v1/messages`, `$connect`, `send`; of a batch `consume`; else `run`."""
    trace: TraceContext | None = None
    """Of who asks; of a batch that of its only record."""
    known: Mapping[str, str] = field(default_factory=dict)
    """`user_id`, where the gateway's authorizer has found one."""
    records: int = 0
    """Of a batch."""
    traces: tuple[str, ...] = ()
    """Ids of the traces of a batch of several."""

    @property
    def kind(self) -> Kind:
        """Of its span."""
        return Kind.SERVER if self.source in (HTTP, WEBSOCKET) else Kind.INTERNAL

    @property
    def is_authorizer(self) -> bool:
        """It refuses by an exception: that is how the gateway wants it."""
        return self.action == AUTHORIZE

    def outcome_of(self, answer: Any) -> str:
        """`done`, `refused` (the caller is at fault, 4xx) or `failed` (we are, 5xx; a record of a batch)."""
        status = self.status_of(answer)
        if status >= 500 or self.failed_of(answer):
            return "failed"
        return "refused" if status >= 400 else "done"

    def status_of(self, answer: Any) -> int:
        """HTTP's, of what a gateway is answered; else 0."""
        is_answer = self.source in (HTTP, WEBSOCKET) and isinstance(answer, Mapping)
        return int(answer.get("statusCode") or 0) if is_answer else 0

    def failed_of(self, answer: Any) -> int:
        """Records of a batch that must come again."""
        return len(answer.get("batchItemFailures") or ()) if self.records and isinstance(answer, Mapping) else 0


def invocation_of(event: Any) -> Invocation:
    """Never raises: what is not known is OTHER."""
    if not isinstance(event, Mapping):
        return Invocation(OTHER, "run")
    context = event.get("requestContext")
    if isinstance(context, Mapping):
        return _of_http(event, context) if "http" in context else _of_websocket(event, context)
    if isinstance(event.get("records"), Mapping):
        return _of_batch(record for records in event["records"].values() for record in records)
    return Invocation(OTHER, "run")


def _of_http(event: Mapping[str, Any], context: Mapping[str, Any]) -> Invocation:
    action = str(context.get("routeKey") or event.get("routeKey") or "")
    return Invocation(HTTP, action, of_headers(event.get("headers") or {}), _user(context, "jwt", "claims", "sub"))


def _of_websocket(event: Mapping[str, Any], context: Mapping[str, Any]) -> Invocation:
    action, body = str(context.get("routeKey") or ""), event.get("body")
    if "methodArn" in event:
        action = AUTHORIZE
    trace = of_headers(_lower(event.get("headers"))) if event.get("headers") else _of_frame(body)
    return Invocation(WEBSOCKET, action, trace, _user(context, "user_id"))


def _of_frame(body: Any) -> TraceContext | None:
    """A frame is read twice only where it names a trace."""
    if not isinstance(body, str) or f'"{TRACEPARENT}"' not in body:
        return None
    try:
        frame = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return of_headers(frame) if isinstance(frame, dict) else None


def _of_batch(records: Iterable[Any]) -> Invocation:
    found = [context_of(record) for record in records if isinstance(record, Mapping)]
    if len(found) == 1:
        return Invocation(KAFKA, "consume", found[0], records=1)
    traces = dict.fromkeys(context.trace_id for context in found if context is not None)
    return Invocation(KAFKA, "consume", records=len(found), traces=tuple(traces)[:_TRACES_MAX])


def _user(context: Mapping[str, Any], *way: str) -> dict[str, str]:
    found: Any = context.get("authorizer")
    for step in way:
        found = found.get(step) if isinstance(found, Mapping) else None
    return {"user_id": str(found)} if found else {}


def _lower(headers: Any) -> dict[str, str]:
    """The WebSocket API gives names as clients wrote them."""
    return {str(name).lower(): value for name, value in headers.items()} if isinstance(headers, Mapping) else {}
