"""Meta as one object: the Graph API and its links under /graph, the phones under /phones/api/graph.

graph.facebook.com and graph.instagram.com are both /graph here: `api_base` http://<host>:<port>/graph, whose calls are
<api_base>/v26.0/<object>/<edge>.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from local.simulators.graph.accounts import account_with_token
from local.simulators.graph.behaviour import BEHAVIOUR
from local.simulators.graph.call import Call, read_call
from local.simulators.graph.chats import Chats
from local.simulators.graph.edges import Edges
from local.simulators.graph.errors import GraphError, transient, unknown_object, whatsapp_error
from local.simulators.graph.media import Media
from local.simulators.graph.messaging_send import MessagingSend, too_many
from local.simulators.graph.nodes import Nodes
from local.simulators.graph.phone_view import SAFE
from local.simulators.graph.phones import Phones
from local.simulators.graph.storage import Storage
from local.simulators.graph.subscriptions import Subscriptions
from local.simulators.graph.webhooks import Deliverer
from local.simulators.graph.whatsapp_send import WhatsAppSend
from local.simulators.live import Live
from local.simulators.settings import Settings


class Graph:
    """The simulator. Everything it knows is in `data_dir`; `first_retry_s` is the first wait after a failed webhook."""

    def __init__(self, data_dir: Path, *, first_retry_s: float = 0.5) -> None:
        self.storage = Storage(data_dir / "graph.sqlite3")
        self.settings = Settings(self.storage, BEHAVIOUR)
        self._live = Live()
        self._media = Media(self.storage, data_dir / "graph-media")
        self._deliverer = Deliverer(self.storage, self.settings, first_retry_s)
        self._chats = Chats(self.storage, self._live, self.settings, self._deliverer, self._media)
        self._subscriptions = Subscriptions(self.storage, self._deliverer)
        self._whatsapp = WhatsAppSend(self._chats)
        self._messaging = MessagingSend(self._chats)
        self._nodes = Nodes(self._chats)
        self._edges = Edges(self.storage, self._subscriptions)

    def add_to(self, app: web.Application) -> None:
        """Routes, and delivery for as long as `app` runs."""
        app.router.add_get("/graph/lookaside/whatsapp_business/attachments/", self._lookaside)
        app.router.add_get("/graph/cdn/{media}/{name}", self._cdn)
        app.router.add_route("*", "/graph/{rest:.*}", self._answer)
        Phones(self._chats, self._subscriptions).add_to(app)
        app.cleanup_ctx.append(self._running)
        app.on_shutdown.append(self._let_watchers_go)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self._chats.seen_at(str(request.url.origin()))
        try:
            call = await read_call(request, self.storage)
            fault = self.settings.fault() if call.method == "POST" and call.edge == "messages" else None
            self._refuse_by(fault, call)
            if fault == "timeout":
                return await self._say_nothing(request)
            document = await self._called(call)
            if fault == "lost_answer":
                return await self._say_nothing(request)
        except GraphError as error:
            wait_s = error.retry_after_s
            headers = {"WWW-Authenticate": f'OAuth "Facebook Platform" "invalid_request" "{error.kind}"'}
            headers |= {"Retry-After": str(wait_s)} if wait_s else {}
            return web.json_response(error.body(), status=error.status, headers=headers)
        return web.json_response(document, headers={"facebook-api-version": f"v{request.path.split('/')[2][1:]}"})

    def _refuse_by(self, fault: str | None, call: Call) -> None:
        if fault == "server_error":
            raise transient(503 if call.account["channel"] == "whatsapp" else 500)
        if fault == "too_many":
            error = whatsapp_error(130429) if call.account["channel"] == "whatsapp" else too_many()
            error.retry_after_s = int(self.settings.number("retry_after_s")) or None
            raise error

    async def _say_nothing(self, request: web.Request) -> web.Response:
        """Hold the request, then cut its connection."""
        await asyncio.sleep(self.settings.number("timeout_s"))
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=504)

    async def _called(self, call: Call) -> dict[str, Any]:
        if call.edge == "":
            if call.method in ("GET", "DELETE"):
                return self._nodes.get(call) if call.method == "GET" else self._nodes.delete(call)
            if call.account["channel"] == "whatsapp" and call.object_id == call.account["id"]:
                return await self._edges.number_webhook(call)
        elif call.edge == "subscribed_apps":
            return await self._edges.subscribed_apps(call)
        elif call.edge == "subscriptions":
            return await self._edges.subscriptions(call)
        elif call.edge == "message_templates":
            return self._edges.templates(call)
        elif call.edge == "phone_numbers":
            return self._edges.phone_numbers(call)
        elif (
            call.method == "POST" and call.object_id == call.account["id"] and (method := self._sends(call)) is not None
        ):
            return await method()
        raise unknown_object(call.method, call.object_id)

    def _sends(self, call: Call) -> Callable[[], Awaitable[dict[str, Any]]] | None:
        account, parameters, upload = call.account, call.parameters, call.upload

        async def store() -> dict[str, Any]:
            return self._nodes.upload(call)

        edges: dict[tuple[bool, str], Callable[[], Awaitable[dict[str, Any]]]] = {
            (True, "messages"): lambda: self._whatsapp.messages(account, parameters),
            (True, "media"): store,
            (False, "messages"): lambda: self._messaging.messages(account, parameters, upload),
            (False, "message_attachments"): lambda: self._messaging.upload(account, parameters, upload),
        }
        return edges.get((account["channel"] == "whatsapp", call.edge))

    # --- links
    async def _lookaside(self, request: web.Request) -> web.StreamResponse:
        """WhatsApp's media: with the access token of the account that owns it, as long as the link is valid."""
        media_id = request.query.get("mid", "")
        token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        account = account_with_token(self.storage, token)
        media = self.storage.media(media_id)
        if account is None:
            return web.Response(status=401)
        valid = self._media.link_holds(media_id, _integer(request.query.get("ext", "")), request.query.get("hash", ""))
        if media is None or media["account_id"] != account["id"] or not valid:
            return web.Response(status=404)
        return self._file(media)

    async def _cdn(self, request: web.Request) -> web.StreamResponse:
        media = self.storage.media(request.match_info["media"])
        until = _integer(request.query.get("oe", ""), 16)
        if media is None or not self._media.link_holds(media["id"], until, request.query.get("oh", "")):
            return web.Response(status=403, text="URL signature mismatch or expired")
        return self._file(media)

    def _file(self, media: dict[str, Any]) -> web.StreamResponse:
        return web.FileResponse(self._media.path(media["id"]), headers={"Content-Type": media["mime_type"], **SAFE})

    async def _running(self, _app: web.Application) -> AsyncIterator[None]:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit_per_host=40)) as session:
            self._whatsapp.session = self._messaging.session = self._subscriptions.session = session
            await self._deliverer.start(session)
            yield
            await self._deliverer.stop()
        self.storage.close()

    async def _let_watchers_go(self, _app: web.Application) -> None:
        self._live.end()


def _integer(text: str, base: int = 10) -> int:
    try:
        return int(text, base)
    except ValueError:
        return 0
