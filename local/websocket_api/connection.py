"""One socket: the library's connection with what the gateway has to know of it."""

import contextlib
from collections.abc import Callable

from websockets.asyncio.server import ServerConnection
from websockets.datastructures import Headers
from websockets.exceptions import InvalidMessage
from websockets.frames import Close, CloseCode
from websockets.http11 import Request
from websockets.protocol import OPEN, Event

from local.websocket_api.limits import FRAME_BYTES
from local.websocket_api.reports import report_refusal
from local.websocket_api.session import Session

_HANDSHAKE_DONE = Request("", Headers())
"""Stands for the request of every open connection: the library only asks whether there was one."""

_BAD_REQUEST = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"

Lost = Callable[["GatewayConnection"], None]


class GatewayConnection(ServerConnection):
    """Class-level defaults hold until the handshake fills them in."""

    session: Session
    """Set when the handshake begins."""
    subprotocol_answer: str | None = None
    """What `$connect` answered as Sec-WebSocket-Protocol."""
    outgoing_bytes: int = 0
    """Unsent data that the gateway keeps for this client; 0 before the handshake is over."""
    on_lost: Lost | None = None
    """Called once when the socket is closed, provided that `$connect` let the client in."""
    _no_request: bool = False

    def opened(self) -> None:
        """Drop what only the handshake needed: request and response are most of an idle connection's own memory."""
        self.request = _HANDSHAKE_DONE
        self.response = None

    def is_open(self) -> bool:
        return self.state is OPEN

    def has_room(self, size: int) -> bool:
        """Whether a message of `size` bytes fits into what is kept for a client that does not read; a first one always does."""
        unsent = self.transport.get_write_buffer_size()
        return not unsent or unsent + size <= self.outgoing_bytes

    async def until_room(self, size: int) -> None:
        """Wait until there is room, or the connection is closed."""
        while self.paused and self.is_open() and not self.has_room(size):
            with contextlib.suppress(OSError):
                await self.drain()

    def push(self, data: bytes) -> None:
        """Write one text message without waiting, in frames of at most 32 KB. The caller checks `is_open` before."""
        last = max(0, len(data) - 1) // FRAME_BYTES * FRAME_BYTES
        for start in range(0, last + 1, FRAME_BYTES):
            send = self.protocol.send_continuation if start else self.protocol.send_text
            send(data[start : start + FRAME_BYTES], fin=start == last)
        self.send_data()
        self.session.touch()

    def process_event(self, event: Event) -> None:
        first = self.request is None
        super().process_event(event)
        if not first:
            self.session.touch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        # Pongs too are written without waiting: a client that pings and never reads would fill the buffer.
        if self.paused and 0 < self.outgoing_bytes < self.transport.get_write_buffer_size():
            self.transport.abort()

    def send_data(self) -> None:
        error = self.protocol.handshake_exc
        if self.request is None and error is not None and not self._no_request:
            self._no_request = True
            report_refusal(self.remote_address, "", f"{error}: {error.__cause__}" if error.__cause__ else str(error))
            if isinstance(error, InvalidMessage):
                self.transport.write(_BAD_REQUEST)  # where the library would close without a word
        super().send_data()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        lost, self.on_lost = self.on_lost, None
        if lost is not None:
            lost(self)

    def close_of_gateway(self) -> Close | None:
        """The gateway's close frame, where it was the first."""
        return None if self.protocol.close_rcvd_then_sent else self.protocol.close_sent

    def close_status(self) -> tuple[int, str]:
        """Code and reason of the close frame that came first; 1006 where there was none (RFC 6455, 7.1.5)."""
        protocol = self.protocol
        sent, received = protocol.close_sent, protocol.close_rcvd
        if received is not None and (sent is None or protocol.close_rcvd_then_sent):
            return received.code, received.reason
        if sent is not None:
            return sent.code, sent.reason
        return CloseCode.ABNORMAL_CLOSURE, ""
