"""The API of open WebSocket connections."""

from dataclasses import asdict
from typing import Any

from aiohttp import web

from local.console.answers import ApiError, Handler, read_body, text_of
from local.console.stack_view import ConnectionRefused, StackView

_LISTED = 500


class Connections:
    """What `@connections` can do, by hand. Ids stand in bodies: they may hold `/`, `=` and `+`."""

    def __init__(self, stack: StackView) -> None:
        self._stack = stack

    def routes(self) -> list[tuple[str, str, Handler]]:
        return [("POST", "/api/connections/send", self.send), ("POST", "/api/connections/close", self.close)]

    async def document(self) -> dict[str, Any]:
        """Channel `connections`: {total, items}, the youngest first, at most 500."""
        found = sorted(self._stack.connections(), key=lambda one: one.connected_at, reverse=True)
        items = [asdict(one) | {"last_active_at": round(one.last_active_at)} for one in found[:_LISTED]]
        return {"total": len(found), "items": items}

    async def send(self, request: web.Request) -> Any:
        """{api, connection_id, text} -> {}."""
        body = await read_body(request)
        api, connection_id, text = (text_of(body, name) for name in ("api", "connection_id", "text"))
        try:
            await self._stack.send(api, connection_id, text.encode(errors="replace"))
        except ConnectionRefused as refused:
            raise ApiError(409, str(refused)) from refused
        return {}

    async def close(self, request: web.Request) -> Any:
        """{api, connection_id} -> {}."""
        body = await read_body(request)
        try:
            await self._stack.close(text_of(body, "api"), text_of(body, "connection_id"))
        except ConnectionRefused as refused:
            raise ApiError(409, str(refused)) from refused
        return {}
