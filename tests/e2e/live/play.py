"""Three people with two devices each, whose processes are killed and whose connections break; in the end all have the same."""

import asyncio
import time
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from chat4all_client.live import views
from chat4all_client.live.store import Store
from tests.chaos.faults.proxy import Proxy
from tests.e2e.live.device import WITHIN_S, Device
from tests.e2e.people import Person, ok

Json = dict[str, Any]
_AT_ONCE = 4
"""Messages of one device that have not arrived."""
_FAULTS, _MESSAGES_A_FAULT = 20, 60


@dataclass
class Figures:
    """What a play has seen."""

    messages: int = 0
    entries: int = 0
    kills: int = 0
    breaks: dict[str, int] = field(default_factory=dict)
    sending_s: float = 0.0
    settling_s: float = 0.0

    def __str__(self) -> str:
        breaks = ", ".join(f"{count} {name}" for name, count in sorted(self.breaks.items()))
        return (
            f"{self.messages} messages ({self.entries} entries) in {self.sending_s:.0f} s, {self.kills} processes killed, "
            f"{breaks}; settled in {self.settling_s:.0f} s; every store equal to the history"
        )


@dataclass
class Play:
    """`play` it, and `check` then."""

    people: Sequence[Person]
    devices: Sequence[Device]
    proxies: Sequence[Proxy]
    conversations: Sequence[str]
    chance: Random
    arrived: int = 0
    said: list[str] = field(default_factory=list)
    figures: Figures = field(default_factory=Figures)

    async def play(self, messages: int) -> None:
        """Send so many messages while things break; then wait until everybody has everything."""
        begun = time.monotonic()
        faults = _FAULTS + messages // _MESSAGES_A_FAULT
        breaking = asyncio.create_task(self._break([messages * number // faults for number in range(faults)]))
        shares = [messages // len(self.devices) + (n < messages % len(self.devices)) for n in range(len(self.devices))]
        await asyncio.gather(*(self._talk(device, share) for device, share in zip(self.devices, shares, strict=True)))
        await breaking
        sent = time.monotonic()
        await self._until_told()
        await asyncio.gather(*(device.stop() for device in self.devices))
        self.figures.messages, self.figures.sending_s = len(self.said), sent - begun
        self.figures.settling_s = time.monotonic() - sent
        self.figures.kills = sum(device.kills for device in self.devices)

    async def check(self) -> None:
        """Every store is the history of the server, and everything that was said is there once."""
        for conversation_id in self.conversations:
            for person in self.people:
                history = await _history(person, conversation_id)
                shown = ok(await person.http.get(f"/v1/conversations/{conversation_id}"), 200)
                for device in self.devices:
                    if device.person is person:
                        _check_store(device, conversation_id, shown, history)
            counts = Counter(message["message_id"] for message in history)
            assert not [message_id for message_id, count in counts.items() if count > 1]
            self.figures.entries += int(shown["last_seq"])
        there = {m["message_id"] for c in self.conversations for m in await _history(self.people[0], c)}
        assert set(self.said) <= there, f"{len(set(self.said) - there)} of {len(self.said)} are lost"
        assert len(there) == len(self.said)

    async def _talk(self, device: Device, messages: int) -> None:
        on_their_way = asyncio.Semaphore(_AT_ONCE)

        async def say(number: int) -> None:
            try:
                message_id = str(uuid.UUID(int=self.chance.getrandbits(128), version=4))
                self.said.append(message_id)
                await device.send(
                    self.chance.choice(self.conversations), message_id, f"{device.store.stem} says {number}"
                )
                if number % 3 == 0:
                    what = self.chance.choices(("edit", "react", "read", "unsend"), (3, 3, 3, 1))[0]
                    conversation_id = self.chance.choice(self.conversations)
                    number = self.chance.randrange(1_000)
                    await device.tell({"do": what, "conversation_id": conversation_id, "number": number})
                self.arrived += 1
            finally:
                on_their_way.release()

        async with asyncio.TaskGroup() as tasks:
            for number in range(messages):
                await on_their_way.acquire()
                tasks.create_task(say(number))

    async def _break(self, places: Sequence[int]) -> None:
        """One thing after the other: each when so many messages have arrived, however fast they do."""
        for place in places:
            while self.arrived < place:
                await asyncio.sleep(0.02)
            what = self.chance.choices(("kill", "reset_answers", "silent", "half_close"), (5, 2, 2, 2))[0]
            if what == "kill":
                device = self.chance.choice(self.devices)
                await device.kill()
                await device.start()
                continue
            proxy = self.chance.choice(self.proxies)
            setattr(proxy.conduct, what, True)
            await asyncio.sleep(self.chance.uniform(0.05, 0.7))
            setattr(proxy.conduct, what, False)
            self.figures.breaks[what] = self.figures.breaks.get(what, 0) + 1

    async def _until_told(self) -> None:
        """Until the server knows what everybody has received, and all devices what it knows."""
        deadline = time.monotonic() + WITHIN_S
        while True:
            shown = [ok(await self.people[0].http.get(f"/v1/conversations/{c}"), 200) for c in self.conversations]
            marks = {
                one["id"]: {m["user_id"]: [m["delivered_seq"], m["read_seq"]] for m in one["members"]} for one in shown
            }
            received = [await self._is_received(one) for one in shown]
            known = await asyncio.gather(*(device.settle() for device in self.devices))
            if all(received) and all(one == marks for one in known):
                return
            assert time.monotonic() < deadline, f"{marks} and {known}"

    async def _is_received(self, shown: Json) -> bool:
        history = await _history(self.people[0], shown["id"])
        last = {
            m["user_id"]: max((one["seq"] for one in history if one["sender_id"] != m["user_id"]), default=0)
            for m in shown["members"]
        }
        return all(member["delivered_seq"] >= last[member["user_id"]] for member in shown["members"])


@asynccontextmanager
async def play(http: str, websocket: str, folder: Path, seed: int) -> AsyncIterator[Play]:
    """People, their devices and proxies in front of the running stack, whose limits are out of the way."""
    chance = Random(seed)
    async with AsyncExitStack() as stack:
        people = [await Person.join(http, websocket, name) for name in ("ana", "bob", "cy")]
        for person in people:
            stack.push_async_callback(person.http.aclose)
        ana, bob, cy = people
        conversations = [await ana.conversation(bob, cy), await bob.conversation(ana, cy)]
        proxies = [stack.enter_context(Proxy(int(url.rpartition(":")[2]))) for url in (http, websocket)]
        devices = [
            Device(
                person,
                folder / f"{name}-{number}.sqlite",
                f"http://127.0.0.1:{proxies[0].port}",
                f"ws://127.0.0.1:{proxies[1].port}",
            )
            for name, person in zip(("ana", "bob", "cy"), people, strict=True)
            for number in range(2)
        ]
        for device in devices:
            await device.start()
            stack.push_async_callback(_end, device)
        yield Play(people, devices, proxies, conversations, chance)


async def _end(device: Device) -> None:
    if device._process is not None and device._process.returncode is None:
        await device.kill()


def _check_store(device: Device, conversation_id: str, shown: Json, history: Sequence[Json]) -> None:
    store = Store(device.store)
    try:
        held = views.messages(store, conversation_id, 10**6)
        conversation = next(one for one in views.conversations(store) if one["id"] == conversation_id)
    finally:
        store.close()
    name = device.store.name
    assert [_lasting(m) for m in held] == [_lasting(m) for m in history], _first_difference(name, held, history)
    assert conversation["through"] == shown["last_seq"], name
    assert conversation["title"] == shown["title"], name
    assert conversation["unread"] == shown["unread_count"], name
    assert conversation["read_seq"] == shown["read_seq"], name
    members = sorted(conversation["members"].values(), key=lambda member: str(member["user_id"]))
    assert members == sorted(shown["members"], key=lambda member: str(member["user_id"])), name


def _first_difference(name: str, held: Sequence[Json], history: Sequence[Json]) -> str:
    numbers, wanted = [m.get("seq") for m in held], [m["seq"] for m in history]
    if numbers != wanted:
        return f"{name}: lacks {sorted(set(wanted) - set(numbers))}, and has {sorted(set(numbers) - set(wanted))} more"  # type: ignore[type-var]
    return next(
        f"{name}: {one} and not {other}"
        for one, other in zip(held, history, strict=True)
        if _lasting(one) != _lasting(other)
    )


def _lasting(message: Json) -> Json:
    return {name: value for name, value in message.items() if name != "status"}


async def _history(person: Person, conversation_id: str) -> list[Json]:
    """All messages, oldest first."""
    page = await person.history(conversation_id, limit=100)
    found = list(page["items"])
    while page["next_cursor"] is not None:
        page = await person.history(conversation_id, limit=100, cursor=page["next_cursor"])
        found += page["items"]
    return found[::-1]
