"""One client's connection: requests are answered one after the other, in the order in which they came."""

import asyncio
import logging
import math
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import cast

from httptools import HttpParserError, HttpParserUpgrade

from local.http_api.incoming import Incoming, RequestReader
from local.http_api.messages import (
    BrokenBody,
    Request,
    Response,
    StalledBody,
    bad_request,
    header_fields_too_large,
    request_timeout,
)
from local.http_api.settings import HttpSettings
from local.http_api.targets import read_request
from local.http_api.wire import CONTINUE, encode

_UNASKED_BODY_BYTES = 256 * 1024
"""Of a body that nobody has asked for yet; then the connection is not read any more."""
_DISCARDED_BODY_BYTES = 64 * 1024
"""A body that nobody wants is read over up to this length, so that the connection can be used again."""

_LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class Connections:
    """What the connections of one server share."""

    settings: HttpSettings
    answer: Callable[[Request], Awaitable[Response]]
    open: set["Connection"] = field(default_factory=set)


class Connection(asyncio.Protocol):
    """States: idle, in a request's head or body, answering (`_task`), and lingering after a last answer."""

    __slots__ = ("_drained", "_eof", "_lingering", "_loop", "_peer", "_queue", "_reader", "_refused", "_shared", "_task",
                 "_transport", "_writable", "deadline")  # fmt: skip

    def __init__(self, shared: Connections) -> None:
        self._shared = shared
        self._loop = asyncio.get_running_loop()
        self._reader: RequestReader | None = None
        self._queue: deque[Incoming | Response] = deque()
        self._task: asyncio.Task[None] | None = None
        self._transport: asyncio.Transport
        self._peer: tuple[str, int] = ("", 0)
        self._eof = False
        self._refused = False
        """What comes now is not read any more."""
        self._lingering = False
        self._writable = True
        self._drained: asyncio.Future[None] | None = None
        self.deadline = math.inf
        """Time of the loop at which the client has taken too long."""

    @property
    def idle(self) -> bool:
        return self._task is None and (self._reader is None or not self._reader.in_head)

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # A cast: uvloop's transports are none of asyncio's classes.
        self._transport = cast("asyncio.Transport", transport)
        # None when the client has already gone.
        self._peer = (transport.get_extra_info("peername") or self._peer)[:2]
        self.deadline = self._loop.time() + self._shared.settings.idle_s
        self._shared.open.add(self)

    def data_received(self, data: bytes) -> None:
        if self._refused or self._lingering:
            return
        reader = self._reader
        if reader is None:
            reader = self._reader = RequestReader(self._take)
        began = reader.in_head
        try:
            reader.feed(data)
        except HttpParserError as error:
            self._refuse(bad_request(), f"{error}")
        except HttpParserUpgrade:
            # HTTP APIs speak no other protocol: the request is answered as it is, and what follows is not read.
            self._refused = True
        else:
            if reader.head_too_large:
                self._refuse(header_fields_too_large(), "the head of a request is too large")
        self._set_deadline(head_went_on=began)
        self._choose_reading()

    def eof_received(self) -> bool:
        """A client that has closed its side only still gets its answers."""
        self._eof = True
        if self._reader is not None:
            if self._reader.current is not None:
                self._reader.current.fail(BrokenBody("the client left in mid-body"))
            elif self._reader.in_head and not self._refused:
                self._say("left in mid-request")
        return self._task is not None

    def connection_lost(self, _error: Exception | None) -> None:
        self._shared.open.discard(self)
        self.deadline = math.inf
        self._queue.clear()
        self.resume_writing()
        if self._reader is not None and self._reader.current is not None:
            self._say("left in mid-request")
            self._reader.current.fail(BrokenBody("the client left in mid-body"))

    def pause_writing(self) -> None:
        self._writable = False
        self.deadline = self._loop.time() + self._shared.settings.write_s

    def resume_writing(self) -> None:
        self._writable = True
        if self._drained is not None and not self._drained.done():
            self._drained.set_result(None)

    # what the server does

    def expire(self) -> str | None:
        """The deadline is over: what the client did not do in time, where it is worth telling."""
        self.deadline = math.inf
        reader = self._reader
        if self._lingering or not self._writable:
            self._transport.abort()
            return None if self._lingering else "did not read its answer"
        if reader is not None and reader.current is not None:
            reader.current.keep_alive = False
            reader.current.fail(StalledBody("the client has stopped sending its body"))
            if self._task is None:
                self._transport.abort()
            return "did not finish the body of a request"
        if reader is not None and reader.in_head:
            self._refused = True
            self._enqueue(request_timeout())
            return "did not finish the head of a request"
        self._transport.close()
        return None

    def close(self) -> "asyncio.Task[None] | None":
        """End it; where an answer is under way, after that one."""
        if self._task is None:
            self._transport.close()
        self._refused = True
        return self._task

    def drop(self) -> None:
        """End it now; what was written may still reach the client."""
        if self._task is not None:
            self._task.cancel()
        self._transport.close()

    # requests

    def _take(self, incoming: Incoming) -> None:
        self._enqueue(incoming)

    def _enqueue(self, item: Incoming | Response) -> None:
        if self._task is None:
            self._task = self._loop.create_task(self._serve(item))
        else:
            self._queue.append(item)

    def _refuse(self, response: Response, reason: str) -> None:
        self._say(f"sent what is no HTTP request: {reason}")
        self._refused = True
        current = self._reader.current if self._reader is not None else None
        if current is None:
            self._enqueue(response)
        else:
            current.keep_alive = False
            current.fail(BrokenBody(reason))

    async def _serve(self, item: Incoming | Response) -> None:
        """Answer it and what queues up. The task outlives the connection, so that functions run to their end."""
        try:
            while True:
                if isinstance(item, Response):
                    self._write(item, head_only=False, keep_alive=False)
                elif not await self._answer(item):
                    return
                if not self._writable:
                    self._drained = self._loop.create_future()
                    await self._drained
                if not self._queue:
                    return
                item = self._queue.popleft()
        except Exception:
            _LOG.exception("the connection of a client (%s:%s) failed", *self._peer)
            self._transport.abort()
        finally:
            self._task = None
            if not self._transport.is_closing() and not self._lingering:
                self._set_deadline()
                self._choose_reading()

    async def _answer(self, incoming: Incoming) -> bool:
        """Whether the connection goes on."""
        request = read_request(incoming, self._peer[0], self._body_of(incoming))
        if request is None:
            # Of what follows a request that makes no sense nothing can be made either.
            incoming.keep_alive, self._refused = False, True
            response = bad_request()
        else:
            response = await self._shared.answer(request)
        if self._transport.is_closing():
            self._say(f"left before the answer to {incoming.method} {incoming.target.decode()}")
            return False
        if not incoming.complete:
            known = incoming.length is not None and incoming.length <= _DISCARDED_BODY_BYTES
            incoming.keep_alive = incoming.keep_alive and known and not incoming.expects_continue
            incoming.fail(BrokenBody("nobody wants it"))
        last = not incoming.keep_alive or self._eof or (self._refused and not self._queue)
        self._write(response, head_only=incoming.method == "HEAD", keep_alive=not last)
        return not last

    def _body_of(self, incoming: Incoming) -> Callable[[int], Awaitable[bytes]]:
        async def read(limit: int) -> bytes:
            if incoming.complete:
                return await incoming.body(limit)
            if incoming.expects_continue and not incoming.buffered and (incoming.length or 0) <= limit:
                self._transport.write(CONTINUE)
            reading = incoming.body(limit)
            self._loop.call_soon(self._choose_reading)
            return await reading

        return read

    def _write(self, response: Response, *, head_only: bool, keep_alive: bool) -> None:
        if self._transport.is_closing():
            return
        self._transport.write(encode(response, head_only=head_only, keep_alive=keep_alive))
        if keep_alive:
            return
        if self._eof or (self._queue_is_over() and not self._refused):
            self._transport.close()
            return
        # Closing at once would reset the connection while the client still sends, and it would not see the answer.
        self._queue.clear()
        self._lingering = True
        self.deadline = self._loop.time() + self._shared.settings.linger_s
        self._transport.write_eof()
        self._transport.resume_reading()

    def _queue_is_over(self) -> bool:
        return not self._queue and (self._reader is None or self._reader.current is None)

    # flow and time

    def _choose_reading(self) -> None:
        """Read no further while requests wait, or a body that nobody has asked for grows."""
        if self._eof or self._lingering or self._transport.is_closing():
            return
        current = self._reader.current if self._reader is not None else None
        if self._refused or self._queue or (current is not None and current.buffered > _UNASKED_BODY_BYTES):
            self._transport.pause_reading()
        else:
            self._transport.resume_reading()

    def _set_deadline(self, *, head_went_on: bool = False) -> None:
        reader, settings = self._reader, self._shared.settings
        if self._lingering or not self._writable:
            return
        if reader is not None and reader.current is not None:
            self.deadline = self._loop.time() + settings.body_s
        elif self._task is not None:
            self.deadline = math.inf
        elif reader is not None and reader.in_head:
            if not head_went_on:
                self.deadline = self._loop.time() + settings.head_s
        else:
            self.deadline = self._loop.time() + settings.idle_s

    def _say(self, what: str) -> None:
        _LOG.info("a client (%s:%s) %s", *self._peer, what)
