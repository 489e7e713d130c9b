"""Presence: who is online, and signs of life of apps without a WebSocket."""

from typing import Any

import chat4all.heartbeats
import chat4all.presence  # noqa: F401 - loaded in the init phase
from chat4all.bootstrap import app
from chat4all.domain.signals import HeartbeatBody
from chat4all.http.api import Api, path_id

api = Api("presence")
handler = api.handle


@api.get("/v1/users/<user_id>/presence")
def get(user_id: str) -> dict[str, Any]:
    """A user's, for who shares a conversation with them."""
    return app().presences.of(path_id(user_id, "user"), api.caller())


@api.post("/v1/presence/heartbeat")
def heartbeat() -> dict[str, Any]:
    """A sign of life; with a conversation, the presence of its other members."""
    body = api.body_or(HeartbeatBody())
    return app().heartbeats.without_connection(api.caller(), body.conversation_id)
