"""What is kept of one invocation."""

from dataclasses import dataclass
from typing import Literal

Source = Literal[
    "http", "websocket", "authorizer", "kafka", "schedule", "custom resource", "invoke", "asynchronous", "stream", "s3"
]
"""Who invoked: a gateway, a mapping, a schedule, the stack's own start, or a caller of the Invoke API (RequestResponse is
`invoke`, Event is `asynchronous`)."""

Outcome = Literal["ok", "error", "timeout", "throttled", "abandoned"]
"""`throttled` ran nothing; of `abandoned` the stack stopped before the answer came."""


@dataclass(frozen=True, slots=True)
class CaptureSummary:
    """One line of a list. Milliseconds, megabytes and bytes; None where Lambda did not say."""

    sequence: int
    """Grows with every invocation of the data folder: the key to page by."""
    request_id: str
    """Lambda's. Retries of an asynchronous invocation share it."""
    function: str
    """Its name, not its logical id."""
    source: Source
    started_at: int
    """Milliseconds since the epoch, when the invocation was asked for."""
    duration_ms: float | None
    """As REPORT says: without the wait for an environment and without its init."""
    init_ms: float | None
    """Only where the invocation was an environment's first."""
    max_memory_mb: int | None
    outcome: Outcome
    error_type: str
    """`errorType` of a failure, such as `KeyError` or `Runtime.ExitError`; empty when the outcome is ok."""
    error_message: str
    event_bytes: int
    response_bytes: int


@dataclass(frozen=True, slots=True)
class Capture:
    """An invocation with all that went in and came out."""

    summary: CaptureSummary
    event: bytes
    """JSON, as the function got it."""
    response: bytes
    """JSON that the function returned, or of its error; empty when it was throttled."""
    log: bytes
    """Its log from START to REPORT; of a long one the end."""


@dataclass(frozen=True, slots=True)
class FunctionStatistics:
    """One function since the stack started, counted as CloudWatch's metrics of Lambda count."""

    invocations: int
    """Those that ran, whatever their outcome; throttles are none."""
    errors: int
    throttles: int
    p50_ms: float | None
    p90_ms: float | None
    p99_ms: float | None
    """Percentiles of the duration, to within 5 %; None before the first."""
    max_ms: float | None
    last_at: int | None
    """Milliseconds since the epoch, when the last one was asked for."""
