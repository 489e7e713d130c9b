"""What a live client does beside messages, in a time of its own: tokens, typing, presence, names, refusals, events."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from chat4all_client.live import LiveClient, MessagesChanged, SignedOut, StateChanged, StoreError
from chat4all_client.live.presences import Presences
from tests.live.model import server as model_server
from tests.live.model.device import Device
from tests.live.model.network import ModelWire, Network
from tests.live.model.server import Server
from tests.live.model.virtual_time import run

DAY_S = 86_400.0


class World:
    """ana and bob, each with a device, in the conversation c0; a network without faults."""

    def __init__(self, folder: Path) -> None:
        self.server = Server(Random(1))
        self.network = Network(self.server, Random(2))
        self.devices = {name: Device(self.network, name, folder / name, Random(3)) for name in ("ana", "bob")}

    @property
    def ana(self) -> LiveClient:
        return self._live("ana")

    @property
    def bob(self) -> LiveClient:
        return self._live("bob")

    async def start(self) -> None:
        self.server.create("c0", ["ana", "bob"])
        for device in self.devices.values():
            await device.start()
        await until(lambda: self.ana.state == self.bob.state == "live")

    async def stop(self) -> None:
        for device in self.devices.values():
            await device.die()

    def wires(self, user_id: str) -> list[ModelWire]:
        return [wire for wire in self.network.wires if wire.user_id == user_id]

    def _live(self, name: str) -> LiveClient:
        live = self.devices[name].live
        assert live is not None
        return live


async def until(holds: Callable[[], bool], within_s: float = 60.0) -> None:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + within_s
    while not holds():
        assert loop.time() < deadline
        await asyncio.sleep(0.05)


@pytest.fixture
def played(tmp_path: Path) -> Callable[[Callable[[World], Awaitable[None]]], None]:
    def play(scene: Callable[[World], Awaitable[None]]) -> None:
        async def whole() -> None:
            world = World(tmp_path)
            try:
                await world.start()
                await scene(world)
            finally:
                await world.stop()

        run(whole())

    return play


Played = Callable[[Callable[[World], Awaitable[None]]], None]


def test_a_connection_lasts_a_day_on_tokens_of_half_an_hour(played: Played) -> None:
    async def scene(world: World) -> None:
        (wire,) = world.wires("ana")
        await asyncio.sleep(DAY_S)
        assert world.wires("ana") == [wire]
        assert world.ana.state == "live"

    played(scene)


def test_tokens_that_live_a_minute_are_renewed_once_a_heartbeat(
    played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server says of each of them that it is about to end."""
    monkeypatch.setattr(model_server, "TOKEN_S", 60.0)

    async def scene(world: World) -> None:
        (wire,), before = world.wires("ana"), len(world.server.tokens)
        await asyncio.sleep(600)
        assert world.wires("ana") == [wire]
        assert len(world.server.tokens) - before <= 2 * (600 / 30 + 2), "of two users"

    played(scene)


def test_who_cannot_renew_a_token_stays_to_its_end_and_is_signed_out_then(played: Played) -> None:
    async def scene(world: World) -> None:
        (wire,) = world.wires("ana")

        async def over(_refused: str) -> str:
            raise SignedOut("the refresh token has ended")

        world.ana._session.renewed = over  # type: ignore[method-assign]
        await asyncio.sleep(model_server.TOKEN_S - 200)
        assert (world.ana.state, world.wires("ana")) == ("live", [wire])
        await until(lambda: world.ana.state == "signed_out", within_s=300)

    played(scene)


def test_a_full_disk_stops_it_for_as_long_as_it_is_full(played: Played) -> None:
    large = "x" * 100_000

    async def all_hold(world: World, said: list[str]) -> None:
        async with asyncio.timeout(300):
            for live in (world.ana, world.bob):
                while [m["message_id"] for m in await live.messages("c0") if "local" not in m] != said:
                    await asyncio.sleep(1)

    async def scene(world: World) -> None:
        said = [await world.ana.send("c0", f"message {number}") for number in range(5)]
        await all_hold(world, said)
        grow_to(world.ana, pages=1)
        with pytest.raises(StoreError, match="full"):
            await world.ana.send("c0", large)
        said.append(await world.bob.send("c0", large))
        await until(lambda: world.ana.state == "offline", within_s=300)
        await asyncio.sleep(300)
        grow_to(world.ana, pages=2**30)
        await until(lambda: world.ana.state == "live", within_s=300)
        await all_hold(world, said)
        assert not [m for m in await world.ana.messages("c0") if "local" in m]

    played(scene)


def test_what_was_read_before_somebody_left_does_not_bring_the_conversation_back(played: Played) -> None:
    async def scene(world: World) -> None:
        session, is_read, goes_on = world.bob._session, asyncio.Event(), asyncio.Event()
        call = session.call

        async def late(method: str, path: str, *given: Any, **named: Any) -> Any:
            answer = await call(method, path, *given, **named)
            if method == "GET" and path == "/v1/conversations/c0" and not is_read.is_set():
                is_read.set()
                await goes_on.wait()
            return answer

        session.call = late  # type: ignore[method-assign]
        world.bob.watch("c0")
        await is_read.wait()
        leaving = asyncio.create_task(world.bob.leave("c0"))
        await asyncio.sleep(5)
        goes_on.set()
        await leaving
        for _ in range(5_000):
            assert await world.bob.conversation("c0") is None
            await asyncio.sleep(0.001)

    played(scene)


def grow_to(live: LiveClient, *, pages: int) -> None:
    """A quota for the store's file; SQLite takes what it has for the least."""
    live._store._database.connection.execute(f"PRAGMA max_page_count = {pages}")


def test_presence_that_is_older_than_what_is_known_says_nothing() -> None:
    """An answer about a group is up to 20 s old, and may come after an event."""

    async def scene() -> None:
        known = Presences(lambda _: None)
        online = {"user_id": "bob", "status": "online", "version": 7, "expires_in": 90}
        known.heard([online, {"user_id": "bob", "status": "offline", "version": 8}, online])
        assert known.of("bob") == {"status": "offline"}
        known.clear()
        known.heard([online])
        assert known.of("bob") == {"status": "online"}
        known.clear()

    run(scene())


def test_who_slept_for_a_day_has_everything_when_they_are_back(played: Played) -> None:
    async def scene(world: World) -> None:
        await world.devices["bob"].die()
        for number in range(50):
            await world.ana.send("c0", f"message {number}")
            await asyncio.sleep(DAY_S / 50)
        await world.devices["bob"].start()
        await until(lambda: world.bob.state == "live")
        assert [m["content"] for m in await world.bob.messages("c0")] == [f"message {number}" for number in range(50)]
        assert (await world.bob.conversations())[0]["unread"] == 50

    played(scene)


def test_a_session_that_is_over_ends_the_tries(played: Played) -> None:
    async def scene(world: World) -> None:
        told: list[Any] = []

        async def listen() -> None:
            told.extend([event async for event in world.ana.events()])

        listening = asyncio.create_task(listen())
        await asyncio.sleep(0)
        await world.ana.send("c0", "kept")
        world.server.tokens = {token: one for token, one in world.server.tokens.items() if one[0] != "ana"}
        world.wires("ana")[0].drop()
        await until(lambda: world.ana.state == "signed_out")
        await world.ana.send("c0", "unsent")
        assert [m["content"] for m in await world.ana.messages("c0")][-1] == "unsent"
        await world.devices["ana"].die()
        await listening  # events end with the client
        assert any(isinstance(event, StateChanged) and event.state == "signed_out" for event in told)

    played(scene)


def test_typing_is_over_when_nothing_more_is_said_or_a_message_comes(played: Played) -> None:
    async def scene(world: World) -> None:
        await world.ana.typing("c0")
        await until(lambda: world.bob.typists("c0") == ["ana"])
        await asyncio.sleep(7)
        assert world.bob.typists("c0") == []
        await world.ana.typing("c0")
        await until(lambda: world.bob.typists("c0") == ["ana"])
        await world.ana.stopped_typing("c0")
        await until(lambda: world.bob.typists("c0") == [], within_s=2)
        await world.ana.typing("c0")
        await until(lambda: world.bob.typists("c0") == ["ana"])
        await world.ana.send("c0", "written")
        await until(lambda: world.bob.typists("c0") == [], within_s=2)

    played(scene)


def test_presence_of_those_who_are_looked_at_holds_as_long_as_was_said(played: Played) -> None:
    async def scene(world: World) -> None:
        assert world.ana.presence("bob") is None
        world.ana.watch("c0")
        await until(lambda: world.ana.presence("bob") == {"status": "online"})
        world.ana.watch(None)
        await asyncio.sleep(200)
        assert world.ana.presence("bob") == {"status": "offline"}

    played(scene)


def test_names_are_asked_for_together_and_kept(played: Played) -> None:
    async def scene(world: World) -> None:
        assert await world.ana.users(["ana", "bob"]) == {}
        await asyncio.sleep(5)
        assert {name: user["username"] for name, user in (await world.ana.users(["ana", "bob"])).items()} == {
            "ana": "name of ana",
            "bob": "name of bob",
        }

    played(scene)


def test_what_is_refused_for_good_is_kept_with_its_cause_and_holds_nothing_back(played: Played) -> None:
    async def scene(world: World) -> None:
        refused = await world.ana.send("c0", "refused")
        await world.ana.send("c0", "next")
        await until(lambda: len(world.server.places) == 1)
        await asyncio.sleep(1)
        first, second = await world.ana.messages("c0")
        assert (first["content"], second["local"], second["why"]["code"]) == ("next", "failed", "invalid")
        assert await world.ana.status_of(second) == "failed"
        assert await world.ana.resend(refused)
        await asyncio.sleep(5)
        assert (await world.ana.messages("c0"))[-1]["local"] == "failed"
        assert await world.ana.discard(refused)
        assert not await world.ana.discard(refused)

    played(scene)


def test_what_is_written_without_a_network_is_sent_in_order_when_there_is_one(played: Played) -> None:
    async def scene(world: World) -> None:
        world.network.is_away = True
        for wire in list(world.network.wires):
            wire.drop()
        for number in range(10):
            await world.ana.send("c0", str(number))
        assert [m["local"] for m in await world.ana.messages("c0")] == ["sending"] * 10
        await asyncio.sleep(300)
        assert world.ana.state in ("offline", "connecting")
        world.network.is_away = False
        world.ana.hurry()
        await until(lambda: world.server.conversations["c0"].routed == 10)
        messages = world.server.conversations["c0"].messages
        assert [messages[seq]["content"] for seq in sorted(messages)] == [str(number) for number in range(10)]
        await until(lambda: world.bob.state == "live")
        assert len(await world.bob.messages("c0")) == 10

    played(scene)


def test_own_messages_show_how_far_they_came(played: Played) -> None:
    async def scene(world: World) -> None:
        await world.ana.send("c0", "hello")
        shown = []
        for step in range(3):
            await asyncio.sleep(0 if step == 0 else 3)
            message = (await world.ana.messages("c0"))[-1]
            shown.append(await world.ana.status_of(message))
            if step == 1:
                await world.bob.read("c0", message["seq"])
        assert shown == ["sending", "delivered", "read"]
        assert (await world.bob.conversations())[0]["unread"] == 0

    played(scene)


def test_each_change_is_told_with_the_message_as_it_is_then(played: Played) -> None:
    async def scene(world: World) -> None:
        told: list[tuple[int, str, dict[str, list[str]]]] = []

        async def listen() -> None:
            async for event in world.bob.events():
                if isinstance(event, MessagesChanged):
                    told.extend((m["seq"], m.get("content", ""), m["reactions"]) for m in event.messages.values())

        listening = asyncio.create_task(listen())
        await asyncio.sleep(0)
        message_id = await world.ana.send("c0", "hello")
        await until(lambda: len(told) == 1)
        await world.ana.edit(message_id, "hello!")
        await until(lambda: len(told) == 2)
        await world.bob.react(message_id, "👍")
        await world.ana.unsend(message_id)
        await until(lambda: len(told) == 4)
        assert told == [(1, "hello", {}), (1, "hello!", {}), (1, "hello!", {"👍": ["bob"]}), (1, "", {})]
        listening.cancel()

    played(scene)
