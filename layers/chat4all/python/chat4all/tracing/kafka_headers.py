"""The trace in a record's headers (CloudEvents, "Distributed Tracing extension", and W3C Trace Context), in and out."""

from collections.abc import Mapping
from typing import Any

from chat4all.tracing.trace_context import TRACEPARENT, TRACESTATE, TraceContext, of_headers


def headers_of(context: TraceContext | None) -> list[tuple[str, bytes]]:
    """For a producer."""
    return [(name, value.encode()) for name, value in context.headers().items()] if context is not None else []


def context_of(raw: Mapping[str, Any]) -> TraceContext | None:
    """Of a record as Lambda gives it: each header a list of bytes, which may be signed. The first of a name counts."""
    found: dict[str, str] = {}
    for header in raw.get("headers") or ():
        for name, value in header.items() if isinstance(header, Mapping) else ():
            if name in (TRACEPARENT, TRACESTATE) and name not in found:
                found[name] = _text(value)
    return of_headers(found) if found else None


def _text(value: Any) -> str:
    try:
        return bytes(byte & 0xFF for byte in value).decode("ascii", "replace")
    except TypeError:
        return ""
