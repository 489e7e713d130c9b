"""A running simulator, an account of a business with its webhook, and a person's hands (the phones' API)."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from local.simulators import Simulators

SECRET = "the-app's-secret"
VERIFY = "verify-me"
CHANNELS = ("whatsapp", "messenger", "instagram")


class Hook:
    """A webhook as a business has it: it shakes hands, checks signatures, and refuses as often as `failures` says."""

    def __init__(self) -> None:
        self.url = ""
        self.failures = 0
        self.challenge: Callable[[str], str] = lambda challenge: challenge
        self.tried: list[dict[str, Any]] = []
        self.bodies: list[dict[str, Any]] = []
        self.raw: list[bytes] = []
        self.changed = asyncio.Condition()
        self.open = asyncio.Event()
        """Cleared: requests wait, as at a server that is slow."""
        self.open.set()

    async def verify(self, request: web.Request) -> web.Response:
        query = request.query
        if query.get("hub.mode") != "subscribe" or query.get("hub.verify_token") != VERIFY:
            return web.Response(status=403)
        return web.Response(text=self.challenge(query["hub.challenge"]))

    async def take(self, request: web.Request) -> web.Response:
        raw = await request.read()
        wanted = "sha256=" + hmac.new(SECRET.encode(), raw, hashlib.sha256).hexdigest()
        assert request.headers["X-Hub-Signature-256"] == wanted
        await self.open.wait()
        async with self.changed:
            self.tried.append(json.loads(raw))
            refused = self.failures > 0
            self.failures -= refused
            if not refused:
                self.raw.append(raw)
                self.bodies.append(json.loads(raw))
            self.changed.notify_all()
        return web.Response(status=503 if refused else 200)

    def events(self) -> list[dict[str, Any]]:
        """All that was taken, one by one: values of changes, and items of messaging[]."""
        found: list[dict[str, Any]] = []
        for body in self.bodies:
            for entry in body["entry"]:
                found += [change["value"] for change in entry.get("changes", [])]
                found += entry.get("messaging", [])
        return found

    async def until(self, enough: Callable[[list[dict[str, Any]]], bool]) -> list[dict[str, Any]]:
        async with asyncio.timeout(20), self.changed:
            await self.changed.wait_for(lambda: enough(self.events()))
        return self.events()

    async def having(self, kind: str, count: int = 1) -> list[Any]:
        """The first `count` messages, statuses, reads, ... of what was taken."""

        def of(events: list[dict[str, Any]]) -> list[Any]:
            found: list[Any] = []
            for event in events:
                part = event.get(kind)
                found += part if isinstance(part, list) else [] if part is None else [part]
            return found

        return of(await self.until(lambda events: len(of(events)) >= count))[:count]


@dataclass
class Line:
    """One account and one person who may talk, and what both can do."""

    http: aiohttp.ClientSession
    url: str
    account: dict[str, Any]
    person: dict[str, Any] = field(default_factory=dict)

    @property
    def phones(self) -> str:
        return f"{self.url}/phones/api/graph"

    @property
    def chat(self) -> str:
        return f"{self.phones}/people/{self.person['id']}/chats/{self.account['id']}"

    async def call(self, method: str, url: str, body: Any = None, **more: Any) -> tuple[int, Any]:
        async with self.http.request(method, url, json=body, **more) as response:
            return response.status, await response.json()

    async def done(self, method: str, url: str, body: Any = None) -> Any:
        status, answer = await self.call(method, url, body)
        assert status in (200, 201), answer
        return answer

    async def graph(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, Any]:
        """A call of the business, under its token."""
        headers = {"Authorization": f"Bearer {self.account['access_token']}"}
        return await self.call(method, f"{self.url}/graph/v26.0/{path}", body, headers=headers, **more)

    async def post(self, body: dict[str, Any], edge: str = "messages") -> tuple[int, Any]:
        return await self.graph("POST", f"{self.account['id']}/{edge}", body)

    def text(self, text: str = "hello", **more: Any) -> dict[str, Any]:
        """The body that sends a text."""
        if self.account["channel"] == "whatsapp":
            common = {
                "messaging_product": "whatsapp",
                "recipient_type": "individual",
                "to": self.person["phone_number"],
            }
            return {**common, "type": "text", "text": {"body": text}, **more}
        kind = {"messaging_type": "RESPONSE"} if self.account["channel"] == "messenger" else {}
        return {"recipient": {"id": self.person["id"]}, **kind, "message": {"text": text}, **more}

    async def sends(self, body: dict[str, Any]) -> str:
        """Send; the id of the message."""
        status, answer = await self.post(body)
        assert status == 200, answer
        return str(answer["messages"][0]["id"] if "messages" in answer else answer["message_id"])

    async def refused(self, body: dict[str, Any], edge: str = "messages") -> dict[str, Any]:
        status, answer = await self.post(body, edge)
        assert status >= 400, answer
        error: dict[str, Any] = answer["error"] | {"status": status}
        assert {"message", "type", "code", "fbtrace_id"} <= error.keys()
        return error

    async def says(self, text: str = "hi", **more: Any) -> dict[str, Any]:
        return dict(await self.done("POST", f"{self.chat}/messages", {"text": text, **more}))

    async def does(self, **message: Any) -> dict[str, Any]:
        return dict(await self.done("POST", f"{self.chat}/messages", message))

    async def messages(self) -> list[dict[str, Any]]:
        return list((await self.done("GET", f"{self.chat}/messages"))["items"])

    async def settings(self, **changes: Any) -> None:
        await self.done("PUT", f"{self.phones}/settings", changes)

    async def uploads(self, data: bytes, mime_type: str, name: str) -> str:
        url = f"{self.phones}/people/{self.person['id']}/uploads/{name}"
        async with self.http.put(url, data=data, headers={"Content-Type": mime_type}) as response:
            return str((await response.json())["media_id"])

    async def new_person(self, **more: Any) -> "Line":
        body = {"channel": self.account["channel"], "name": "Ann Lee", **more}
        person = await self.done("POST", f"{self.phones}/people", body)
        return Line(self.http, self.url, self.account, person)


@pytest.fixture
async def hook(cleanup: AsyncExitStack) -> Hook:
    hook = Hook()
    app = web.Application()
    app.router.add_post("/hook", hook.take)
    app.router.add_get("/hook", hook.verify)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    cleanup.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    return hook


@pytest.fixture
async def files(cleanup: AsyncExitStack) -> Callable[[str, bytes], str]:
    """Serves bytes under a link of their type."""
    kept: dict[str, tuple[str, bytes]] = {}

    async def answer(request: web.Request) -> web.Response:
        if request.path not in kept:
            return web.Response(status=404)
        mime_type, data = kept[request.path]
        return web.Response(body=data, content_type=mime_type)

    app = web.Application()
    app.router.add_get("/{name}", answer)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    cleanup.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, "127.0.0.1", 0).start()

    def serve(mime_type: str, data: bytes) -> str:
        path = f"/file{len(kept)}.bin"
        kept[path] = (mime_type, data)
        return f"http://127.0.0.1:{runner.addresses[0][1]}{path}"

    return serve


async def make_account(http: aiohttp.ClientSession, url: str, channel: str, hook: Hook | None, **more: Any) -> Line:
    body = {"channel": channel, "name": "Corner Shop", "app_secret": SECRET, "verify_token": VERIFY, **more}
    line = Line(http, url, {})
    line.account = await line.done(
        "POST", f"{line.phones}/accounts", body | ({"webhook_url": hook.url} if hook else {})
    )
    return line


Talk = Callable[[str], Awaitable[Line]]


@pytest.fixture
async def talk(simulators: Simulators, http: aiohttp.ClientSession, hook: Hook) -> Talk:
    """A chat on the channel that is named."""

    async def begin(channel: str) -> Line:
        return await _talking(await make_account(http, simulators.url, channel, hook))

    return begin


@pytest.fixture
async def whatsapp(talk: Talk) -> Line:
    """A person who has written to the number just now."""
    return await talk("whatsapp")


@pytest.fixture
async def messenger(talk: Talk) -> Line:
    return await talk("messenger")


@pytest.fixture
async def instagram(talk: Talk) -> Line:
    return await talk("instagram")


async def _talking(account: Line) -> Line:
    line = await account.new_person()
    await line.says("hi")
    return line
