"""What becomes of a request: answered, refused for good, or to be made again (docs/clients.md, "Writing"). Pure."""

from collections.abc import Mapping
from typing import Any

from chat4all_client.errors import ApiError

_COME_BACK = frozenset({401, 408, 429, 500, 502, 503, 504})
"""401: over a WebSocket of a token that has run out, which is about to be closed."""


class Later(Exception):
    """Nothing is promised: the same again, not before `wait_s` seconds."""

    def __init__(self, why: str, wait_s: float = 0.0) -> None:
        super().__init__(why)
        self.wait_s = wait_s


def outcome_of(problem: Mapping[str, Any]) -> Later | ApiError:
    """Whether a refusal (RFC 9457) is for good."""
    status = _number(problem.get("status"), 500)
    detail = str(problem.get("detail") or problem.get("title") or "refused")
    wait_s = max(0.0, _number(problem.get("retry_after"), 0))
    if status in _COME_BACK:
        return Later(detail, wait_s)
    return ApiError(int(status), str(problem.get("code", "unknown")), detail, problem, wait_s)


def _number(value: Any, otherwise: float) -> float:
    return value if isinstance(value, int | float) else otherwise
