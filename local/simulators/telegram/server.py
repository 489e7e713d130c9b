"""Telegram as one object: the Bot API under /telegram, the phones under /phones."""

import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import web

from local.simulators.live import Live
from local.simulators.pages import page
from local.simulators.telegram.bot_methods import BotMethods, unix_now
from local.simulators.telegram.bots import known_bot
from local.simulators.telegram.chats import Chats
from local.simulators.telegram.errors import BotApiError
from local.simulators.telegram.parameters import Parameters, read_parameters
from local.simulators.telegram.phones import Phones
from local.simulators.telegram.rates import Rates
from local.simulators.telegram.storage import Row, Storage
from local.simulators.telegram.webhook_methods import WebhookMethods
from local.simulators.telegram.webhooks import Deliverer

_PATH = re.compile(r"/telegram/bot(?P<token>[^/]*)/(?:test/)?(?P<method>[^/]*)")


class Telegram:
    """The simulator. Everything it knows is in `storage`; `first_retry_s` is the first wait after a failed webhook."""

    def __init__(self, path: Path, *, first_retry_s: float = 0.5) -> None:
        self.storage = Storage(path)
        self._live = Live()
        self._deliverer = Deliverer(self.storage, first_retry_s)
        self._chats = Chats(self.storage, self._live, self._deliverer.wake, unix_now)
        methods: dict[str, Callable[[Row, Parameters], Awaitable[Any]]] = {}
        methods |= BotMethods(self._chats, Rates(time.monotonic)).table()
        methods |= WebhookMethods(self.storage, self._deliverer).table()
        self._methods = methods

    def add_to(self, app: web.Application) -> None:
        """Routes, and delivery for as long as `app` runs."""
        app.router.add_route("*", "/telegram/{rest:.*}", self._answer)
        app.router.add_get("/phones", page("phones.html"))
        Phones(self._chats, self._live).add_to(app)
        app.cleanup_ctx.append(self._running)
        app.on_shutdown.append(self._let_watchers_go)

    async def _answer(self, request: web.Request) -> web.Response:
        try:
            result = await self._call(request)
        except BotApiError as error:
            wait = error.parameters.get("retry_after")
            headers = {"Retry-After": str(wait)} if wait else {}
            return web.json_response(error.body(), status=error.code, headers=headers)
        return web.json_response({"ok": True, "result": result})

    async def _call(self, request: web.Request) -> Any:
        found = _PATH.fullmatch(request.path)
        if found is None or request.method not in ("GET", "POST"):
            raise BotApiError(404, "Not Found")
        bot = known_bot(self.storage, found["token"])
        method = self._methods.get(found["method"].lower())
        if method is None:
            raise BotApiError(404, "Not Found: method not found")
        return await method(bot, await read_parameters(request))

    async def _running(self, _app: web.Application) -> AsyncIterator[None]:
        await self._deliverer.start()
        yield
        await self._deliverer.stop()
        self.storage.close()

    async def _let_watchers_go(self, _app: web.Application) -> None:
        self._live.end()
