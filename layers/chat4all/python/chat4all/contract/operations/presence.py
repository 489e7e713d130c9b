"""Who is online."""

from chat4all.contract.documents.presence import Heartbeat, Presence
from chat4all.contract.documents.samples import CONVERSATION
from chat4all.contract.operation import Operation
from chat4all.domain.signals import HeartbeatBody

_TAG = "Presence"

OPERATIONS = (
    Operation(
        "getPresence",
        "GET",
        "/v1/users/{id}/presence",
        _TAG,
        "Whether somebody is online",
        {200: Presence},
        "For who shares a conversation with them.",
    ),
    Operation(
        "sendHeartbeat",
        "POST",
        "/v1/presence/heartbeat",
        _TAG,
        "A sign of life, for apps without a WebSocket",
        {200: Heartbeat},
        "Each `interval` seconds while the app is in use. With a conversation it answers who of its members is online.",
        body=HeartbeatBody,
        is_body_optional=True,
        example={"conversation_id": CONVERSATION},
        errors=("account_deleted", "not_found", "rate_limited"),
    ),
)
