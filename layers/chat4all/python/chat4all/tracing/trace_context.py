"""W3C Trace Context, level 1 (https://www.w3.org/TR/trace-context-1/): what a request, a record or a frame says of its trace."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace

TRACEPARENT, TRACESTATE = "traceparent", "tracestate"
_TRACEPARENT = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?", re.ASCII | re.DOTALL)
_SAMPLED = 1
_STATE_MAX, _MEMBERS_MAX = 512, 32
_MEMBER = re.compile(
    r"(?:[a-z][_0-9a-z*/-]{0,255}|[a-z0-9][_0-9a-z*/-]{0,240}@[a-z][_0-9a-z*/-]{0,13})"
    r"=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]"
)
"""A key and its value (section 3.3.1)."""


@dataclass(frozen=True, slots=True)
class TraceContext:
    """A span of a trace, as others are told of it."""

    trace_id: str
    """32 hexadecimal digits in lower case."""
    span_id: str
    """16 of them; others say parent-id."""
    is_sampled: bool = False
    """Whether who made it records the trace."""
    state: str = ""
    """`tracestate`, as it came."""

    @property
    def traceparent(self) -> str:
        """The header of that name, version 00. Of the flags, only that of sampling is set (section 4.3)."""
        return f"00-{self.trace_id}-{self.span_id}-{_SAMPLED if self.is_sampled else 0:02x}"

    def child(self) -> "TraceContext":
        """Another span of the trace."""
        return replace(self, span_id=secrets.token_hex(8))

    def headers(self) -> dict[str, str]:
        """`traceparent`, and `tracestate` where there is any."""
        return {TRACEPARENT: self.traceparent} | ({TRACESTATE: self.state} if self.state else {})


def new_trace() -> TraceContext:
    """The first span of a trace, which is not sampled."""
    return TraceContext(secrets.token_hex(16), secrets.token_hex(8))


def parsed(traceparent: object, tracestate: object = None) -> TraceContext | None:
    """What the headers say; None where `traceparent` is none: then a trace begins (section 3.2.2).

    A later version is read as far as it is known. A `tracestate` that is none is dropped, the trace goes on.
    """
    found = _TRACEPARENT.fullmatch(traceparent.strip(" \t")) if isinstance(traceparent, str) else None
    if found is None:
        return None
    version, trace_id, span_id, flags, more = found.groups()
    if version == "ff" or (version == "00" and more is not None) or not int(trace_id, 16) or not int(span_id, 16):
        return None
    return TraceContext(trace_id, span_id, bool(int(flags, 16) & _SAMPLED), _state(tracestate))


def of_headers(headers: Mapping[str, str]) -> TraceContext | None:
    """Of HTTP headers whose names are in lower case, or of a frame."""
    return parsed(headers.get(TRACEPARENT), headers.get(TRACESTATE))


def _state(text: object) -> str:
    if not isinstance(text, str) or len(text) > _STATE_MAX or text.count(",") >= _MEMBERS_MAX:
        return ""
    members = [member.strip(" \t") for member in text.split(",")]
    return text.strip(" \t") if all(not member or _MEMBER.fullmatch(member) for member in members) else ""
