"""The open connections of one WebSocket API: what @connections acts on."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from websockets.frames import CloseCode

from local.websocket_api.background import Background
from local.websocket_api.connection import GatewayConnection
from local.websocket_api.connection_id import is_connection_id
from local.websocket_api.connections import (
    ClientBufferFull,
    ConnectionGone,
    ConnectionInfo,
    InvalidConnectionId,
    MessageTooLarge,
)
from local.websocket_api.limits import MESSAGE_BYTES


class OpenConnections:
    """Implements `Connections`. A connection is here from the end of its handshake to the start of its close."""

    def __init__(self, background: Background) -> None:
        self._background = background
        self._open: dict[str, GatewayConnection] = {}

    def __len__(self) -> int:
        return len(self._open)

    def __iter__(self) -> Iterator[GatewayConnection]:
        """Those open now; they may be closed while this goes on."""
        return iter(list(self._open.values()))

    def add(self, connection: GatewayConnection) -> None:
        self._open[connection.session.connection_id] = connection

    def discard(self, connection: GatewayConnection) -> None:
        self._open.pop(connection.session.connection_id, None)

    async def post(self, connection_id: str, data: bytes) -> None:
        """See `Connections.post`. Never waits for the client; bytes that are no UTF-8 arrive as U+FFFD."""
        connection = self._find(connection_id)
        if len(data) > MESSAGE_BYTES:
            raise MessageTooLarge(f"the message has {len(data)} bytes, of at most {MESSAGE_BYTES}")
        text = as_text(data)
        if not connection.has_room(len(text)):
            raise ClientBufferFull(connection_id)
        connection.push(text)

    async def get(self, connection_id: str) -> ConnectionInfo:
        session = self._find(connection_id).session
        silent = timedelta(seconds=time.monotonic() - session.active_at)
        return ConnectionInfo(
            connected_at=datetime.fromtimestamp(session.connected_ms / 1000, UTC),
            last_active_at=datetime.now(UTC) - silent,
            source_ip=session.source_ip,
            user_agent=session.user_agent or "",
        )

    async def delete(self, connection_id: str) -> None:
        self.close(self._find(connection_id), CloseCode.NORMAL_CLOSURE)

    def close(self, connection: GatewayConnection, code: int, reason: str = "") -> None:
        """Begin to close; the client's answer is awaited in the background."""
        self.discard(connection)
        self._background.start(connection.close(code, reason))

    def _find(self, connection_id: str) -> GatewayConnection:
        connection = self._open.get(connection_id)
        if connection is not None and connection.is_open():
            return connection
        if not is_connection_id(connection_id):
            raise InvalidConnectionId(f"{connection_id!r} is no connection id")
        raise ConnectionGone(connection_id)


def as_text(data: bytes) -> bytes:
    """Data as it may stand in a text frame."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return data.decode(errors="replace").encode()
    return data
