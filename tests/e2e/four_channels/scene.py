"""A group of two on the app and one on each channel, and how badly the providers behave."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.e2e.conftest import Join
from tests.e2e.four_channels.ledger import Ledger, Said
from tests.e2e.four_channels.natives import CHANNELS, Native
from tests.e2e.graph_phones import ROOT, business, graph_phone, pointed
from tests.e2e.people import DEADLINE_S, Frame, Person, Socket, ok
from tests.e2e.phones import phone, shop
from tests.e2e.running_stack import RunningStack

LOST_ANSWERS = 0.02
FAULTS: dict[str, Any] = {
    "rate_limits": False,
    "server_error": 0.03,
    "too_many": 0.03,
    "retry_after_s": 1,
    "timeout": 0.02,
    "lost_answer": LOST_ANSWERS,
    "timeout_s": 0.2,
    "duplicates": 0.1,
    "disorder": 0.1,
    "drop_first": 0.05,
}
"""Of each send, and of each webhook (local.simulators.settings)."""
CALM: dict[str, Any] = dict.fromkeys(FAULTS, 0.0) | {"rate_limits": True, "timeout_s": 30.0, "retry_after_s": 1}
"""As the simulators are at first."""
SETTINGS = ("/phones/api/settings", f"{ROOT}/settings")


@dataclass
class Member:
    """A user of the app, with a WebSocket open."""

    name: str
    person: Person
    socket: Socket

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name,)

    def told(self, kind: str, conversation: str) -> list[tuple[Frame, float]]:
        """Frames of that type, with the time of each on the monotonic clock."""
        pairs = zip(list(self.socket.frames), list(self.socket.times), strict=False)
        return [pair for pair in pairs if pair[0].get("type") == kind and pair[0]["conversation_id"] == conversation]


@dataclass
class Scene:
    """Who is there."""

    console: httpx.AsyncClient
    conversation: str
    members: list[Member]
    natives: list[Native]
    ledger: Ledger = field(default_factory=Ledger)
    _counted: int = 0
    _arrived: set[str] = field(default_factory=set)

    @property
    def names(self) -> dict[str, str]:
        """By user id."""
        return {m.person.id: m.name for m in self.members} | {n.user_id: n.name for n in self.natives}

    def arrived(self) -> int:
        """How many messages the first member has been told of."""
        frames = self.members[0].socket.frames
        for frame in frames[self._counted :]:
            self._counted += 1
            if frame.get("type") == "message.created" and frame["conversation_id"] == self.conversation:
                self._arrived.add(frame["data"]["message_id"])
        return len(self._arrived)

    async def behave(self, settings: dict[str, Any]) -> None:
        """Both simulators from now on."""
        for path in SETTINGS:
            ok(await self.console.put(path, json=settings), 200)


@asynccontextmanager
async def scene(stack: RunningStack, console: httpx.AsyncClient, join: Join) -> AsyncIterator[Scene]:
    """Everybody has joined, in calm; phones are watched until the end."""
    ana, bob, eve = await asyncio.gather(*(join(name) for name in ("ana", "bob", "eve")))
    conversation = await ana.conversation(bob, eve, title="four channels")
    ok(await ana.http.delete(f"/v1/conversations/{conversation}/members/{eve.id}"), 204)
    async with AsyncExitStack() as ends:
        people = {"ana": ana, "bob": bob}
        members = [Member(name, p, await ends.enter_async_context(p.online())) for name, p in people.items()]
        made = Scene(console, conversation, members, [])
        for channel in CHANNELS:
            native = await _joined(stack, console, made, channel)
            watching = asyncio.create_task(native.watch())
            ends.push_async_callback(_ended, watching)
        try:
            yield made
        finally:
            await made.behave(CALM)


async def _joined(stack: RunningStack, console: httpx.AsyncClient, scene: Scene, channel: str) -> Native:
    """Somebody who writes to the owner's account on that channel, and so joins the conversation."""
    owner, name = scene.members[0].person, f"Carla of {channel}"
    if channel == "telegram":
        made = await shop(console, owner, scene.conversation)
        native = Native(channel, console, await phone(console, made, name), (name,))
    else:
        whatsapp = channel == "whatsapp"  # where the number's own webhook is set by us
        account = (
            business(console, owner, channel, scene.conversation)
            if whatsapp
            else pointed(stack, console, owner, channel, scene.conversation)
        )
        made = await account
        person = await graph_phone(console, made, name)
        # Webhooks of Messenger and Instagram tell no names: whoever speaks from there is their id until they are asked for.
        native = Native(channel, console, person, (name,) if whatsapp else (name, person.id))
    token = scene.ledger.new_token()
    said = scene.ledger.add(Said(token, native.names, [f"{token} hello"]))
    said.own_id = await native.say(said.versions[0])
    told = await scene.members[0].socket.event("message.created", 2 * DEADLINE_S, content=said.versions[0])
    native.user_id = told["data"]["sender_id"]
    scene.natives.append(native)
    return native


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
