"""Who is online."""

from chat4all.contract.operation import Operation
from chat4all.domain.signals import HeartbeatBody

_TAG = "Presence"

OPERATIONS = (
    Operation("getPresence", "GET", "/v1/users/{id}/presence", _TAG, "Whether somebody is online", {200: None}),
    Operation(
        "sendHeartbeat",
        "POST",
        "/v1/presence/heartbeat",
        _TAG,
        "A sign of life, for apps without a WebSocket",
        {200: None},
        body=HeartbeatBody,
        is_body_optional=True,
    ),
)
