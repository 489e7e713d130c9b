"""Frames that say what went wrong (design: section 4)."""

from collections.abc import Mapping
from typing import Any

from chat4all.errors import DomainError, FieldError, Invalid
from chat4all.http.problem import problem

ACTIONS = ("send", "edit", "delete", "react", "receipt", "typing", "sync", "heartbeat")
"""All there are: each is a method of websocket.actions.Actions and a route of template.yaml."""

RequestId = str | int | None
ID_CHARACTERS = 256


def request_id_of(request: Mapping[str, Any]) -> RequestId:
    """The request's `id`, a text or a whole number; None where it is anything else (true is no number), or huge."""
    value = request.get("id")
    if isinstance(value, str):
        return value if len(value) <= ID_CHARACTERS else None
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53 else None


def checked_request_id(value: Any) -> Any:
    """`value` as it is; ValueError where no reply could carry it."""
    if value is not None and request_id_of({"id": value}) is None:
        raise ValueError(f"must be a text of at most {ID_CHARACTERS} characters, or a whole number below 2^53")
    return value


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
