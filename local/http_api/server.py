"""One HTTP API behind a socket."""

import asyncio
import logging
import time
from collections import Counter

from local.api_gateway import TokenBucket, account_throttle
from local.application import HttpApi
from local.endpoints import Endpoints
from local.http_api.connection import Connection, Connections
from local.http_api.exchange import ApiIdentity, Exchange
from local.http_api.issuer_keys import IssuerKeys
from local.http_api.jwt_rules import check_identity_source
from local.http_api.messages import Request, Response
from local.http_api.pipeline import Gateway, handle
from local.http_api.routes import RouteTable
from local.http_api.settings import HttpSettings
from local.invocation import Invocations, Invoke, RouteFault
from local.metrics.buckets import Buckets

_STOP_S = 5.0
_BACKLOG = 4096
"""Connections that the kernel holds until they are accepted."""

_LOG = logging.getLogger(__name__)


class HttpApiServer:
    """Serves an HTTP API on `host:port`; port 0 takes a free one, which `port` then tells.

    `throttle` is the account's bucket where several APIs share it. Raises ValueError for an API whose route keys or
    identity sources API Gateway does not have. Once stopped it is not started again.
    """

    def __init__(
        self,
        api: HttpApi,
        service: Invoke,
        endpoints: Endpoints,
        host: str,
        port: int,
        settings: HttpSettings | None = None,
        *,
        throttle: TokenBucket | None = None,
        fault: RouteFault | None = None,
    ) -> None:
        for route in api.routes:
            if route.authorizer is not None:
                check_identity_source(route.authorizer.identity_source)
        self.host = host
        self.port = port
        self._endpoints = endpoints
        settings = settings or HttpSettings()
        self._gateway = Gateway(
            api,
            Invocations(service, fault),
            RouteTable(api.routes),
            IssuerKeys(refetch_interval_s=settings.refetch_s),
            throttle or account_throttle(),
        )
        self._identity: ApiIdentity | None = None
        self._connections = Connections(settings, self._answer)
        self.answers: dict[str, Buckets] = {}
        """Time to the answer, by class of status (2xx)."""
        self._server: asyncio.Server | None = None
        self._sweep: asyncio.TimerHandle | None = None

    async def start(self) -> None:
        """Bind and serve. Raises OSError when the port is taken."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._accept, self.host, self.port, backlog=_BACKLOG)
        self.port = self._server.sockets[0].getsockname()[1]
        self._identity = ApiIdentity(self._gateway.api, self._endpoints.account_id, f"{self.host}:{self.port}")

    async def stop(self) -> None:
        """Close the port, let requests in progress finish for a few seconds, then drop them."""
        if self._server is not None:
            self._server.close()
            self._server = None
        if self._sweep is not None:
            self._sweep.cancel()
        answering = [task for connection in list(self._connections.open) if (task := connection.close())]
        if answering:
            await asyncio.wait(answering, timeout=_STOP_S)
        for connection in list(self._connections.open):
            connection.drop()
        await self._gateway.invocations.close()
        await self._gateway.keys.close()

    async def _answer(self, request: Request) -> Response:
        assert self._identity is not None, "requests come after start"
        began = time.perf_counter()
        response = await handle(self._gateway, Exchange(request, self._identity))
        self.answers.setdefault(f"{response.status // 100}xx", Buckets()).add(time.perf_counter() - began)
        return response

    def _accept(self) -> Connection:
        if self._sweep is None:
            self._schedule_sweep()
        return Connection(self._connections)

    def _schedule_sweep(self) -> None:
        settings = self._connections.settings
        shortest = min(settings.idle_s, settings.head_s, settings.body_s, settings.write_s, settings.linger_s)
        self._sweep = asyncio.get_running_loop().call_later(min(1.0, shortest / 2), self._expire)

    def _expire(self) -> None:
        """One timer looks after all connections, and sleeps while there are none."""
        self._sweep = None
        now = asyncio.get_running_loop().time()
        late = [connection for connection in self._connections.open if connection.deadline <= now]
        for reason, count in Counter(connection.expire() for connection in late).items():
            if reason is not None:
                _LOG.info("%d client%s %s in time", count, "" if count == 1 else "s", reason)
        if self._connections.open:
            self._schedule_sweep()
