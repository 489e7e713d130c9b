"""A stack with people on it for callers that are not asynchronous: the clients run in a loop of their own, in a thread."""

import asyncio
import threading
from collections.abc import Coroutine
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import aiohttp

from tests.chaos.checks import check
from tests.chaos.checks.facts import Facts
from tests.chaos.checks.violation import Violation
from tests.chaos.crowd import Crowd, Room
from tests.chaos.ending import end
from tests.chaos.history import Conversation, Quiet, Recorder, Run, load
from tests.chaos.person import Person, new_session
from tests.chaos.phone import Phone
from tests.chaos.world import World

T = TypeVar("T")
_STEP_WITHIN_S = 120.0
_SETTLED_WITHIN_S = 150.0


class Stage:
    """People and a phone that stay from one play to the next; each play has its own conversations and its own record."""

    def __init__(self, world: World, folder: Path, people: int = 4) -> None:
        self.world = world
        self._folder = folder
        self._plays = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="clients")
        self._thread.start()
        self.session: aiohttp.ClientSession = self.do(self._new_session())
        recorder = Recorder(folder / "before.jsonl")
        self.people = [self.do(Person.register(world.urls, recorder, self.session, f"p{n}")) for n in range(people)]
        crowd = Crowd(self.session, recorder, list(self.people))
        self._phone_crowd = self.do(self._with_phone(crowd))
        recorder.close()

    def do(self, doing: Coroutine[Any, Any, T]) -> T:
        """The result of a coroutine of the clients."""
        return asyncio.run_coroutine_threadsafe(doing, self._loop).result(_STEP_WITHIN_S + _SETTLED_WITHIN_S)

    def begin(self) -> Crowd:
        """A private conversation, a group, and the phone's; everybody is online."""
        self._plays += 1
        recorder = Recorder(self._folder / f"play-{self._plays}.jsonl")
        recorder.add(Run(self._plays, {}))
        return self.do(self._begin(recorder))

    def end(self, crowd: Crowd) -> tuple[Path, list[Violation]]:
        """The record of a play that is over, and what it violates."""
        self.do(self._end(crowd))
        crowd.recorder.close()
        return crowd.recorder.file, check(Facts(load(crowd.recorder.file)))

    def close(self) -> None:
        self.do(self.session.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _new_session(self) -> aiohttp.ClientSession:
        return new_session()

    async def _with_phone(self, crowd: Crowd) -> tuple[Phone, Room]:
        await crowd.add_phone(0, Random(0))
        return crowd.phones[0], crowd.rooms[0]

    async def _begin(self, recorder: Recorder) -> Crowd:
        for person in self.people:
            person.recorder = recorder
        crowd = Crowd(self.session, recorder, list(self.people))
        await crowd.add_room("private", self.people[:2])
        await crowd.add_room("group", self.people[:3])
        phone, room = self._phone_crowd
        crowd.phones.append(phone)
        crowd.rooms.append(Room(room.id, room.type, list(room.members)))
        recorder.add(Conversation(room.id, "private", [person.id for person in room.members]))
        recorder.add(Conversation(room.id, "guest", [], phone.name))
        for person in self.people:
            await crowd.add_device(person)
        return crowd

    async def _end(self, crowd: Crowd) -> None:
        crowd.recorder.add(Quiet(crowd.recorder.now()))
        await end(crowd, self.world.lag, _SETTLED_WITHIN_S)
        await crowd.end()
