"""Failures of sends, by setting (`local.simulators.settings`): before the bot's message is accepted, or after."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from local.simulators.settings import Settings
from local.simulators.telegram.errors import BotApiError, too_many_requests

_WRITES = ("send", "edit", "delete", "set", "forward", "copy", "answer")
_NOT_SENDS = frozenset({"setwebhook", "deletewebhook"})


async def with_failures(
    request: web.Request, method: str, settings: Settings, call: Callable[[], Awaitable[Any]]
) -> Any:
    """The result of `call`, or what chance makes of it. A cut connection ends the request: the answer goes nowhere.

    Raises:
        BotApiError: a failure, or what `call` raises.
    """
    fault = settings.fault() if method.startswith(_WRITES) and method not in _NOT_SENDS else None
    if fault == "server_error":
        raise BotApiError(502, "Bad Gateway")
    if fault == "too_many":
        raise too_many_requests(int(settings.number("retry_after_s")))
    if fault == "timeout":
        await _cut(request, settings.number("timeout_s"))
        return None
    result = await call()
    if fault == "lost_answer":
        await _cut(request, settings.number("timeout_s"))
    return result


async def _cut(request: web.Request, after_s: float) -> None:
    await asyncio.sleep(after_s)
    if request.transport is not None:
        request.transport.abort()
