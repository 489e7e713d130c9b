"""Frames that match no route of the WebSocket API."""

import json
from typing import Any

from chat4all.errors import Invalid
from chat4all.websocket.frames import error_frame, request_id_of, unknown_action


def answer(body: str | None) -> dict[str, Any]:
    """The error frame for a body that is no JSON object, or whose `action` is none of ours."""
    try:
        request = json.loads(body or "")
    except (ValueError, RecursionError) as error:
        return error_frame(None, Invalid(f"The frame is not JSON: {error}", code="invalid_json"))
    if not isinstance(request, dict):
        return error_frame(None, Invalid("The frame must be a JSON object", code="invalid_json"))
    return error_frame(request_id_of(request), unknown_action(request.get("action")))
