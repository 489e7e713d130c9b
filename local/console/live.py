"""Live updates: one WebSocket a page at /api/live, many subscriptions on it.

A page says {"id": number, "channel": name, "params": {...}} to subscribe and {"id": number} to end that. It gets
{"id", "data"} for each change, {"id", "error"} for a subscription that cannot be. Nothing is looked at for a page that is
closed, and a page that does not read is waited for, not buffered for.
"""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from typing import Any

from aiohttp import WSMsgType, web

from local.console.answers import ApiError

_LOG = logging.getLogger(__name__)
_HEARTBEAT_S = 20.0
_MESSAGE_BYTES = 64 * 1024
_SUBSCRIPTIONS = 20

Channel = Callable[[Mapping[str, Any]], AsyncGenerator[Any, None]]
"""Opens a subscription by its parameters. Raises ApiError at the first step for what cannot be."""


class Live:
    """`channels` by name."""

    def __init__(self, channels: Mapping[str, Channel]) -> None:
        self._channels = channels
        self._pages: set[web.WebSocketResponse] = set()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        page = web.WebSocketResponse(heartbeat=_HEARTBEAT_S, max_msg_size=_MESSAGE_BYTES)
        await page.prepare(request)
        self._pages.add(page)
        tasks: dict[Any, asyncio.Task[None]] = {}
        try:
            async for message in page:
                if message.type is WSMsgType.TEXT:
                    self._obey(page, tasks, message.data)
        finally:
            self._pages.discard(page)
            for task in tasks.values():
                task.cancel()
            await asyncio.gather(*tasks.values(), return_exceptions=True)
        return page

    async def end(self) -> None:
        """Let every page go: the stack stops."""
        await asyncio.gather(*(page.close(code=1001) for page in list(self._pages)), return_exceptions=True)

    def _obey(self, page: web.WebSocketResponse, tasks: dict[Any, "asyncio.Task[None]"], text: str) -> None:
        try:
            wish = json.loads(text)
            number, channel, params = wish["id"], wish.get("channel"), wish.get("params") or {}
        except (ValueError, RecursionError, TypeError, KeyError, AttributeError):
            return
        if not isinstance(number, int):
            return
        former = tasks.pop(number, None)
        if former is not None:
            former.cancel()
        for ended in [key for key, task in tasks.items() if task.done()]:
            del tasks[ended]
        if isinstance(channel, str) and isinstance(params, dict) and len(tasks) < _SUBSCRIPTIONS:
            tasks[number] = asyncio.create_task(self._serve(page, number, channel, params))

    async def _serve(self, page: web.WebSocketResponse, number: int, channel: str, params: Mapping[str, Any]) -> None:
        try:
            opened = self._channels.get(channel)
            if opened is None:
                raise ApiError(404, f"there is no channel {channel[:100]!r}")
            async with aclosing(opened(params)) as changes:
                async for data in changes:
                    await page.send_json({"id": number, "data": data})
        except ApiError as refused:
            await page.send_json({"id": number, "error": refused.message})
        except ConnectionError:
            pass  # the page is gone
        except Exception:
            _LOG.exception("channel %s of the console failed", channel)
            await page.send_json({"id": number, "error": "the channel failed: the stack's log tells more"})
