"""What listeners were told, and when."""

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tests.benchmarks.realtime.sockets import frames_of


class Told(NamedTuple):
    """A message that came to a listener."""

    seq: int
    message: str
    connection: int
    """Of the listener, counted from 0; SYNCED by a sync, whose order says nothing."""


SYNCED = -1


@dataclass(frozen=True, slots=True)
class Account:
    """Of what was said to some listeners."""

    lost: int
    """Messages that a listener did not get, neither at once nor by a sync, added up over the listeners."""
    again: int
    """Messages that came once more, which clients know by their numbers."""
    out_of_order: int
    """Messages that came first on a connection after one with a higher number."""

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.out_of_order)


@dataclass
class Ear:
    """What one listener heard, as a client keeps it."""

    told: list[Told] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    connection: int = 0
    conversation_id: str = ""

    @property
    def through(self) -> int:
        """The number up to which nothing is missing, from the first one on."""
        seqs = {one.seq for one in self.told}
        reached = min(seqs, default=1) - 1
        while reached + 1 in seqs:
            reached += 1
        return reached


@dataclass
class Arrivals:
    """Of `message.created` and `sync.message`; a message is known by its content."""

    listeners: int
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """Monotonic, by message: when each listener got it first."""
    ears: list[Ear] = field(init=False)
    closed: int = 0
    """Connections that the server closed; their clients came back and synced."""
    _more: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.ears = [Ear() for _ in range(self.listeners)]

    def taken(self, listener: int, text: str, at: float) -> None:
        """A frame that came to a listener at a monotonic time."""
        for event in frames_of(text):
            if event.get("type") in ("message.created", "sync.message"):
                self._heard(self.ears[listener], event, at)

    def _heard(self, ear: Ear, frame: Mapping[str, Any], at: float) -> None:
        message = str(frame["data"]["content"])
        if message not in ear.known:
            ear.known.add(message)
            self.times[message].append(at)
        connection = ear.connection if frame["type"] == "message.created" else SYNCED
        ear.told.append(Told(frame["seq"], message, connection))
        ear.conversation_id = frame.get("conversation_id", "")
        if len(self.times[message]) >= self.listeners:
            self._more.set()

    async def until_all_have(self, messages: Sequence[str], within_s: float) -> bool:
        """Whether every listener got each of them in time."""
        deadline = time.monotonic() + within_s
        while any(len(self.times[message]) < self.listeners for message in messages):
            self._more.clear()
            try:
                async with asyncio.timeout(deadline - time.monotonic()):
                    await self._more.wait()
            except TimeoutError:
                return False
        return True

    def account(self, messages: Sequence[str]) -> Account:
        """What became of these messages."""
        return account([ear.told for ear in self.ears], messages)


def account(told: Sequence[Sequence[Told]], messages: Sequence[str]) -> Account:
    """`told` has by listener what came to it."""
    wanted, lost, again, disordered = set(messages), 0, 0, 0
    for everything in told:
        seen: set[str] = set()
        highest: Counter[int] = Counter()
        for one in everything:
            if one.message in seen:
                again += 1
            elif one.message in wanted:
                seen.add(one.message)
                if one.connection != SYNCED:
                    disordered += one.seq < highest[one.connection]
                    highest[one.connection] = max(highest[one.connection], one.seq)
        lost += len(wanted - seen)
    return Account(lost, again, disordered)
