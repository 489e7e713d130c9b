"""A client that comes again when it is asked to: 503 says that nothing was done, and when (RFC 9110, Retry-After)."""

import asyncio

import httpx

DEADLINE_S = 60.0


class Patient(httpx.AsyncBaseTransport):
    """Repeats what was answered 503, on a machine that is busy with other things too."""

    def __init__(self) -> None:
        self._inner = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + DEADLINE_S
        while True:
            answer = await self._inner.handle_async_request(request)
            if answer.status_code != 503 or loop.time() > deadline:
                return answer
            await answer.aclose()
            await asyncio.sleep(float(answer.headers.get("retry-after", 1)) / 2)

    async def aclose(self) -> None:
        await self._inner.aclose()
