"""python-telegram-bot's client, as connectors use it: no start-up call, short waits, no token in any log."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from telegram import Bot
from telegram.error import TimedOut
from telegram.request import HTTPXRequest

OFFICIAL = "https://api.telegram.org"
Result = TypeVar("Result")
CALL_S, UPLOAD_S = 10.0, 20.0
"""Longest time of a call, and of one that uploads a file (50 MB)."""
_MOST_CLIENTS = 50
"""Each holds connections and half a megabyte."""

# httpx logs each URL at INFO, and the Bot API has the token in the URL.
logging.getLogger("httpx").setLevel(logging.WARNING)


class Clients:
    """One event loop, and one client for each token and server that was used last (connections stay open)."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._bots: OrderedDict[tuple[str, str], tuple[Bot, HTTPXRequest]] = OrderedDict()

    def run(
        self,
        token: str,
        api_base: str | None,
        use: Callable[[Bot], Coroutine[Any, Any, Result]],
        most_s: float = CALL_S,
    ) -> Result:
        """Wait for what `use` does with the client of `token`; raises telegram.error.TelegramError (TimedOut after `most_s`).

        `api_base` stands for https://api.telegram.org.
        """
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
        return self._loop.run_until_complete(self._used(token, api_base or OFFICIAL, use, most_s))

    def close(self) -> None:
        """Close connections and loop."""
        if self._loop is None:
            return
        for _, request in self._bots.values():
            self._loop.run_until_complete(request.shutdown())
        self._loop.close()
        self._loop = None
        self._bots.clear()

    async def _used(
        self, token: str, api_base: str, use: Callable[[Bot], Coroutine[Any, Any, Result]], most_s: float
    ) -> Result:
        key = (token, api_base)
        if key not in self._bots:
            if len(self._bots) >= _MOST_CLIENTS:
                _, (_, longest_unused) = self._bots.popitem(last=False)
                await longest_unused.shutdown()
            request = HTTPXRequest(
                connection_pool_size=4,
                connect_timeout=3.0,
                read_timeout=CALL_S,  # the whole call has its own limit
                write_timeout=5.0,
                media_write_timeout=8.0,
                pool_timeout=3.0,
            )
            bot = Bot(token, f"{api_base}/bot", f"{api_base}/file/bot", request=request, get_updates_request=request)
            self._bots[key] = (bot, request)
        self._bots.move_to_end(key)
        try:
            async with asyncio.timeout(most_s):
                return await use(self._bots[key][0])
        except TimeoutError as error:
            raise TimedOut(f"no answer within {most_s:g} s") from error
