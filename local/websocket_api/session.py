"""What the gateway remembers of one connection."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from local.api_gateway import now_ms
from local.websocket_api.connection_id import new_connection_id


@dataclass(slots=True)
class Session:
    source_ip: str
    user_agent: str | None
    connection_id: str = field(default_factory=new_connection_id)
    connected_ms: int = field(default_factory=now_ms)
    opened_at: float = field(default_factory=time.monotonic)
    active_at: float = field(default_factory=time.monotonic)
    """Monotonic times: of the handshake's start and of the last frame in either direction."""
    authorizer: Mapping[str, Any] | None = None
    """`requestContext.authorizer`: principalId and the context of the authorizer's answer."""

    def touch(self) -> None:
        self.active_at = time.monotonic()
