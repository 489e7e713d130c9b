"""A client that comes again when it is asked to: 503 says that nothing was promised, and when (RFC 9110, Retry-After)."""

import asyncio
import json

import httpx

DEADLINE_S = 60.0


class Patient(httpx.AsyncBaseTransport):
    """Repeats what was answered 503, on a machine that is busy with other things too.

    A request with `extensions=AT_ONCE` is told the 503.
    """

    def __init__(self) -> None:
        self._inner = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + DEADLINE_S
        while True:
            answer = await self._inner.handle_async_request(request)
            if answer.status_code != 503 or loop.time() > deadline or "at_once" in request.extensions:
                return answer
            request = _again(request, await answer.aread())
            await answer.aclose()
            await asyncio.sleep(float(answer.headers.get("retry-after", 1)) / 2)

    async def aclose(self) -> None:
        await self._inner.aclose()


AT_ONCE = {"at_once": True}


def _again(request: httpx.Request, problem: bytes) -> httpx.Request:
    """The same, and with the id that a send has got: the message may stand, though nobody has said so."""
    message_id = json.loads(problem).get("message_id")
    if message_id is None or "idempotency-key" in request.headers:
        return request
    body = json.loads(request.content) | {"message_id": message_id}
    headers = {name: value for name, value in request.headers.items() if name != "content-length"}
    return httpx.Request(request.method, request.url, headers=headers, json=body, extensions=request.extensions)
