"""Answers of the API as they come in: whole, of a size that it may have, and JSON where they say so."""

import json
from typing import Any

import httpx

from chat4all_client.errors import UnexpectedAnswer

ANSWER_MAX_BYTES = 32 * 1024 * 1024
"""When unpacked. API Gateway's own limit is 10 MB; what has no end is of another server."""
_OF_THE_WIRE = frozenset({"content-encoding", "content-length", "transfer-encoding"})


async def asked(http: httpx.AsyncClient, method: str, path: str, **request: Any) -> httpx.Response:
    """The whole answer. Raises UnexpectedAnswer: it is too large, or packed wrongly. httpx.TransportError."""
    taken = bytearray()
    async with http.stream(method, path, **request) as answer:
        try:
            async for piece in answer.aiter_bytes():
                taken += piece
                if len(taken) > ANSWER_MAX_BYTES:
                    raise UnexpectedAnswer(f"{_of(answer)} has more than {ANSWER_MAX_BYTES // 2**20} MiB: {_HINT}")
        except httpx.DecodingError as error:
            raise UnexpectedAnswer(f"{_of(answer)} cannot be unpacked ({error}): {_HINT}") from error
    headers = [(name, value) for name, value in answer.headers.multi_items() if name not in _OF_THE_WIRE]
    return httpx.Response(
        answer.status_code, headers=headers, content=bytes(taken), request=answer.request, extensions=answer.extensions
    )


def json_of(answer: httpx.Response) -> Any:
    """Raises UnexpectedAnswer."""
    try:
        return json.loads(answer.content)
    except (ValueError, RecursionError) as error:
        raise UnexpectedAnswer(f"{_of(answer)} is no JSON ({error}): {_HINT}") from error


def object_of(answer: httpx.Response, *names: str) -> dict[str, Any]:
    """The JSON object with these texts in it. Raises UnexpectedAnswer."""
    said = json_of(answer)
    missing = [name for name in names if not isinstance(said, dict) or not isinstance(said.get(name), str)]
    if not isinstance(said, dict) or missing:
        raise UnexpectedAnswer(f"{_of(answer)} has no {', '.join(missing) or 'object'}: {_HINT}")
    return said


_HINT = "is it Chat4All's?"


def _of(answer: httpx.Response) -> str:
    return f"The answer of {answer.request.url.host} to {answer.request.method} {answer.request.url.path}"
