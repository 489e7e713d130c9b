"""Quotas of WebSocket APIs (API Gateway quotas), and what AWS does not publish but a server has to bound."""

from dataclasses import dataclass

MESSAGE_BYTES = 128 * 1024
FRAME_BYTES = 32 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Times in seconds, sizes in bytes. The first four are AWS's; AWS does not say the others."""

    idle_s: float = 600.0
    """Without a frame in either direction."""
    age_s: float = 7200.0
    integration_s: float = 29.0
    """For the authorizer, `$connect` and each message."""
    connects_per_s: float = 500.0
    """Of all WebSocket APIs of the account; as many may come at once."""
    in_flight: int = 16
    """Messages of one connection whose invocations may run at a time; the next one waits unread."""
    outgoing_bytes: int = 1024 * 1024
    """Unsent data of one connection: to a client that falls further behind @connections answers 429."""
    disconnects: int = 32
    """`$disconnect` invocations that may run at a time."""
    close_s: float = 3.0
    """How long a client may take to answer a close frame, and `$disconnect` routes when the server stops."""
