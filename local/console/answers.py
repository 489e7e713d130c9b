"""JSON in and JSON out: what every handler of the console's API shares."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

_BODY_BYTES = 8 * 1024 * 1024
"""Above the 6 MB of Lambda's payload: an event that is too large is refused by Lambda, in its own words."""

Handler = Callable[[web.Request], Awaitable[Any]]
"""Answers what can be written as JSON. Raises ApiError."""


class ApiError(Exception):
    """Answered as `{"error": message}` with `status`."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def error(status: int, message: str) -> web.Response:
    return web.json_response({"error": message}, status=status)


def answering(handler: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """`handler` as aiohttp wants it."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return web.json_response(await handler(request))
        except ApiError as refused:
            return error(refused.status, refused.message)

    return answer


async def read_body(request: web.Request) -> dict[str, Any]:
    """The object in the body. Raises ApiError."""
    if (request.content_length or 0) > _BODY_BYTES:
        raise ApiError(413, f"the body has {request.content_length} bytes, of at most {_BODY_BYTES}")
    try:
        body = json.loads(await request.read())
    except (ValueError, RecursionError) as problem:
        raise ApiError(400, f"the body is no JSON: {problem}") from problem
    if not isinstance(body, dict):
        raise ApiError(400, f"the body is a {type(body).__name__}, not an object")
    return body


def text_of(body: dict[str, Any], name: str, default: str | None = None) -> str:
    """A text of the body. Raises ApiError where it is missing (without a default) or of another type."""
    value = body.get(name)
    if value is None and default is not None:
        return default
    if not isinstance(value, str):
        raise ApiError(400, f"{name} must be a text" if name in body else f"{name} is missing")
    return value


def number_of(request: web.Request, name: str, default: int, *, highest: int) -> int:
    """A whole number of the query string, from 0 to `highest`. Raises ApiError."""
    text = request.query.get(name)
    if text is None:
        return default
    if not text.isascii() or not text.isdigit() or int(text) > highest:
        raise ApiError(400, f"{name} must be a whole number from 0 to {highest}, not {text[:40]!r}")
    return int(text)
