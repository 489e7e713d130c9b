"""What the @connections API of a WebSocket API needs from the gateway that holds the sockets."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class ConnectionGone(Exception):
    """No open connection has this id: @connections answers 410 GoneException."""


class MessageTooLarge(Exception):
    """Over 128 KB, the limit of a message to a client: @connections answers 413 PayloadTooLargeException."""


class ClientBufferFull(Exception):
    """The client does not read what was sent to it: @connections answers 429 LimitExceededException."""


class InvalidConnectionId(Exception):
    """The id is none that this gateway could have given out: @connections answers 400 BadRequestException."""


@dataclass(frozen=True, slots=True)
class ConnectionInfo:
    """What `GET /@connections/{id}` tells."""

    connected_at: datetime
    """Aware, UTC."""
    last_active_at: datetime
    """Aware, UTC: of the last frame in either direction."""
    source_ip: str
    user_agent: str


class Connections(Protocol):
    """The open connections of one WebSocket API. Ids are opaque and may hold `=`, `/` and `+`.

    Every method raises `ConnectionGone` for an id that is not open, and `InvalidConnectionId` for a malformed one.
    """

    async def post(self, connection_id: str, data: bytes) -> None:
        """Send `data` as one text message; returns when the socket has taken it, which does not imply that it arrived.

        Raises `MessageTooLarge` over 131,072 bytes, `ClientBufferFull` while too much is unread.
        """
        ...

    async def get(self, connection_id: str) -> ConnectionInfo:
        """Tell when it was opened, when it was last active, and whose it is."""
        ...

    async def delete(self, connection_id: str) -> None:
        """Close the connection (code 1000); its `$disconnect` route still runs."""
        ...
