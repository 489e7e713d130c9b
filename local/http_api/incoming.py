"""Requests as they come from the wire: llhttp's callbacks collected, strict as RFC 9112 wants a server to be."""

import asyncio
from collections.abc import Callable

from httptools import HttpRequestParser

from local.http_api.messages import BodyTooLarge, BrokenBody, Headers

UNREAD_HEAD_BYTES = 64 * 1024
"""A head may grow this far before it is refused unread, well above the gateway's own limit."""


class Incoming:
    """One request. Complete as far as its head; its body follows."""

    __slots__ = ("_body", "_failure", "_limit", "_waiter", "complete", "expects_continue", "head_bytes", "headers",
                 "keep_alive", "length", "method", "target", "version")  # fmt: skip

    def __init__(self) -> None:
        self.method = ""
        self.target = b""
        self.version = ""
        self.headers: Headers = []
        self.head_bytes = 0
        """Of the request line and the header lines."""
        self.length: int | None = None
        """What Content-Length says."""
        self.keep_alive = True
        self.expects_continue = False
        self.complete = False
        self._body = bytearray()
        self._limit: int | None = None
        self._failure: Exception | None = None
        self._waiter: asyncio.Future[None] | None = None

    async def body(self, limit: int) -> bytes:
        """Wait for the whole body. Raises BodyTooLarge for one of more than `limit` bytes, BrokenBody."""
        self._limit = limit
        if max(self.length or 0, len(self._body)) > limit:
            raise BodyTooLarge
        if not self.complete and self._failure is None:
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        if self._failure is not None:
            raise self._failure
        return bytes(self._body)

    @property
    def buffered(self) -> int:
        """Bytes of the body that came and were not asked for yet."""
        return 0 if self._limit is not None else len(self._body)

    def add(self, data: bytes) -> None:
        if self._failure is not None:
            return
        self._body += data
        if self._limit is not None and len(self._body) > self._limit:
            self.fail(BodyTooLarge())

    def end(self) -> None:
        self.complete = True
        self._wake()

    def fail(self, error: BrokenBody | BodyTooLarge) -> None:
        """The rest of the body does not come, or is not wanted."""
        if not self.complete and self._failure is None:
            self._failure = error
            self._body.clear()
            self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


class RequestReader:
    """Feeds a parser and gives each request to `on_request` once its head is there.

    `feed` raises httptools' HttpParserError for what is no HTTP and HttpParserUpgrade where another protocol follows.
    """

    __slots__ = ("_head", "_headers", "_on_request", "_parser", "_target", "_unread", "current")

    def __init__(self, on_request: Callable[[Incoming], None]) -> None:
        self._on_request = on_request
        self._parser = HttpRequestParser(self)
        self._unread = 0
        self._head = False
        self._target = b""
        self._headers: Headers = []
        self.current: Incoming | None = None
        """The request whose body is being read."""

    @property
    def in_head(self) -> bool:
        """A request has begun, and its head is not whole."""
        return self._head

    @property
    def head_too_large(self) -> bool:
        return self._head and self._unread > UNREAD_HEAD_BYTES

    def feed(self, data: bytes) -> None:
        self._unread += len(data)
        self._parser.feed_data(data)

    # what the parser calls

    def on_message_begin(self) -> None:
        self._head, self._target, self._headers = True, b"", []

    def on_url(self, url: bytes) -> None:
        self._target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        # Trailers of a chunked body come here too, and are dropped as AWS's proxies do.
        if self._head:
            self._headers.append((name.decode("latin-1").lower(), value.strip(b" \t").decode("utf-8", "replace")))

    def on_headers_complete(self) -> None:
        parser, incoming = self._parser, Incoming()
        incoming.method = parser.get_method().decode("latin-1")
        incoming.target, incoming.headers = self._target, self._headers
        incoming.version = parser.get_http_version()
        incoming.keep_alive = parser.should_keep_alive() and not parser.should_upgrade()
        size = len(incoming.method) + len(self._target) + len("  HTTP/1.1\r\n")
        for name, value in self._headers:
            size += len(name) + len(value) + 4
            if name == "content-length":
                incoming.length = int(value)
            elif name == "expect":
                incoming.expects_continue = value.lower() == "100-continue" and incoming.version == "1.1"
        incoming.head_bytes = size
        self._head, self._unread, self.current = False, 0, incoming
        self._on_request(incoming)

    def on_body(self, body: bytes) -> None:
        if self.current is not None:
            self.current.add(body)

    def on_message_complete(self) -> None:
        self._unread = 0
        if self.current is not None:
            self.current.end()
            self.current = None
