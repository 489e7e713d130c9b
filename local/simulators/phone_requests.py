"""What the phones' APIs of all channels share: bodies and fields that are checked, answers, server-sent events.

Bodies are application/json, which no page of another site can send without being asked first (CORS preflight).
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from local.simulators.live import Change, Live

_KEEP_ALIVE_S = 15.0


@dataclass
class PhoneError(Exception):
    """An answer of the phones' API that is an error."""

    status: int
    detail: str


async def read_body(request: web.Request) -> dict[str, Any]:
    """The JSON object of a request; raises PhoneError."""
    if request.content_type != "application/json":
        raise PhoneError(415, "the body must be application/json")
    try:
        body = await request.json()
        json.dumps(body, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise PhoneError(400, "the body has half a surrogate pair") from None
    except ValueError as error:
        raise PhoneError(400, f"the body is not JSON: {error}") from None
    if not isinstance(body, dict):
        raise PhoneError(400, "the body must be a JSON object")
    return body


def field(body: dict[str, Any], name: str, longest: int, default: str | None = None) -> str:
    """A text of 1 to `longest` characters; `default` where it is left out or empty."""
    value = body.get(name)
    if value in (None, "") and default is not None:
        return default
    if not isinstance(value, str) or not value.strip() or len(value) > longest:
        raise PhoneError(400, f"{name} must be a text of 1 to {longest} characters")
    return value.strip()


def answering(act: Callable[[web.Request], Awaitable[Any]]) -> Callable[[web.Request], Awaitable[web.Response]]:
    """JSON of what `act` returns: a document, or (status, document)."""

    async def answer(request: web.Request) -> web.Response:
        try:
            result = await act(request)
        except PhoneError as error:
            return web.json_response({"error": error.detail}, status=error.status)
        status, document = result if isinstance(result, tuple) else (200, result)
        return web.json_response(document, status=status)

    return answer


async def stream(
    request: web.Request, live: Live, person_id: int | str, missed: Callable[[], Iterable[Change]]
) -> web.StreamResponse:
    """Server-sent events of a person's phone: first what was `missed`, then each change as it happens."""
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    await response.prepare(request)
    with live.watch(person_id) as queue:
        await response.write(b": open\n\n")
        for change in missed():
            await response.write(_event(change))
        await _pass_on(queue, response)
    return response


async def _pass_on(queue: asyncio.Queue[Change | None], response: web.StreamResponse) -> None:
    while True:
        try:
            change = await asyncio.wait_for(queue.get(), _KEEP_ALIVE_S)
        except TimeoutError:
            await response.write(b": here\n\n")
            continue
        if change is None:
            return
        await response.write(_event(change))


def _event(change: Change) -> bytes:
    identity = "" if change.revision is None else f"id: {change.revision}\n"
    return f"{identity}event: {change.name}\ndata: {json.dumps(change.data, ensure_ascii=False)}\n\n".encode()
