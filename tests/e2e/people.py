"""People who use the product from outside: over HTTP and WebSockets, as any client would."""

import asyncio
import json
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect

from tests.e2e.contract_watch import watched, wrong_frame
from tests.e2e.patience import Patient

PASSWORD = "correct horse battery"
DEADLINE_S = 60.0

Frame = dict[str, Any]


@dataclass
class Socket:
    """One open WebSocket: keeps every frame it has received, with the time of arrival."""

    connection: ClientConnection
    frames: list[Frame] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    ended: bool = False
    """The connection is closed: no more will come."""
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)
    _next_id: int = 0
    _wrong: str | None = None
    """In what a frame was another than the contract says."""

    async def read(self) -> None:
        """Take frames until the connection ends."""
        try:
            async for text in self.connection:
                frame = json.loads(text)
                if self._wrong is None and (wrong := wrong_frame(frame)):
                    self._wrong = f"{wrong} in {text!r}"
                self.frames.append(frame)
                self.times.append(time.monotonic())
                self._arrived.set()
        finally:
            self.ended = True
            self._arrived.set()

    async def until(self, found: Callable[[Frame], bool], within_s: float = DEADLINE_S) -> Frame:
        """The first frame, also of those already here, for which `found` holds."""
        deadline = time.monotonic() + within_s
        seen = 0
        while True:
            assert self._wrong is None, self._wrong
            for frame in self.frames[seen:]:
                if found(frame):
                    return frame
            seen = len(self.frames)
            self._arrived.clear()
            left = deadline - time.monotonic()
            if self.ended and seen == len(self.frames):
                raise AssertionError(f"closed with {self.connection.close_code}; got {self.frames[-5:]}")
            if left <= 0:
                raise AssertionError(f"not within {within_s} s; got {self.frames[-5:]}")
            try:
                await asyncio.wait_for(self._arrived.wait(), left)
            except TimeoutError:
                continue

    async def event(self, kind: str, within_s: float = DEADLINE_S, **data: Any) -> Frame:
        """The first event of type `kind` whose data has these values."""

        def found(frame: Frame) -> bool:
            return frame.get("type") == kind and all(frame["data"].get(name) == value for name, value in data.items())

        return await self.until(found, within_s)

    async def request(self, action: str, **data: Any) -> Frame:
        """Send a request and wait for its ack or error; one that is refused with 503 comes again, as with Patient."""
        deadline = time.monotonic() + DEADLINE_S
        while True:
            reply = await self._asked(action, data)
            error = reply.get("error", {})
            if error.get("status") != 503 or time.monotonic() > deadline:
                return reply
            data |= {"message_id": error["message_id"]} if "message_id" in error else {}
            await asyncio.sleep(error.get("retry_after", 1) / 2)

    async def _asked(self, action: str, data: Frame) -> Frame:
        self._next_id += 1
        request_id = f"r{self._next_id}"
        await self.connection.send(json.dumps({"action": action, "id": request_id, "data": data}))
        return await self.until(lambda frame: frame.get("id") == request_id)


@dataclass
class Person:
    """A user of the app, signed in."""

    http: httpx.AsyncClient
    websocket_url: str
    id: str
    username: str
    token: str
    refresh_token: str

    @classmethod
    async def join(cls, http_url: str, websocket_url: str, name: str = "ana") -> "Person":
        """Register and sign in, under a name that is nobody else's."""
        hooks = {"response": [watched]}
        http = httpx.AsyncClient(base_url=http_url, timeout=DEADLINE_S, transport=Patient(), event_hooks=hooks)
        username = f"{name}-{uuid.uuid4().hex[:10]}"
        body = {"username": username, "email": f"{username}@example.com", "password": PASSWORD, "display_name": name}
        user = ok(await http.post("/v1/users", json=body), 201)
        tokens = ok(await http.post("/token", data={"username": username, "password": PASSWORD}), 200)
        http.headers["authorization"] = f"Bearer {tokens['access_token']}"
        return cls(http, websocket_url, user["id"], username, tokens["access_token"], tokens["refresh_token"])

    async def conversation(self, *others: "Person | str", kind: str | None = None, **fields: Any) -> str:
        """Begin a conversation; its id."""
        ids = [other if isinstance(other, str) else other.id for other in others]
        body = {"type": kind or ("private" if len(ids) == 1 else "group"), "member_ids": ids, **fields}
        return str(ok(await self.http.post("/v1/conversations", json=body), 201)["id"])

    async def send(
        self, conversation_id: str, content: Any = "hi", *, asking: Callable[[], None] = lambda: None, **fields: Any
    ) -> Frame:
        """POST /v1/messages; the 202, waiting out the rate limit as a client should. `asking` is called before each try."""
        body = {"conversation_id": conversation_id, "type": "text", "content": content, **fields}
        deadline = time.monotonic() + DEADLINE_S
        while True:
            asking()
            answer = await self.http.post("/v1/messages", json=body)
            if answer.status_code != 429 or time.monotonic() > deadline:
                return ok(answer, 202)
            await asyncio.sleep(float(answer.headers["retry-after"]) / 5)

    async def history(self, conversation_id: str, **parameters: Any) -> Frame:
        """A page of the history."""
        return ok(await self.http.get(f"/v1/conversations/{conversation_id}/messages", params=parameters), 200)

    async def status(self, message_id: str) -> Frame:
        """GET /v1/messages/{id}/status."""
        return ok(await self.http.get(f"/v1/messages/{message_id}/status"), 200)

    async def status_becomes(self, message_id: str, wanted: str) -> Frame:
        """Poll until the message has status `wanted`."""
        deadline = time.monotonic() + DEADLINE_S
        while True:
            answer = await self.status(message_id)
            if answer["status"] == wanted:
                return answer
            assert time.monotonic() < deadline, answer
            await asyncio.sleep(0.05)

    @asynccontextmanager
    async def online(self) -> AsyncIterator[Socket]:
        """An open WebSocket, read in the background."""
        url = f"{self.websocket_url}/?token={self.token}"
        async with connect(url, compression=None, max_size=None, open_timeout=DEADLINE_S) as connection:
            socket = Socket(connection)
            reading = asyncio.create_task(socket.read())
            try:
                yield socket
            finally:
                await connection.close()
                await asyncio.gather(reading, return_exceptions=True)


def ok(answer: httpx.Response, status: int) -> Frame:
    """The JSON of an answer with `status`; anything else fails the test with what came."""
    assert answer.status_code == status, (
        f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text}"
    )
    return dict(answer.json()) if answer.content else {}
