"""The WebSocket: opened with the token as a subprotocol, so that it stands in no log of addresses."""

import ssl
from collections.abc import Awaitable, Callable
from typing import Protocol

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI
from websockets.typing import Subprotocol

SUBPROTOCOL = "chat4all.v1"
BATCHES = "chat4all.v1.batches"
"""Several events may come in one message."""
_OPEN_WITHIN_S = 15.0
_CLOSE_WITHIN_S = 2.0


class WireClosed(Exception):
    """The connection is over, or could not be opened; the text says why."""


class HandshakeRefused(WireClosed):
    """The server answered, and did not open the connection."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the server answered {status}")
        self.status = status


class Wire(Protocol):
    """One open connection."""

    async def send(self, text: str) -> None:
        """Send a frame; raises WireClosed."""
        ...

    async def receive(self) -> str | bytes:
        """The next frame; raises WireClosed when there will be none."""
        ...

    async def close(self) -> None:
        """Close it; returns soon, whatever the other side does."""
        ...


Dial = Callable[[str], Awaitable[Wire]]
"""Opens a connection with an access token. Raises WireClosed, HandshakeRefused."""


class _Straight(connect):
    """Follows no redirects: the token would go along, to whatever server they name."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


def dialer(url: str, tls: ssl.SSLContext) -> Dial:
    """Opens WebSockets to `url` (ws:// or wss://)."""
    if not url.startswith(("ws://", "wss://")):
        raise ValueError(f"websocket_url begins with ws:// or wss://, not {url!r}")

    async def dial(token: str) -> Wire:
        names = [Subprotocol(BATCHES), Subprotocol(SUBPROTOCOL), Subprotocol(f"bearer.{token}")]
        try:
            # API Gateway neither sends pings nor compresses; heartbeats tell whether it is alive.
            connection = await _Straight(
                url,
                subprotocols=names,
                ssl=tls if url.startswith("wss:") else None,
                compression=None,
                ping_interval=None,
                max_size=2**20,
                open_timeout=_OPEN_WITHIN_S,
                close_timeout=_CLOSE_WITHIN_S,
            )
        except InvalidStatus as error:
            raise HandshakeRefused(error.response.status_code) from error
        except (OSError, TimeoutError, InvalidHandshake, InvalidURI, EOFError) as error:
            raise WireClosed(f"{type(error).__name__} {error}".strip()) from error
        return _WebSocket(connection)

    return dial


class _WebSocket:
    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection

    async def send(self, text: str) -> None:
        try:
            await self._connection.send(text)
        except ConnectionClosed as error:
            raise WireClosed(str(error)) from error

    async def receive(self) -> str | bytes:
        try:
            return await self._connection.recv()
        except ConnectionClosed as error:
            raise WireClosed(str(error)) from error

    async def close(self) -> None:
        await self._connection.close()
