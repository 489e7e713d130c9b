"""What an endpoint is sent: {"type", "timestamp", "data"} (Standard Webhooks 1.0, "Payload structure"), 256 KB at most."""

import json
from collections.abc import Mapping
from typing import Any

BYTES_MAX = 256 * 1024
_REFERRING = ("conversation_id", "seq", "message_id", "revision", "sender_id", "user_id", "created_at")
"""What a reference keeps: whose it is, which it is, and in which state."""
_SHORT = 256


def payload(kind: str, time: str, data: Mapping[str, Any], api_url: str) -> str:
    """The body of the request, compact JSON; a reference to what is told where that has more than `BYTES_MAX` bytes.

    A reference has the ids, `"truncated": true`, and as `url` where the API has all of it.
    """
    text = _encoded(kind, time, data)
    if len(text.encode()) <= BYTES_MAX:
        return text
    kept = {name: data[name] for name in _REFERRING if len(str(data.get(name, ""))) <= _SHORT and name in data}
    return _encoded(kind, time, kept | {"truncated": True} | _place(kept, api_url))


def event_data(event: Mapping[str, Any], *, has_conversation: bool) -> dict[str, Any]:
    """`data` of a CloudEvent on chat4all.events: its conversation and number, and what a WebSocket gets as `data`."""
    body = event["data"]
    told: dict[str, Any] = {"conversation_id": event["subject"]} if has_conversation else {}
    if body.get("seq") is not None:
        told["seq"] = body["seq"]
    return told | dict(body["data"])


def _encoded(kind: str, time: str, data: Mapping[str, Any]) -> str:
    return json.dumps({"type": kind, "timestamp": time, "data": data}, separators=(",", ":"), ensure_ascii=False)


def _place(data: Mapping[str, Any], api_url: str) -> dict[str, str]:
    if "message_id" in data:
        return {"url": f"{api_url}/v1/messages/{data['message_id']}"}
    if "conversation_id" in data:
        return {"url": f"{api_url}/v1/conversations/{data['conversation_id']}"}
    return {}
