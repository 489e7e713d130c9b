"""python-telegram-bot's client, as connectors use it: no start-up call, short waits, no token in any log."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from telegram import Bot
from telegram.request import HTTPXRequest

OFFICIAL = "https://api.telegram.org"
Result = TypeVar("Result")

# httpx logs each URL at INFO, and the Bot API has the token in the URL.
logging.getLogger("httpx").setLevel(logging.WARNING)


class Clients:
    """One event loop, and one client for each token and server, for the life of an environment (connections stay open)."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._requests: dict[tuple[str, str], HTTPXRequest] = {}
        self._bots: dict[tuple[str, str], Bot] = {}

    def run(self, token: str, api_base: str | None, use: Callable[[Bot], Coroutine[Any, Any, Result]]) -> Result:
        """Wait for what `use` does with the client of `token`; raises telegram.error.TelegramError.

        `api_base` stands for https://api.telegram.org.
        """
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
        return self._loop.run_until_complete(use(self._bot(token, api_base or OFFICIAL)))

    def close(self) -> None:
        """Close connections and loop."""
        if self._loop is None:
            return
        for request in self._requests.values():
            self._loop.run_until_complete(request.shutdown())
        self._loop.close()
        self._loop = None
        self._bots.clear()
        self._requests.clear()

    def _bot(self, token: str, api_base: str) -> Bot:
        key = (token, api_base)
        if key not in self._bots:
            request = HTTPXRequest(
                connection_pool_size=4, connect_timeout=3.0, read_timeout=8.0, write_timeout=5.0, pool_timeout=3.0
            )
            self._requests[key] = request
            self._bots[key] = Bot(token, base_url=f"{api_base}/bot", request=request, get_updates_request=request)
        return self._bots[key]
