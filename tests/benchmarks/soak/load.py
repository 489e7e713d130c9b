"""Mixed load on the real application, as its clients make it: each worker does one kind of thing until it is cancelled."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from kafka import KafkaProducer
from websockets.exceptions import WebSocketException

from tests.e2e.people import DEADLINE_S, PASSWORD, Person, ok

Trouble = (httpx.HTTPError, OSError, WebSocketException, AssertionError, TimeoutError)
TOKEN_RENEWED_S = 600
OLD_FRAMES = 200


@dataclass
class Load:
    """What the workers share: addresses, people in conversations, and what happened."""

    urls: dict[str, str]
    """`http`, `websocket`, `aws`, `console`, `kafka` (host:port)."""
    application: Path
    """Folder of the copy of the application that runs: its code is changed in place."""
    people: list[Person] = field(default_factory=list)
    conversations: list[str] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    received: int = 0
    draw: random.Random = field(default_factory=lambda: random.Random(4))

    async def begin(self, people: int) -> None:
        """Register people, in pairs that talk."""
        self.people = [await Person.join(self.urls["http"], self.urls["websocket"], f"p{n}") for n in range(people)]
        for first, second in zip(self.people[::2], self.people[1::2], strict=True):
            self.conversations.append(await first.conversation(second))

    async def end(self) -> None:
        for person in self.people:
            await person.http.aclose()

    def pair(self) -> tuple[Person, Person, str]:
        """Somebody, who they talk with, and where."""
        index = self.draw.randrange(len(self.conversations))
        ends = [self.people[2 * index], self.people[2 * index + 1]]
        self.draw.shuffle(ends)
        return ends[0], ends[1], self.conversations[index]

    async def attempt(self, what: str, act: Callable[[], Awaitable[Any]]) -> None:
        """Do it and count; trouble is kept with its first words."""
        try:
            await act()
        except Trouble as error:
            self.failed[f"{what}: {type(error).__name__} {str(error)[:120]}"] += 1
        else:
            self.done[what] += 1

    async def every(self, seconds: float, what: str, act: Callable[[], Awaitable[Any]]) -> None:
        """Again and again, at a rate that answers do not slow while they take less than `seconds`."""
        while True:
            begun = time.monotonic()
            await self.attempt(what, act)
            await asyncio.sleep(max(0.0, begun + seconds * self.draw.uniform(0.5, 1.5) - time.monotonic()))


async def send(load: Load) -> None:
    """A message by HTTP."""
    sender, _, conversation = load.pair()
    await sender.send(conversation, f"soak {time.time():.3f} ñ 漢字 🙂")


async def read_history(load: Load) -> None:
    """The newest page, and a page before it."""
    reader, _, conversation = load.pair()
    page = await reader.history(conversation, limit=50)
    assert isinstance(page["items"], list)


async def be_refused(load: Load) -> None:
    """Requests that are wrong, for what is not there, and from nobody."""
    person, _, _ = load.pair()
    wrong = await person.http.post("/v1/messages", content=b"{", headers={"content-type": "application/json"})
    assert wrong.status_code in (400, 422), f"{wrong.status_code} {wrong.text}"
    unknown = await person.http.get("/v1/conversations/00000000-0000-4000-8000-000000000000/messages")
    assert unknown.status_code in (403, 404), f"{unknown.status_code} {unknown.text}"
    anonymous = await person.http.get("/v1/users/me", headers={"authorization": "Bearer x"})
    assert anonymous.status_code == 401, f"{anonymous.status_code} {anonymous.text}"


async def renew_token(load: Load) -> None:
    """Sign in anew."""
    person, _, _ = load.pair()
    tokens = ok(await person.http.post("/token", data={"username": person.username, "password": PASSWORD}), 200)
    person.token = tokens["access_token"]
    person.http.headers["authorization"] = f"Bearer {person.token}"


async def be_online(load: Load) -> None:
    """Connect, work over the WebSocket for a while, and go; every fifth time without a word of farewell."""
    person, _, conversation = load.pair()
    async with person.online() as socket:
        for number in range(load.draw.randint(2, 12)):
            await socket.request("heartbeat")
            if number % 3 == 0:
                await socket.request("send", conversation_id=conversation, type="text", content=f"ws {time.time():.3f}")
            await asyncio.sleep(load.draw.uniform(0.2, 2.0))
        load.received += sum(frame.get("type") == "message.created" for frame in socket.frames)
        if load.draw.random() < 0.2:
            socket.connection.transport.abort()


@dataclass
class Telegram:
    """A shop's bot and one who writes to it from a phone."""

    console: httpx.AsyncClient
    chat: str
    written: int = 0

    @classmethod
    async def begin(cls, load: Load) -> "Telegram":
        console = httpx.AsyncClient(base_url=load.urls["console"], timeout=DEADLINE_S)
        bot = ok(await console.post("/phones/api/bots", json={"name": "Soak"}), 201)
        settings = {"bot_token": bot["token"], "api_base": f"{load.urls['console']}/telegram"}
        body = {"channel": "telegram", "name": "Soak", "settings": settings, "inbound": {"conversation": "by_contact"}}
        ok(await load.people[0].http.post("/v1/accounts", json=body), 201)
        phone = ok(await console.post("/phones/api/phones", json={"first_name": "Carla"}), 201)
        return cls(console, f"/phones/api/phones/{phone['id']}/chats/{bot['id']}")

    async def write(self) -> None:
        self.written += 1
        ok(await self.console.post(f"{self.chat}/messages", json={"text": f"soak {self.written}"}), 201)


class PoisonRecords:
    """Records that no consumer can read: they go to the dead letter topic."""

    def __init__(self, servers: str) -> None:
        self._producer = KafkaProducer(bootstrap_servers=servers, acks="all")

    async def produce(self) -> None:
        await asyncio.to_thread(self._send)

    def _send(self) -> None:
        self._producer.send("chat4all.messages", key=b"soak", value=b"{ this is no event").get(timeout=10)

    def close(self) -> None:
        self._producer.close(timeout=5)


class Reloads:
    """Edits the code that runs: mostly a handler, now and then the package, and at times with a mistake that is mended."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._handler = load.application / "functions/health/app.py"
        self._package = load.application / "layers/chat4all/python/chat4all/clock.py"
        self._sources = {file: file.read_text() for file in (self._handler, self._package)}
        self._count = 0

    async def edit(self) -> None:
        """One change, and a request that its code answers."""
        self._count += 1
        file = self._package if self._count % 3 == 0 else self._handler
        if self._count % 4 == 0:
            self._handler.write_text(self._sources[self._handler] + "\nthis is no Python\n")
            await self._until_health(500)
            file = self._handler
        file.write_text(self._sources[file] + f"\n# change {self._count}\n")
        await self._until_health(200)

    async def _until_health(self, status: int) -> None:
        deadline = time.monotonic() + DEADLINE_S
        async with httpx.AsyncClient(base_url=self._load.urls["http"], timeout=DEADLINE_S) as client:
            while (answer := await client.get("/health")).status_code != status:
                assert time.monotonic() < deadline, f"{answer.status_code}, not {status}, after a change"
                await asyncio.sleep(0.1)


async def run(load: Load, rate: float) -> None:
    """All workers, until cancelled. `rate` is sends a second; the rest is in proportion."""
    telegram = await Telegram.begin(load)
    poison = PoisonRecords(load.urls["kafka"])
    reloads = Reloads(load)
    try:
        async with asyncio.TaskGroup() as group:
            senders = max(1, round(rate / 4))
            workers: list[tuple[int, float, str, Callable[[], Awaitable[Any]]]] = [
                (senders, senders / rate, "send", lambda: send(load)),
                (2, 2 / (rate / 2), "history", lambda: read_history(load)),
                (1, 5.0, "refused", lambda: be_refused(load)),
                (1, TOKEN_RENEWED_S / len(load.people) / 2, "sign in", lambda: renew_token(load)),
                (10, 0.5, "WebSocket", lambda: be_online(load)),
                (1, 2.0, "Telegram", telegram.write),
                (1, 20.0, "poison record", poison.produce),
                (1, 45.0, "reload", reloads.edit),
            ]
            for count, seconds, what, act in workers:
                for _ in range(count):
                    group.create_task(load.every(seconds, what, act))
    finally:
        with suppress(httpx.HTTPError):
            await telegram.console.aclose()
        await asyncio.to_thread(poison.close)
