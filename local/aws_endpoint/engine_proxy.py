"""Streams requests for DynamoDB and S3 to the engine that serves them, as they were signed."""

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector, hdrs, web
from multidict import CIMultiDict
from yarl import URL

from local.aws_endpoint.errors import AwsError

_CHUNK_BYTES = 1 << 18
_OF_ONE_HOP = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "trailers",
        "transfer-encoding",
        "upgrade",
        "expect",
    }
)
"""RFC 9110, 7.6.1; and Expect, which this server has answered itself (botocore does not sign it)."""


EngineFault = Callable[[str], Awaitable[str | None]]
"""Given `dynamodb` or `s3`, waits as long as it must on purpose; `error` or `throttle` is what to answer instead."""

_FAULTS = {
    ("dynamodb", "error"): (500, "InternalServerError", "Failed on purpose"),
    ("dynamodb", "throttle"): (400, "ThrottlingException", "Throttled on purpose"),
    ("s3", "error"): (500, "InternalError", "Failed on purpose"),
    ("s3", "throttle"): (503, "SlowDown", "Throttled on purpose"),
}
"""As the engines' own API references name them."""


class EngineProxy:
    """One pool of connections to the engines. Bodies pass in pieces, whatever their size."""

    def __init__(self, fault: EngineFault | None = None) -> None:
        self._fault = fault
        self._session = ClientSession(
            connector=TCPConnector(limit=0, keepalive_timeout=60),
            timeout=ClientTimeout(total=None, sock_connect=5),
            auto_decompress=False,
            cookie_jar=DummyCookieJar(),
            skip_auto_headers=(hdrs.USER_AGENT, hdrs.ACCEPT, hdrs.ACCEPT_ENCODING, hdrs.CONTENT_TYPE),
        )

    async def close(self) -> None:
        await self._session.close()

    async def forward(self, request: web.Request, engine_url: str, service: str) -> web.StreamResponse:
        """The engine's answer. The Host header stays the client's, which its signature covers.

        Raises AwsError 503 when the engine does not answer, and what `scripts/fault` wants of it.
        """
        if self._fault is not None and (kind := await self._fault(service)) is not None:
            raise AwsError(*_FAULTS[service, kind])
        url = URL(engine_url + request.raw_path, encoded=True)
        body = request.content if request.can_read_body else None
        try:
            answer = await self._session.request(
                request.method, url, headers=end_to_end(request.headers), data=body, allow_redirects=False
            )
        except (ClientError, TimeoutError) as error:
            text = f"The {service} engine at {engine_url} does not answer: {error}"
            raise AwsError(503, "ServiceUnavailable", text) from error
        async with answer:
            response = web.StreamResponse(
                status=answer.status, reason=answer.reason, headers=end_to_end(answer.headers)
            )
            await response.prepare(request)
            async for chunk in answer.content.iter_chunked(_CHUNK_BYTES):
                await response.write(chunk)
            await response.write_eof()
        return response


def end_to_end(headers: Mapping[str, str]) -> CIMultiDict[str]:
    """Headers without those of one connection."""
    kept: CIMultiDict[str] = CIMultiDict()
    for name, value in headers.items():
        if name.lower() not in _OF_ONE_HOP:
            kept.add(name, value)
    return kept
