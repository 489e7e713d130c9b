"""One HTTP API behind a socket."""

from typing import Any

from aiohttp import web
from multidict import CIMultiDict

from local.api_gateway import TokenBucket, account_throttle
from local.application import HttpApi
from local.endpoints import Endpoints
from local.http_api.exchange import ApiIdentity, Exchange
from local.http_api.jwt_rules import check_identity_source
from local.http_api.messages import BrokenBody, Request, Response
from local.http_api.pipeline import Gateway, handle
from local.http_api.routes import RouteTable
from local.invocation import Invocations, Invoke

_PARSER_LIMIT = 64 * 1024
"""Of the parser, well above the gateway's own limit, so that the gateway answers 431 itself."""
_STOP_S = 5.0


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
        *,
        throttle: TokenBucket | None = None,
    ) -> None:
        for route in api.routes:
            if route.authorizer is not None:
                check_identity_source(route.authorizer.identity_source)
        self.host = host
        self.port = port
        self._endpoints = endpoints
        self._gateway = Gateway(
            api, Invocations(service), RouteTable(api.routes), throttle=throttle or account_throttle()
        )
        self._identity: ApiIdentity | None = None
        self._runner: web.ServerRunner | None = None

    async def start(self) -> None:
        """Bind and serve. Raises OSError when the port is taken."""
        limits: dict[str, Any] = {"max_line_size": _PARSER_LIMIT, "max_field_size": _PARSER_LIMIT, "max_headers": 1000}
        server = web.Server(self._answer, auto_decompress=False, access_log=None, **limits)
        runner = web.ServerRunner(server, shutdown_timeout=_STOP_S)
        await runner.setup()
        try:
            await web.TCPSite(runner, self.host, self.port, backlog=1024).start()
        except OSError:
            await runner.cleanup()
            raise
        self._runner = runner
        self.port = runner.addresses[0][1]
        self._identity = ApiIdentity(self._gateway.api, self._endpoints.account_id, f"{self.host}:{self.port}")

    async def stop(self) -> None:
        """Close the port, let requests in progress finish for a few seconds, then drop them."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        await self._gateway.invocations.close()
        await self._gateway.keys.close()

    async def _answer(self, incoming: web.BaseRequest) -> web.StreamResponse:
        assert self._identity is not None, "requests come after start"
        response = await handle(self._gateway, Exchange(_request(incoming), self._identity))
        return _outgoing(response)


def _request(incoming: web.BaseRequest) -> Request:
    target = incoming.raw_path
    path, _, query_string = target.partition("?")
    if not path.startswith("/"):
        # An absolute-form target, as a client of a proxy sends it.
        path = incoming.rel_url.raw_path
    raw = incoming.raw_headers
    line = len(incoming.method) + len(target) + len("  HTTP/1.1\r\n")

    async def read_body(limit: int) -> bytes | None:
        return await _read(incoming, limit)

    return Request(
        method=incoming.method,
        path=path or "/",
        query_string=query_string,
        headers=[(name.decode("latin-1").lower(), value.decode("utf-8", "replace")) for name, value in raw],
        header_bytes=line + sum(len(name) + len(value) + 4 for name, value in raw),
        protocol=f"HTTP/{incoming.version.major}.{incoming.version.minor}",
        source_ip=incoming.remote or "",
        read_body=read_body,
    )


async def _read(incoming: web.BaseRequest, limit: int) -> bytes | None:
    if not incoming.can_read_body:
        return b""
    if (incoming.content_length or 0) > limit:
        return None
    if incoming.headers.get("Expect", "").lower() == "100-continue":
        _continue(incoming)
    body = bytearray()
    try:
        while chunk := await incoming.content.readany():
            body += chunk
            if len(body) > limit:
                return None
    except (web.RequestPayloadError, ConnectionError) as error:
        raise BrokenBody(str(error)) from error
    return bytes(body)


def _continue(incoming: web.BaseRequest) -> None:
    """Tell the client to send its body: the low-level server leaves `Expect` to whoever reads."""
    if incoming.transport is not None:
        incoming.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")


def _outgoing(response: Response) -> web.Response:
    body = b"" if response.status in (204, 304) else response.body
    outgoing = web.Response(status=response.status, body=body, headers=CIMultiDict(response.headers))
    if not body and "content-type" not in outgoing.headers:
        outgoing.headers.popall("Content-Type", None)
    return outgoing
