"""A WebSocket client without a library: it sends what no library sends, and reads only when it is told."""

import os
import socket
import struct
from types import TracebackType
from typing import Self

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
_HANDSHAKE = (
    "GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


def frame(opcode: int, payload: bytes = b"", *, fin: bool = True, reserved: int = 0, masked: bool = True) -> bytes:
    """One frame, lawful or not (RFC 6455, 5.2)."""
    first = (0x80 if fin else 0) | (reserved << 4) | opcode
    mark = 0x80 if masked else 0
    if len(payload) < 126:
        head = struct.pack("!BB", first, mark | len(payload))
    elif len(payload) < 65_536:
        head = struct.pack("!BBH", first, mark | 126, len(payload))
    else:
        head = struct.pack("!BBQ", first, mark | 127, len(payload))
    if not masked:
        return head + payload
    mask = os.urandom(4)
    return head + mask + bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))


class RawClient:
    """An open connection, after its handshake unless `handshake` is false. Every wait fails after 30 s."""

    def __init__(self, port: int, path: str = "/", *, handshake: bool = True, buffer: int | None = None) -> None:
        self.socket = socket.socket()
        self.socket.settimeout(30)
        if buffer is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self.socket.connect(("127.0.0.1", port))
        if handshake:
            self.send(_HANDSHAKE.format(path=path).encode())
            head = b""
            while b"\r\n\r\n" not in head:
                head += self.socket.recv(1)
            assert head.startswith(b"HTTP/1.1 101 "), head

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.socket.close()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def receive(self) -> tuple[int, bool, bytes]:
        """Opcode, whether it is final, and payload of the next frame. Raises EOFError."""
        first, second = self._read(2)
        length = second & 0x7F
        if length == 126:
            (length,) = struct.unpack("!H", self._read(2))
        elif length == 127:
            (length,) = struct.unpack("!Q", self._read(8))
        return first & 0x0F, bool(first & 0x80), self._read(length)

    def close_code(self) -> tuple[int, str]:
        """Code and reason of the close frame, after whatever comes before it; the connection then ends."""
        while True:
            opcode, _, payload = self.receive()
            if opcode == CLOSE:
                return int.from_bytes(payload[:2]), payload[2:].decode()

    def _read(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            more = self.socket.recv(size - len(data))
            if not more:
                raise EOFError(f"the connection ended after {len(data)} of {size} bytes")
            data += more
        return data
