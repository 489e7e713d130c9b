"""Plain HTTP/1.1 connections for bytes: one request at a time, in a thread.

The bytes of a part go from the file to the socket by sendfile(2). Measured against SeaweedFS with four parts of 16 MiB at once, a
second of this process's CPU sends 5 GB so, 0.7 GB by read and send, 0.3 GB by httpx; an engine on the same machine has the rest.
Over TLS the bytes must be encrypted here, and are read first.
"""

import contextlib
import http.client
import os
import selectors
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import IO
from urllib.parse import SplitResult, urlsplit
from urllib.request import getproxies, proxy_bypass

from chat4all_client.errors import FileChanged

PIECE = 256 * 1024
"""Bytes that are read, sent or written at once, at most; between two a transfer may be broken off."""
_SENDFILE_PIECE = 1024 * 1024

OnBytes = Callable[[int], None]
"""Told of so many more bytes; may raise to break off."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, with at most a few kilobytes of body."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class ByteConnection:
    """Keeps one connection open between requests to the same place."""

    def __init__(self, timeout_s: float, tls: ssl.SSLContext) -> None:
        self._timeout_s = timeout_s
        self._tls = tls
        self._place: tuple[str, str] | None = None
        self._open: http.client.HTTPConnection | None = None

    def put(
        self, url: str, headers: Mapping[str, str], source: IO[bytes], offset: int, length: int, sent: OnBytes
    ) -> Answer:
        """PUT `length` bytes of the file from `offset` on.

        Raises:
            OSError, http.client.HTTPException: it did not get through. What `sent` raises: broken off.
        """
        connection = self._begun("PUT", url, {**headers, "content-length": str(length)})
        try:
            try:
                heard_out = _send(connection.sock, source, offset, length, sent, self._timeout_s)
            except (BrokenPipeError, ConnectionResetError):
                heard_out = False
            answer = self._answer(connection)
            if not heard_out:
                self.close()
            return answer
        except BaseException:
            self.close()
            raise

    def get_range(
        self, url: str, headers: Mapping[str, str], target: int, offset: int, length: int, got: OnBytes
    ) -> Answer:
        """GET, and write `length` bytes of the body into the open file `target` at `offset`.

        Raises:
            OSError, http.client.HTTPException: not all came. What `got` raises: broken off.
        """
        connection = self._begun("GET", url, headers)
        try:
            response = connection.getresponse()
            if response.status != http.client.PARTIAL_CONTENT:
                return self._answer(connection, response)
            _receive(response, target, offset, length, got)
            return Answer(response.status, _lower(response))
        except BaseException:
            self.close()
            raise

    def break_off(self) -> None:
        """From another thread: whatever waits here for the other side fails at once with an OSError."""
        connection = self._open
        sock = connection.sock if connection is not None else None
        if sock is not None:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close it; the next request opens another."""
        if self._open is not None:
            self._open.close()
        self._open = self._place = None

    def _begun(self, method: str, url: str, headers: Mapping[str, str]) -> http.client.HTTPConnection:
        parts = urlsplit(url)
        place = (parts.scheme, parts.netloc)
        if self._open is None or self._place != place:
            self.close()
            self._open, self._place = _connection(parts, self._timeout_s, self._tls), place
        try:
            target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
            self._open.putrequest(method, target, skip_accept_encoding=True)
            for name, value in headers.items():
                self._open.putheader(name, value)
            self._open.endheaders()
        except BaseException:
            self.close()
            raise
        return self._open

    def _answer(
        self, connection: http.client.HTTPConnection, response: http.client.HTTPResponse | None = None
    ) -> Answer:
        response = response or connection.getresponse()
        body = response.read(PIECE)
        if response.will_close or not response.isclosed():
            self.close()
        return Answer(response.status, _lower(response), body)


def _lower(response: http.client.HTTPResponse) -> dict[str, str]:
    return {name.lower(): value for name, value in response.getheaders()}


def _connection(parts: SplitResult, timeout_s: float, tls: ssl.SSLContext) -> http.client.HTTPConnection:
    host, port = parts.hostname or "", parts.port
    if parts.scheme == "http":
        return http.client.HTTPConnection(host, port, timeout=timeout_s)
    proxy = None if proxy_bypass(host) else getproxies().get("https")
    if not proxy:
        return http.client.HTTPSConnection(host, port, timeout=timeout_s, context=tls)
    by = urlsplit(proxy if "//" in proxy else f"//{proxy}")
    connection = http.client.HTTPSConnection(by.hostname or "", by.port or 3128, timeout=timeout_s, context=tls)
    connection.set_tunnel(host, port)
    return connection


def _send(sock: socket.socket, source: IO[bytes], offset: int, length: int, sent: OnBytes, timeout_s: float) -> bool:
    """Whether the other side took everything: an answer in the middle of the body is a refusal."""
    if isinstance(sock, ssl.SSLSocket) or not hasattr(os, "sendfile"):
        _send_by_reading(sock, source, offset, length, sent)
        return True
    end = offset + length
    with selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_WRITE | selectors.EVENT_READ)
        while offset < end:
            ready = selector.select(timeout_s)
            if not ready:
                raise TimeoutError(f"nothing could be sent for {timeout_s:.0f} s")
            if ready[0][1] & selectors.EVENT_READ:
                return False
            try:
                count = os.sendfile(sock.fileno(), source.fileno(), offset, min(_SENDFILE_PIECE, end - offset))
            except BlockingIOError:
                continue
            if count == 0:
                raise FileChanged("The file has become shorter while it was being sent")
            offset += count
            sent(count)
    return True


def _send_by_reading(sock: socket.socket, source: IO[bytes], offset: int, length: int, sent: OnBytes) -> None:
    end = offset + length
    while offset < end:
        piece = os.pread(source.fileno(), min(PIECE, end - offset), offset)
        if not piece:
            raise FileChanged("The file has become shorter while it was being sent")
        sock.sendall(piece)
        offset += len(piece)
        sent(len(piece))


def _receive(response: http.client.HTTPResponse, target: int, offset: int, length: int, got: OnBytes) -> None:
    piece = memoryview(bytearray(PIECE))
    end = offset + length
    while offset < end:
        count = response.readinto(piece[: min(PIECE, end - offset)])
        if count == 0:
            raise http.client.IncompleteRead(b"", end - offset)
        _write(target, piece[:count], offset)
        offset += count
        got(count)
    if response.read(1):
        raise http.client.HTTPException("more came than was asked for")


def _write(target: int, piece: memoryview, offset: int) -> None:
    """All of it: a disk that is almost full takes what there is room for, and only then says that it is full."""
    while piece:
        count = os.pwrite(target, piece, offset)
        piece, offset = piece[count:], offset + count
