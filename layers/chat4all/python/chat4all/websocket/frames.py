"""Frames that say what went wrong (design: section 4)."""

from typing import Any

from chat4all.errors import DomainError, FieldError, Invalid
from chat4all.http.problem import problem

ACTIONS = ("send", "edit", "delete", "receipt", "sync", "heartbeat")

RequestId = str | int | None


def unknown_action(name: Any) -> Invalid:
    """What an unknown action is told."""
    detail = f"Unknown action {_shown(name)}; known: {', '.join(ACTIONS)}"
    return Invalid(detail, code="unknown_action", errors=(FieldError("/action", detail),))


def error_frame(request_id: RequestId, error: DomainError) -> dict[str, Any]:
    """`{"type": "error", "id", "error": <problem>}`."""
    return {"type": "error", "id": request_id, "error": problem(error, "/")}


def _shown(name: Any) -> str:
    text = repr(name)
    return text if len(text) <= 60 else text[:57] + "..."
