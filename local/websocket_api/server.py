"""One WebSocket API behind a socket."""

import asyncio
import contextlib
import logging
from collections.abc import Sequence

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.frames import CloseCode
from websockets.http11 import Request, Response
from websockets.typing import Subprotocol

from local.api_gateway import TokenBucket, account_throttle
from local.application import WebSocketApi
from local.endpoints import Endpoints
from local.invocation import Invocations, Invoke, RouteFault
from local.websocket_api.background import Background
from local.websocket_api.connection import GatewayConnection
from local.websocket_api.disconnects import Disconnects
from local.websocket_api.events import ApiIdentity
from local.websocket_api.expiry import GOING_AWAY, close_expired
from local.websocket_api.handshake import Handshake
from local.websocket_api.identity_sources import check_identity_sources
from local.websocket_api.limits import FRAME_BYTES, MESSAGE_BYTES, Limits
from local.websocket_api.message_handler import MessageHandler
from local.websocket_api.open_connections import OpenConnections
from local.websocket_api.reports import report_close
from local.websocket_api.route_selection import check_expression
from local.websocket_api.throttling import Throttling, route_buckets

_READ_QUEUE_FRAMES = 4


class WebSocketApiServer:
    """Serves a WebSocket API on `host:port`; port 0 takes a free one, which `port` then tells.

    `throttle` and `connects` are the account's buckets where several APIs share them. `connections` is what @connections
    acts on; it may be handed out before `start`. Raises ValueError for an API whose expressions API Gateway does not have.
    Once stopped it is not started again.
    """

    def __init__(
        self,
        api: WebSocketApi,
        service: Invoke,
        endpoints: Endpoints,
        host: str,
        port: int,
        limits: Limits | None = None,
        *,
        throttle: TokenBucket | None = None,
        fault: RouteFault | None = None,
        connects: TokenBucket | None = None,
    ) -> None:
        check_expression(api.route_selection_expression)
        if api.authorizer is not None:
            check_identity_sources(api.authorizer.identity_sources)
        self.host = host
        self.port = port
        self._api = api
        self._endpoints = endpoints
        self._limits = limits or Limits()
        self._throttling = Throttling(throttle or account_throttle(), route_buckets(api.routes))
        self._connects = connects or connects_throttle(self._limits)
        self._invocations = Invocations(service, fault)
        self._background = Background()
        self.connections = OpenConnections(self._background)
        self._server: Server | None = None
        self._expiry: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Bind and serve. Raises OSError when the port is taken."""
        limits = self._limits
        server = await serve(
            self._serve,
            self.host,
            self.port,
            compression=None,
            process_request=self._process_request,
            select_subprotocol=_select_subprotocol,
            server_header=None,
            open_timeout=2 * limits.integration_s + 10,
            ping_interval=None,
            close_timeout=limits.close_s,
            max_size=(MESSAGE_BYTES, FRAME_BYTES),
            max_queue=_READ_QUEUE_FRAMES,
            create_connection=GatewayConnection,
            logger=_quiet_logger(),
            backlog=1024,
            start_serving=False,
        )
        self.port = server.sockets[0].getsockname()[1]
        self._prepare()
        await server.start_serving()
        self._server = server
        self._expiry = asyncio.ensure_future(close_expired(self.connections, limits))

    async def stop(self) -> None:
        """Close the port and every connection with 1001, give `$disconnect` routes a few seconds, then drop the rest."""
        if self._server is None or self._expiry is None:
            return
        server, self._server = self._server, None
        self._expiry.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._expiry
        server.close(code=CloseCode.GOING_AWAY, reason=GOING_AWAY)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(server.wait_closed(), self._limits.close_s + 1)
        await self._background.finish(self._limits.close_s)
        # What still runs keeps handshakes and message handlers waiting.
        await self._invocations.close()
        await server.wait_closed()
        await self._background.finish(0)

    def _prepare(self) -> None:
        """Make what needs the port, which events tell."""
        endpoints, limits = self._endpoints, self._limits
        identity = ApiIdentity(self._api, endpoints.account_id, endpoints.region, f"{self.host}:{self.port}")
        self._disconnects = Disconnects(identity, self._invocations, limits, self._background)
        self._handshake = Handshake(identity, self._invocations, limits, self._throttling, self._connects, self._lost)
        self._messages = MessageHandler(identity, self._invocations, limits, self._throttling)

    async def _process_request(self, connection: ServerConnection, request: Request) -> Response | None:
        assert isinstance(connection, GatewayConnection), "create_connection says so"
        return await self._handshake.admit(connection, request)

    async def _serve(self, connection: ServerConnection) -> None:
        assert isinstance(connection, GatewayConnection), "create_connection says so"
        connection.opened()
        self.connections.add(connection)
        await self._messages.serve(connection)

    def _lost(self, connection: GatewayConnection) -> None:
        report_close(connection.session.connection_id, connection.close_of_gateway())
        self.connections.discard(connection)
        self._disconnects.run(connection)


def connects_throttle(limits: Limits) -> TokenBucket:
    """The bucket of new connections, which all WebSocket APIs of an account share (quotas of WebSocket APIs)."""
    return TokenBucket(limits.connects_per_s, limits.connects_per_s)


def _select_subprotocol(connection: ServerConnection, _offered: Sequence[Subprotocol]) -> Subprotocol | None:
    """The one that `$connect` answered, whatever the client offered: it is the client that checks."""
    answer = getattr(connection, "subprotocol_answer", None)
    return None if answer is None else Subprotocol(answer)


def _quiet_logger() -> logging.Logger:
    """The library logs each connection at INFO; here only what goes wrong is of interest."""
    logger = logging.getLogger(f"{__name__}.sockets")
    logger.setLevel(logging.WARNING)
    return logger
