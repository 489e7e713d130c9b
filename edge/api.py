"""The HTTP API, as this edge asks it: pooled connections, a deadline for each request, and an end to what is read.

By aiohttp: with httpx a call cost the edge twice as much processor.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import aiohttp
from google.rpc import code_pb2
from yarl import URL

from edge.http_request import HttpRequest
from edge.refusal import Refused
from edge.statuses import status

ANSWER_MAX_BYTES = 10 * 2**20
"""API Gateway's own limit of an answer (quotas of HTTP APIs)."""
LONGEST_S = 30.0
"""API Gateway's own limit of an integration: longer nobody needs to wait."""
_CONNECT_S = 3.0
_KEPT_S = 30.0
"""Idle connections; API Gateway keeps them longer."""
_LARGE_BYTES = 256 * 1024
"""Of bodies that others do not wait for while they are read or sent."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the API answered."""

    status: int
    headers: Mapping[str, str]
    document: Any
    """Read from JSON; None where there is no body, or none of JSON."""
    bytes: int = 0
    """Of the body."""


class Api:
    """Use as a context: `async with Api(url) as api`."""

    def __init__(self, url: str, connections: int = 256) -> None:
        self._url = url
        self._connections = connections
        self._session: aiohttp.ClientSession

    async def __aenter__(self) -> "Api":
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=_KEPT_S),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"accept": "application/json"},
            skip_auto_headers=("user-agent", "content-type"),
        )
        return self

    async def __aexit__(self, *error: Any) -> None:
        await self._session.close()

    async def ask(self, request: HttpRequest, headers: Mapping[str, str], within_s: float | None) -> Answer:
        """Send and read the answer, whatever its status. Waiting for a free connection counts.

        Raises:
            Refused: nothing came, not in time, or what came is no answer of the API.
        """
        wait_s = LONGEST_S if within_s is None else min(within_s, LONGEST_S)
        if wait_s <= 0:
            raise _too_late()
        try:
            async with self._session.request(
                request.method,
                URL(self._url + request.target, encoded=True),
                data=_sent(request.body),
                headers={**headers, "content-type": request.content_type} if request.content_type else headers,
                timeout=aiohttp.ClientTimeout(total=wait_s, sock_connect=min(wait_s, _CONNECT_S)),
                allow_redirects=False,
            ) as response:
                body = await _read(response)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise _unavailable("api_unreachable", "The HTTP API cannot be reached; nothing was done") from error
        except TimeoutError as error:
            raise _too_late() from error
        except (aiohttp.ClientError, ValueError) as error:
            raise _unavailable("answer_lost", "The HTTP API did not answer to the end; it may be done") from error
        return Answer(response.status, response.headers, await _document(response.ok, body), len(body))


def _sent(body: bytes | None) -> bytes | BytesIO | None:
    """A file in pieces, as aiohttp wants it: in one it would hold up other calls."""
    return BytesIO(body) if body is not None and len(body) >= _LARGE_BYTES else body


async def _read(response: aiohttp.ClientResponse) -> bytes:
    chunks: list[bytes] = []
    size = 0
    async for chunk in response.content.iter_any():
        size += len(chunk)
        if size > ANSWER_MAX_BYTES:
            raise Refused(status(code_pb2.INTERNAL, "answer_too_large", "The HTTP API answered more than it may"))
        chunks.append(chunk)
    return b"".join(chunks)


async def _document(is_success: bool, body: bytes) -> Any:
    """A success that is no JSON is an error of ours; what refuses is told by its status anyway."""
    if not body:
        return None
    try:
        return json.loads(body) if len(body) < _LARGE_BYTES else await asyncio.to_thread(json.loads, body)
    except (ValueError, RecursionError) as error:
        if is_success:
            raise Refused(status(code_pb2.INTERNAL, "unexpected_answer", "The HTTP API did not answer JSON")) from error
        return None


def _too_late() -> Refused:
    return Refused(status(code_pb2.DEADLINE_EXCEEDED, "timeout", "The HTTP API did not answer in time; it may be done"))


def _unavailable(reason: str, message: str) -> Refused:
    return Refused(status(code_pb2.UNAVAILABLE, reason, message, retry_after_s=1.0))
