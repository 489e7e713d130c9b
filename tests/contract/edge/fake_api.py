"""An HTTP API that answers what a test says, and keeps what it was asked."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Reply = Callable[[web.Request], Awaitable[web.StreamResponse]]


def answers(status: int, document: Any = None, headers: dict[str, str] | None = None, text: str | None = None) -> Reply:
    """A reply that is always the same; `text` instead of JSON."""

    async def reply(_request: web.Request) -> web.StreamResponse:
        body = text if text is not None else ("" if document is None else json.dumps(document))
        return web.Response(status=status, text=body, headers=headers, content_type="application/json")

    return reply


@dataclass
class FakeApi:
    """Serves from `start` to `stop`."""

    reply: Reply = field(default_factory=lambda: answers(200, {"status": "ok"}))
    asked: list[web.Request] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    given_up: asyncio.Event = field(default_factory=asyncio.Event)
    """A request was cancelled by its client."""
    port: int = 0
    _runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        app = web.Application(client_max_size=64 * 2**20)
        app.router.add_route("*", "/{tail:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        if request.path == "/health/live":
            return web.json_response({"status": "ok"})
        self.bodies.append(await request.read())
        self.asked.append(request)
        try:
            return await self.reply(request)
        except asyncio.CancelledError:
            self.given_up.set()
            raise
