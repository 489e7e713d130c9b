"""Open WebSockets behind the gateway that local/ has, reached through its @connections as the realtime function reaches them."""

import asyncio
import json
import socket
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from anyio.from_thread import BlockingPortal, start_blocking_portal
from websockets.asyncio.client import ClientConnection, connect

from chat4all.client_events import message_created
from chat4all.clock import now_ms
from chat4all.connections import Connections
from chat4all.kafka.events import Event
from chat4all.websocket.push import Push
from local.application import Application, WebSocketApi, WebSocketRoute
from local.aws_endpoint.connections_api import ConnectionsApi
from local.aws_endpoint.errors import AwsError
from local.aws_endpoint.server import error_response
from local.endpoints import Endpoints
from local.websocket_api.limits import Limits
from local.websocket_api.server import WebSocketApiServer
from tests.local.fake_functions import FakeFunctions

DEADLINE_S = 60.0


@dataclass
class Client:
    """One open WebSocket and what came over it; a stalled one reads nothing."""

    user_id: str
    connection: ClientConnection
    connection_id: str
    texts: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    """By time.monotonic."""

    async def read(self) -> None:
        async for text in self.connection:
            self.texts.append(str(text))
            self.times.append(time.monotonic())

    def frames(self) -> list[dict[str, Any]]:
        """The events, also where several came in one message."""
        documents = [json.loads(text) for text in self.texts]
        return [event for one in documents for event in (one if isinstance(one, list) else [one])]


class Gateway:
    """A WebSocket API and its @connections on an event loop of another thread."""

    def __init__(self, portal: BlockingPortal, limits: Limits) -> None:
        self._portal = portal
        self._stack = AsyncExitStack()
        self.clients: list[Client] = []
        self.silent: set[str] = set()
        """Connections of which @connections answers nothing."""
        self.refuses: dict[str, int] = {}
        """How often @connections answers 429 for a connection before it takes something."""
        self._api = WebSocketApi(
            "Ws",
            "abc123",
            "live",
            "$request.body.action",
            {"$connect": WebSocketRoute("$connect", "connect")},
        )
        functions = FakeFunctions({"connect": lambda _: {"statusCode": 200}})
        self._server = WebSocketApiServer(self._api, functions, Endpoints(), "127.0.0.1", 0, limits)
        self.asked: list[tuple[str, str]] = []
        """Method and connection of each call of @connections."""

    async def start(self) -> None:
        await self._server.start()
        self._stack.push_async_callback(self._server.stop)
        application = Application(None, {}, websocket_apis=(self._api,))  # type: ignore[arg-type]
        self._connections = ConnectionsApi({"abc123": self._server.connections}, application, None)
        served = web.Application(client_max_size=1024 * 1024)
        served.router.add_route("*", "/{path:.*}", self._answer)
        runner = web.AppRunner(served, access_log=None, shutdown_timeout=0.1, auto_decompress=False)
        await runner.setup()
        self._stack.push_async_callback(runner.cleanup)
        listening = socket.create_server(("127.0.0.1", 0), backlog=1024)
        await web.SockSite(runner, listening).start()
        self.port = listening.getsockname()[1]

    async def stop(self) -> None:
        await self._stack.aclose()

    def push(self) -> Push:
        return Push(f"http://127.0.0.1:{self.port}/_aws/execute-api/abc123/live")

    def connect(self, users: Iterable[str], *, stalled: bool = False, takes_batches: bool = False) -> list[Client]:
        """One more connection of each user, in presence too."""
        opened = [self._portal.call(self._open, user_id, stalled) for user_id in users]
        for client in opened:
            until = now_ms() + 600_000
            Connections().opened(client.user_id, client.connection_id, until=until, takes_batches=takes_batches)
        self.clients += opened
        return opened

    def until(self, found: Callable[[], bool], what: str) -> None:
        """Wait for `found`, with a deadline."""
        deadline = time.monotonic() + DEADLINE_S
        while not found():
            assert time.monotonic() < deadline, what
            self._portal.call(asyncio.sleep, 0.005)

    def is_open(self, client: Client) -> bool:
        return any(one.session.connection_id == client.connection_id for one in self._server.connections)

    def end(self, client: Client) -> None:
        """The client goes away, as seen by the gateway too."""
        self._portal.call(client.connection.transport.abort)
        self.until(lambda: not self.is_open(client), "gone")

    async def _open(self, user_id: str, stalled: bool) -> Client:
        known = {one.session.connection_id for one in self._server.connections}
        narrow = socket.socket()
        if stalled:
            narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        narrow.connect(("127.0.0.1", self._server.port))
        narrow.setblocking(False)
        url = f"ws://127.0.0.1:{self._server.port}/"
        connection = await connect(url, sock=narrow, compression=None, max_queue=1 if stalled else None)
        self._stack.push_async_callback(_dropped, connection)
        (served,) = (one for one in self._server.connections if one.session.connection_id not in known)
        if stalled:  # or the kernel takes megabytes before the gateway notices
            served.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        client = Client(user_id, connection, served.session.connection_id)
        if not stalled:
            reading = asyncio.create_task(client.read())
            self._stack.push_async_callback(asyncio.gather, reading, return_exceptions=True)
            self._stack.push_async_callback(_dropped, connection)
        return client

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        connection_id = request.path.rpartition("/@connections/")[2]
        self.asked.append((request.method, connection_id))
        if connection_id in self.silent:
            await asyncio.sleep(DEADLINE_S)
        if self.refuses.get(connection_id, 0) > 0:
            self.refuses[connection_id] -= 1
            return web.Response(status=429, headers={"x-amzn-ErrorType": "LimitExceededException"})
        try:
            return await self._connections.handle(request)
        except AwsError as error:
            return error_response("execute-api", request, error)


async def _dropped(connection: ClientConnection) -> None:
    connection.transport.abort()


@contextmanager
def gateway(limits: Limits | None = None) -> Iterator[Gateway]:
    """A running one; `Limits.outgoing_bytes` says how much of a client that does not read is kept."""
    with start_blocking_portal() as portal:
        served = Gateway(portal, limits or Limits())
        with portal.wrap_async_context_manager(_running(served)) as running:
            yield running


@asynccontextmanager
async def _running(served: Gateway) -> AsyncIterator[Gateway]:
    await served.start()
    try:
        yield served
    finally:
        await served.stop()


def message(conversation_id: str, audience: Sequence[str], seq: int, content: str = "hi") -> Event:
    """`message.created` as the router publishes it."""
    view = {
        "message_id": str(uuid.uuid4()),
        "conversation_id": conversation_id,
        "seq": seq,
        "sender_id": audience[0],
        "channel": "in_app",
        "type": "text",
        "content": content,
        "reactions": {},
        "created_at": "2026-11-21T10:00:00.000Z",
    }
    return message_created(view, audience)
