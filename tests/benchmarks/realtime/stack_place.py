"""The local stack as a place: people who registered, a group of 100, one with 100 devices, and a crowd."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import cycle, islice

import psutil

from local.status import read_status
from tests.benchmarks.realtime.sockets import Seat
from tests.e2e.people import Person
from tests.e2e.running_stack import RunningStack

GROUP = 100
"""The largest group there may be, and as many sockets as a user may have."""
_CROWD_USERS = 100
_SENDERS = 10
"""They take turns, so that nobody meets the rate limit of sends, which is left as it is."""
_AT_ONCE = 8
"""Registrations: each hashes a password, which takes a processor."""


class StackPlace:
    """Implements Place."""

    name = "local stack"
    has_heartbeats = True

    def __init__(
        self,
        stack: RunningStack,
        members: Sequence[Person],
        owner: Person,
        crowd: Sequence[Person],
        sources: Sequence[str],
    ) -> None:
        assert stack.process is not None
        self.server_pid = stack.process.pid
        self._engines: set[int] = set()
        self._sources = sources
        self._members = members
        self._owner = owner
        self._crowd = crowd
        self._senders = cycle(members[:_SENDERS])
        self.group_id = self.private_id = ""

    async def prepare(self, stack: RunningStack) -> None:
        """Begin the conversations."""
        status = await read_status(stack.data)
        assert status is not None
        self._engines = {engine["pid"] for engine in status["engines"]}
        self.group_id = await self._members[0].conversation(*self._members[1:], title="everybody")
        self.private_id = await self._members[0].conversation(self._owner)

    def working_pids(self) -> list[int]:
        """The stack, the environments of functions, and the engines."""
        root = psutil.Process(self.server_pid)
        return [self.server_pid, *(child.pid for child in root.children(recursive=True))]

    def crowd(self, count: int) -> Sequence[Seat]:
        """Evenly among the users of the crowd."""
        return spread([_url(person) for person in islice(cycle(self._crowd), count)], self._sources)

    def group(self) -> Sequence[Seat]:
        return self.members(GROUP)

    def members(self, count: int) -> Sequence[Seat]:
        """Evenly among the members of the group."""
        return spread([_url(person) for person in islice(cycle(self._members), count)], self._sources)

    async def newest_in_group(self) -> int:
        """Its number."""
        return int((await self._members[0].history(self.group_id, limit=1))["items"][0]["seq"])

    def devices(self) -> Sequence[Seat]:
        return spread([_url(self._owner)] * GROUP, self._sources)

    async def say_to_group(self, text: str) -> None:
        await next(self._senders).send(self.group_id, text)

    async def say_to_user(self, text: str) -> None:
        await self._members[0].send(self.private_id, text)


@asynccontextmanager
async def people_of(stack: RunningStack, sources: Sequence[str]) -> AsyncIterator[StackPlace]:
    """Register everybody; their HTTP clients are closed at the end."""
    async with AsyncExitStack() as open_clients:
        at_once = asyncio.Semaphore(_AT_ONCE)

        async def join(name: str) -> Person:
            async with at_once:
                person = await Person.join(stack.url("http"), stack.url("websocket", "ws"), name)
            open_clients.push_async_callback(person.http.aclose)
            return person

        names = [f"member{n}" for n in range(GROUP)] + ["owner"] + [f"crowd{n}" for n in range(_CROWD_USERS)]
        people = await asyncio.gather(*map(join, names))
        place = StackPlace(stack, people[:GROUP], people[GROUP], people[GROUP + 1 :], sources)
        await place.prepare(stack)
        yield place


def spread(urls: Sequence[str], sources: Sequence[str]) -> list[Seat]:
    """A seat for each URL, by turns from each address."""
    return [Seat(url, source) for url, source in zip(urls, cycle(sources), strict=False)]


def _url(person: Person) -> str:
    return f"{person.websocket_url}/?token={person.token}"
