"""Who takes part in a run: people with a device each, their conversations, and phones."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

import aiohttp

from tests.chaos.arrivals import Arrivals
from tests.chaos.device import Device
from tests.chaos.history import Conversation, Recorder
from tests.chaos.person import BEGIN_WITHIN_S, Person
from tests.chaos.phone import Phone

PHONE_WEIGHT = 0.3


@dataclass(frozen=True)
class Size:
    """How many."""

    people: int = 16
    private: int = 8
    groups: int = 3
    of: int = 4
    """Members of a group."""
    phones: int = 2
    """The first in a conversation of its own with a shop, the second in a group."""


@dataclass
class Room:
    """A conversation and who is in it now, as far as is known."""

    id: str
    type: str
    members: list[Person]
    accepted: list[tuple[str, Person]] = field(default_factory=list)
    """The latest messages that were acknowledged, and who sent them."""
    last_seq: int = 0
    weight: float = 1.0
    """How often something happens in it, as against others: a phone's provider is slower than the rest."""
    changing: bool = False
    """Somebody is joining or leaving: one at a time, so that it is known who is in it."""


@dataclass
class Crowd:
    """Everybody."""

    session: aiohttp.ClientSession
    recorder: Recorder
    people: list[Person] = field(default_factory=list)
    devices: dict[str, Device] = field(default_factory=dict)
    """By user id."""
    rooms: list[Room] = field(default_factory=list)
    phones: list[Phone] = field(default_factory=list)
    arrivals: Arrivals = field(default_factory=Arrivals)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def begin(self, urls: Mapping[str, str], size: Size, random: Random) -> None:
        """Register everybody, make the conversations, and go online."""
        for number in range(size.people):
            self.people.append(await Person.register(urls, self.recorder, self.session, f"p{number}"))
        for number in range(size.private):
            first = self.people[2 * number % size.people]
            await self.add_room("private", [first, self.people[(2 * number + 1) % size.people]])
        for _ in range(size.groups):
            await self.add_room("group", random.sample(self.people, size.of))
        for number in range(size.phones):
            await self.add_phone(number, random)
        for person in self.people:
            await self.add_device(person)

    async def add_device(self, person: Person) -> Device:
        """Online from now on."""
        device = Device(person, self.arrivals.frame)
        self.devices[person.id] = device
        self._tasks += [asyncio.create_task(device.run()), asyncio.create_task(device.fill_holes())]
        return device

    async def end(self) -> None:
        """Everybody goes."""
        await asyncio.gather(*(device.close() for device in self.devices.values()))
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def rooms_of(self, person: Person) -> list[Room]:
        return [room for room in self.rooms if person in room.members]

    async def add_room(self, kind: str, members: list[Person]) -> Room:
        """The first of them begins it."""
        owner, *others = members
        made = await owner.create("/v1/conversations", {"type": kind, "member_ids": [p.id for p in others]})
        room = Room(made["id"], kind, list(members))
        self.rooms.append(room)
        self.recorder.add(Conversation(room.id, kind, [p.id for p in room.members]))
        return room

    async def add_phone(self, number: int, random: Random) -> None:
        """Someone on Telegram: in a conversation with a shop for an even number, in a group for an odd one."""
        shop = self.people[number]
        if number % 2:
            others = random.sample([p for p in self.people if p is not shop], 2)
            room = await self.add_room("group", [shop, *others])
            room.weight = PHONE_WEIGHT
            phone = await Phone.begin(shop, f"phone {number}", room.id)
            await self._join(phone, room)
        else:
            phone = await Phone.begin(shop, f"phone {number}")
            await phone.say()
            phone.conversation = await self._appeared(shop)
            self.rooms.append(Room(phone.conversation, "private", [shop], weight=PHONE_WEIGHT))
            self.recorder.add(Conversation(phone.conversation, "private", [shop.id]))
        self.phones.append(phone)
        self.recorder.add(Conversation(phone.conversation, "guest", [], phone.name))
        self.arrivals.only_by_status.add(phone.conversation)

    async def _appeared(self, shop: Person) -> str:
        """The shop's conversation that nobody here has made."""
        known = {room.id for room in self.rooms}
        async with asyncio.timeout(BEGIN_WITHIN_S):
            while True:
                answer = await shop.request("GET", "/v1/conversations?limit=100")
                new = [item["id"] for item in (answer.body or {}).get("items", ()) if item["id"] not in known]
                if new:
                    return str(new[0])
                await asyncio.sleep(0.1)

    async def _join(self, phone: Phone, room: Room) -> None:
        """The guest joins with their first message."""
        await phone.say()
        async with asyncio.timeout(BEGIN_WITHIN_S):
            while True:
                answer = await phone.shop.request("GET", f"/v1/conversations/{room.id}/members")
                if len((answer.body or {}).get("items", ())) > len(room.members):
                    return
                await asyncio.sleep(0.1)
