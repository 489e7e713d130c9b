"""The HTTP API, as this edge asks it: pooled connections, a deadline for each request, and an end to what is read."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from google.rpc import code_pb2

from edge.http_request import HttpRequest
from edge.refusal import Refused
from edge.statuses import status

ANSWER_MAX_BYTES = 10 * 2**20
"""API Gateway's own limit of an answer (quotas of HTTP APIs)."""
LONGEST_S = 30.0
"""API Gateway's own limit of an integration: longer nobody needs to wait."""
_CONNECT_S = 3.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What the API answered."""

    status: int
    headers: Mapping[str, str]
    document: Any
    """Read from JSON; None where there is no body, or none of JSON."""


class Api:
    """Use as a context: `async with Api(url) as api`."""

    def __init__(self, url: str, connections: int = 256, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._client = httpx.AsyncClient(
            base_url=url,
            limits=httpx.Limits(max_connections=connections, max_keepalive_connections=connections),
            transport=transport,
            headers={"accept": "application/json"},
            trust_env=False,
        )

    async def __aenter__(self) -> "Api":
        await self._client.__aenter__()
        return self

    async def __aexit__(self, *error: Any) -> None:
        await self._client.__aexit__(*error)

    async def ask(self, request: HttpRequest, headers: Mapping[str, str], within_s: float | None) -> Answer:
        """Send and read the answer, whatever its status.

        Raises:
            Refused: nothing came, not in time, or what came is no answer of the API.
        """
        wait_s = LONGEST_S if within_s is None else min(within_s, LONGEST_S)
        if wait_s <= 0:
            raise _too_late()
        said = {**headers, "content-type": request.content_type} if request.content_type else headers
        timeout = httpx.Timeout(wait_s, connect=min(wait_s, _CONNECT_S))
        try:
            async with self._client.stream(
                request.method, request.target, content=request.body, headers=said, timeout=timeout
            ) as response:
                body = await _read(response)
        except httpx.PoolTimeout as error:
            raise _unavailable("overloaded", "All connections to the HTTP API are in use; try again") from error
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise _unavailable("api_unreachable", "The HTTP API cannot be reached; nothing was done") from error
        except httpx.TimeoutException as error:
            raise _too_late() from error
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise _unavailable("answer_lost", "The HTTP API did not answer to the end; it may be done") from error
        return Answer(response.status_code, response.headers, _document(response, body))


async def _read(response: httpx.Response) -> bytes:
    chunks: list[bytes] = []
    size = 0
    async for chunk in response.aiter_bytes():
        size += len(chunk)
        if size > ANSWER_MAX_BYTES:
            raise Refused(status(code_pb2.INTERNAL, "answer_too_large", "The HTTP API answered more than it may"))
        chunks.append(chunk)
    return b"".join(chunks)


def _document(response: httpx.Response, body: bytes) -> Any:
    """A success that is no JSON is an error of ours; what refuses is told by its status anyway."""
    if not body:
        return None
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        if response.is_success:
            raise Refused(status(code_pb2.INTERNAL, "unexpected_answer", "The HTTP API did not answer JSON")) from error
        return None


def _too_late() -> Refused:
    return Refused(status(code_pb2.DEADLINE_EXCEEDED, "timeout", "The HTTP API did not answer in time; it may be done"))


def _unavailable(reason: str, message: str) -> Refused:
    return Refused(status(code_pb2.UNAVAILABLE, reason, message, retry_after_s=1.0))
