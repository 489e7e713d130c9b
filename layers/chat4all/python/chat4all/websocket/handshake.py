"""The opening of a WebSocket: where the token stands, and which subprotocol is agreed on.

Browsers cannot set headers on a WebSocket, so the token comes in the query or as a subprotocol `bearer.<token>`.
"""

from collections.abc import Mapping
from typing import Any

SUBPROTOCOL = "chat4all.v1"
BATCHES = "chat4all.v1.batches"
"""The same, but that several events may come in one message: a JSON array of them."""
_BEARER = "bearer."


def token_of(event: Mapping[str, Any]) -> str | None:
    """The access token of a $connect event; the query's goes first."""
    given = (event.get("queryStringParameters") or {}).get("token")
    if given:
        return str(given)
    return next((name.removeprefix(_BEARER) for name in offered(event) if name.startswith(_BEARER)), None)


def agreed(event: Mapping[str, Any]) -> dict[str, str]:
    """Headers of the answer: the subprotocol, which must be echoed where it was offered (RFC 6455, section 4.2.2)."""
    ours = next((name for name in (BATCHES, SUBPROTOCOL) if name in offered(event)), None)
    return {"Sec-WebSocket-Protocol": ours} if ours else {}


def offered(event: Mapping[str, Any]) -> list[str]:
    """Subprotocols that the client offers, in its order."""
    headers = {name.lower(): str(value) for name, value in (event.get("headers") or {}).items()}
    return [name.strip() for name in headers.get("sec-websocket-protocol", "").split(",") if name.strip()]
