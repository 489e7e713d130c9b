"""Who sends a frame: what the authorizer said of the connection when it was opened."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Caller:
    """One connection of a user."""

    user_id: str
    connection_id: str
    session_id: str | None
    expires_at: int
    """When the token ends on which the connection was opened, milliseconds since 1970; it may stand on another one since."""
    takes_batches: bool = False
    """Several events may come in one message (handshake.BATCHES)."""


def caller_of(context: Mapping[str, Any]) -> Caller:
    """From the requestContext of an event of the WebSocket API; its authorizer's values are texts."""
    known = context["authorizer"]
    expires_at = int(known.get("expires_at") or 0)
    takes_batches = known.get("takes_batches") == "true"
    return Caller(known["user_id"], context["connectionId"], known.get("session_id") or None, expires_at, takes_batches)
