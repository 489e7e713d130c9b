"""Delivery of updates: POST to each bot's webhook, repeated until a 2xx; or long polling by getUpdates.

In order, one at a time, but for what the settings do: updates come late, twice, overtake one another, or are lost at first.
A webhook may call a method in its answer (core.telegram.org/bots/api#making-requests-when-getting-updates).
"""

import asyncio
import contextlib
import json
import logging
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp

from local.simulators.settings import Settings
from local.simulators.telegram.storage import Row, Storage

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 (name of a header)
_LAST_RETRY_S = 60.0
_TIMEOUT_S = 60.0
_LOOK_AT = 100
_AGAIN_AFTER_S = 0.1
_ANSWER_MAX_BYTES = 1_000_000
Call = Callable[[Row, str, dict[str, Any]], Awaitable[None]]

logger = logging.getLogger(__name__)


class Deliverer:
    """One task for each bot that has something to be delivered."""

    def __init__(self, storage: Storage, settings: Settings, first_retry_s: float) -> None:
        self._storage = storage
        self._settings = settings
        self._due: dict[int, dict[int, float]] = defaultdict(dict)
        """When an update of a bot may go, by update_id, on the clock of `time.monotonic`."""
        self._repeated: set[tuple[int, int]] = set()
        self._lost: set[tuple[int, int]] = set()
        self._first_retry_s = first_retry_s
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._arrived: dict[int, asyncio.Event] = defaultdict(asyncio.Event)
        self._session: aiohttp.ClientSession | None = None
        self.call: Call | None = None
        """Calls a method for a bot, whose result nobody learns."""

    def session(self) -> aiohttp.ClientSession:
        """The client, while it runs."""
        assert self._session is not None
        return self._session

    async def start(self) -> None:
        """Go on where the last process stopped."""
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=_TIMEOUT_S), connector=aiohttp.TCPConnector(limit_per_host=40)
        )
        for bot in self._storage.bots():
            self.wake(bot["id"])

    async def stop(self) -> None:
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def wake(self, bot_id: int) -> None:
        """Something waits for the bot: deliver it, and let a getUpdates that waits look."""
        self._arrived[bot_id].set()
        if self._session is not None and (bot_id not in self._tasks or self._tasks[bot_id].done()):
            self._tasks[bot_id] = asyncio.create_task(self._deliver_all(bot_id), name=f"webhook of bot {bot_id}")

    def start_anew(self, bot_id: int) -> None:
        """The webhook was set or deleted: forget the wait that the old one has earned."""
        if (task := self._tasks.pop(bot_id, None)) is not None:
            task.cancel()
        self.wake(bot_id)

    async def arrival(self, bot_id: int, timeout_s: float) -> None:
        """Wait until something arrives for the bot."""
        self._arrived[bot_id].clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._arrived[bot_id].wait(), timeout_s)

    async def _deliver_all(self, bot_id: int) -> None:
        delay_s = self._first_retry_s
        while (bot := self._storage.bot(bot_id)) and bot["webhook_url"]:
            pending = self._storage.updates(bot_id, _LOOK_AT if self._overtaking() else 1)
            if not pending:
                self._due.pop(bot_id, None)
                return
            update, wait_s = self._next(bot_id, pending)
            if wait_s > 0:
                await self.arrival(bot_id, wait_s)
                continue
            failure = await self._post(bot, update)
            if failure is None:
                self._taken(bot_id, update["update_id"])
                delay_s = self._first_retry_s
                continue
            logger.info("webhook of bot %s: %s; again in %.1f s", bot_id, failure, delay_s)
            self._storage.set_webhook_error(bot_id, int(time.time()), failure)
            await asyncio.sleep(delay_s)
            delay_s = min(delay_s * 2, _LAST_RETRY_S)

    def _overtaking(self) -> bool:
        """Whether another update than the oldest may go first."""
        return any(self._settings.number(name) > 0 for name in ("disorder", "delay_s", "duplicates"))

    def _next(self, bot_id: int, pending: list[Row]) -> tuple[Row, float]:
        """The oldest update that may go now, and 0; or the one that may go first, and in how many seconds."""
        due, now = self._due[bot_id], time.monotonic()
        for update in pending:
            due.setdefault(update["update_id"], now + self._settings.hold_back_s())
        ready = next((update for update in pending if due[update["update_id"]] <= now), None)
        if ready is not None:
            return ready, 0.0
        first = min(pending, key=lambda update: due[update["update_id"]])
        return first, max(due[first["update_id"]] - now, 0.001)

    def _taken(self, bot_id: int, update_id: int) -> None:
        """It is forgotten, unless chance lets it come a second time, behind those that follow it."""
        if (bot_id, update_id) not in self._repeated and self._settings.happens("duplicates"):
            self._repeated.add((bot_id, update_id))
            self._due[bot_id][update_id] = time.monotonic() + _AGAIN_AFTER_S
            return
        self._repeated.discard((bot_id, update_id))
        self._due[bot_id].pop(update_id, None)
        self._storage.forget_update(bot_id, update_id)

    async def _post(self, bot: Row, update: Row) -> str | None:
        """What went wrong, or None."""
        if (bot["id"], update["update_id"]) not in self._lost and self._settings.happens("drop_first"):
            self._lost.add((bot["id"], update["update_id"]))
            return "Connection timed out"
        self._lost.discard((bot["id"], update["update_id"]))
        headers = {"Content-Type": "application/json"}
        if bot["webhook_secret"]:
            headers[SECRET_HEADER] = bot["webhook_secret"]
        body = json.dumps(update, separators=(",", ":")).encode()
        try:
            async with self.session().post(
                bot["webhook_url"], data=body, headers=headers, allow_redirects=False
            ) as response:
                if 200 <= response.status < 300:
                    await self._call_back(bot, response)
                    return None
                return f"Wrong response from the webhook: {response.status} {response.reason}"
        except TimeoutError:
            return "Connection timed out"
        except aiohttp.ClientError as error:
            return f"Connection failed: {type(error).__name__}"

    async def _call_back(self, bot: Row, response: aiohttp.ClientResponse) -> None:
        """The method that an answer names; only JSON answers are read."""
        if self.call is None or response.content_type != "application/json":
            return
        try:
            answer = json.loads(await response.content.read(_ANSWER_MAX_BYTES))
        except ValueError:
            return
        if isinstance(answer, dict) and isinstance(method := answer.pop("method", None), str):
            await self.call(bot, method, answer)
