"""What else may happen to a request for a token: the simulators' settings `server_error`, `timeout` and `timeout_s`."""

import asyncio
from collections.abc import Callable
from typing import Any

from aiohttp import web

from local.simulators.settings import Settings


async def with_trouble(request: web.Request, settings: Settings, grant: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What `grant` returns; or a server's error, or nothing for a while and the end of the connection."""
    fault = settings.fault()
    if fault == "server_error":
        raise web.HTTPServiceUnavailable(text="Service Unavailable")
    if fault == "timeout":
        await asyncio.sleep(settings.number("timeout_s"))
        if request.transport is not None:
            request.transport.abort()
        raise web.HTTPGatewayTimeout
    return grant()
