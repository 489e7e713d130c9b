"""What the Lambda service saw of one invocation, and how that becomes a row."""

import json
from typing import NamedTuple

from local.captures.capture import Outcome, Source
from local.lambda_service.platform_lines import Outcome as Ran

_AUTHORIZER_EVENT = b'{"type":"REQUEST","methodArn":'
_MESSAGE_CHARACTERS = 500


class Observed(NamedTuple):
    """Collected in the event loop, so nothing is computed for it there."""

    request_id: str
    function: str
    source: Source
    started_s: float
    """Seconds since the epoch."""
    event: bytes
    response: bytes
    log: bytes
    function_error: str | None
    refused: Outcome | None
    """Why there is no answer."""
    ran: Ran | None = None
    """What Lambda says of it."""

    @property
    def size(self) -> int:
        return len(self.event) + len(self.response) + len(self.log)

    @property
    def failed(self) -> bool:
        return self.function_error is not None or self.refused is not None


Row = tuple[str, str, Source, int, float | None, float | None, int | None, Outcome, str, str, bytes, bytes, bytes]


def row_of(seen: Observed) -> Row:
    """Columns of the file, in their order."""
    outcome, error_type, message = _outcome(seen)
    ran = seen.ran
    return (
        seen.request_id,
        seen.function,
        "authorizer" if seen.source == "websocket" and seen.event.startswith(_AUTHORIZER_EVENT) else seen.source,
        int(seen.started_s * 1000),
        None if ran is None else round(ran.duration_s * 1000, 3),
        None if ran is None or ran.init_s is None else round(ran.init_s * 1000, 3),
        None if ran is None else ran.max_memory_mb,
        outcome,
        error_type,
        message,
        seen.event,
        seen.response,
        seen.log,
    )


def _outcome(seen: Observed) -> tuple[Outcome, str, str]:
    if seen.refused is not None:
        return seen.refused, "TooManyRequestsException" if seen.refused == "throttled" else "", ""
    if seen.function_error is None:
        return "ok", "", ""
    try:
        error = json.loads(seen.response)
    except ValueError:
        error = None
    fields = error if isinstance(error, dict) else {}
    error_type, message = str(fields.get("errorType", "")), str(fields.get("errorMessage", ""))
    outcome: Outcome = "timeout" if error_type == "Sandbox.Timedout" else "error"
    return outcome, error_type or seen.function_error, message[:_MESSAGE_CHARACTERS]
