"""Telegram as one object: the Bot API under /telegram, the phones under /phones."""

import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from aiohttp import web

from local.page_headers import PAGE_HEADERS
from local.simulators.live import Live
from local.simulators.pages import page
from local.simulators.settings import Setting, Settings
from local.simulators.telegram.bot_methods import BotMethods
from local.simulators.telegram.bots import known_bot
from local.simulators.telegram.change_methods import ChangeMethods
from local.simulators.telegram.chats import Chats
from local.simulators.telegram.errors import BotApiError
from local.simulators.telegram.group_acts import GroupActs
from local.simulators.telegram.media_methods import DOWNLOAD_MAX_BYTES, MediaMethods
from local.simulators.telegram.outbox import Outbox
from local.simulators.telegram.parameters import Parameters, read_parameters
from local.simulators.telegram.people_acts import PeopleActs
from local.simulators.telegram.phone_groups import PhoneGroups
from local.simulators.telegram.phones import Phones
from local.simulators.telegram.rates import Rates
from local.simulators.telegram.send_failures import with_failures
from local.simulators.telegram.sending import Sending
from local.simulators.telegram.storage import Row, Storage
from local.simulators.telegram.uploads import Uploads
from local.simulators.telegram.webhook_methods import WebhookMethods
from local.simulators.telegram.webhooks import Deliverer

_PATH = re.compile(r"/telegram/bot(?P<token>[^/]*)/(?:test/)?(?P<method>[^/]*)")
_FILE = re.compile(r"/telegram/file/bot(?P<token>[^/]*)/(?P<path>.+)")
_CLOCK = {"clock_ahead_s": Setting(0, 0, 10**9)}
"""How far Telegram's clock is ahead of this machine's: what 48 hours do is seen at once."""


class Telegram:
    """The simulator. Everything it knows is in `storage`; `first_retry_s` is the first wait after a failed webhook."""

    def __init__(self, path: Path, *, first_retry_s: float = 0.5) -> None:
        self.storage = Storage(path)
        self.settings = Settings(self.storage, _CLOCK)
        self._live = Live()
        self._deliverer = Deliverer(self.storage, self.settings, first_retry_s)
        chats = Chats(self.storage, self._live, self._now)
        outbox = Outbox(self.storage, self._deliverer.wake)
        people, groups = PeopleActs(chats, outbox), GroupActs(chats, outbox)
        self._phones = Phones(chats, people, self.settings)
        self._phone_groups = PhoneGroups(self._phones, groups)
        sending = Sending(chats, Rates(time.monotonic))
        methods: dict[str, Callable[[Row, Parameters], Awaitable[Any]]] = {}
        methods |= BotMethods(sending, groups).table()
        methods |= ChangeMethods(sending, people).table()
        methods |= MediaMethods(sending, Uploads(self.storage.files, self._deliverer.session)).table()
        methods |= WebhookMethods(self.storage, self._deliverer).table()
        self._methods = methods
        self._deliverer.call = self._call_in_answer

    def add_to(self, app: web.Application) -> None:
        """Routes, and delivery for as long as `app` runs."""
        app.router.add_get("/telegram/file/{rest:.*}", self._download)
        app.router.add_route("*", "/telegram/{rest:.*}", self._answer)
        app.router.add_get("/phones", page("phones.html"))
        self._phones.add_to(app)
        self._phone_groups.add_to(app)
        app.cleanup_ctx.append(self._running)
        app.on_shutdown.append(self._let_watchers_go)

    def _now(self) -> int:
        return int(time.time() + self.settings.number("clock_ahead_s"))

    async def _answer(self, request: web.Request) -> web.Response:
        try:
            result = await self._call(request)
        except BotApiError as error:
            return _error(error)
        return web.json_response({"ok": True, "result": result})

    async def _call(self, request: web.Request) -> Any:
        found = _PATH.fullmatch(request.path)
        if found is None or request.method not in ("GET", "POST"):
            raise BotApiError(404, "Not Found")
        bot = known_bot(self.storage, found["token"])
        name = found["method"].lower()
        method = self._methods.get(name)
        if method is None:
            raise BotApiError(404, "Not Found: method not found")
        parameters = await read_parameters(request)
        return await with_failures(request, name, self.settings, lambda: method(bot, parameters))

    async def _call_in_answer(self, bot: Row, name: str, parameters: dict[str, Any]) -> None:
        """What a webhook calls in its answer: like Telegram, nobody is told what came of it."""
        method = self._methods.get(name.lower())
        with suppress(BotApiError):
            if method is not None:
                await method(bot, Parameters(parameters))

    async def _download(self, request: web.Request) -> web.StreamResponse:
        """A file, by the path that getFile has answered."""
        found = _FILE.fullmatch(request.path)
        try:
            if found is None:
                raise BotApiError(404, "Not Found")
            known_bot(self.storage, found["token"])
            row = self.storage.files.at_path(found["path"])
            if row is None or row["size"] > DOWNLOAD_MAX_BYTES:
                raise BotApiError(404, "Not Found")
        except BotApiError as error:
            return _error(error)
        headers = dict(PAGE_HEADERS) | {"Content-Type": "application/octet-stream"}
        return web.FileResponse(self.storage.files.bytes_at(row), headers=headers)

    async def _running(self, _app: web.Application) -> AsyncIterator[None]:
        await self._deliverer.start()
        yield
        await self._deliverer.stop()
        self.storage.close()

    async def _let_watchers_go(self, _app: web.Application) -> None:
        self._live.end()


def _error(error: BotApiError) -> web.Response:
    wait = error.parameters.get("retry_after")
    headers = {"Retry-After": str(wait)} if wait else {}
    return web.json_response(error.body(), status=error.code, headers=headers)
