"""What listeners were told, and when."""

import asyncio
import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Account:
    """Of what was said to some listeners."""

    lost: int
    """Messages that a listener did not get, added up over the listeners."""
    doubled: int
    out_of_order: int
    """Messages that came to a listener after one with a higher number."""

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.doubled or self.out_of_order)


@dataclass
class Arrivals:
    """Of `message.created` frames; a message is known by its content."""

    listeners: int
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """Monotonic, by message: of each listener that got it."""
    numbers: list[list[tuple[int, str]]] = field(init=False)
    """By listener: seq and message, in the order in which they came."""
    _more: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.numbers = [[] for _ in range(self.listeners)]

    def of(self, listener: int) -> Callable[[str, float], None]:
        """What takes the frames of one listener."""

        def taken(text: str, at: float) -> None:
            frame = json.loads(text)
            if frame.get("type") == "message.created":
                message = str(frame["data"]["content"])
                self.times[message].append(at)
                self.numbers[listener].append((frame["seq"], message))
                if len(self.times[message]) >= self.listeners:
                    self._more.set()

        return taken

    async def until_all_have(self, messages: Sequence[str], within_s: float) -> bool:
        """Whether every listener got each of them in time."""
        deadline = time.monotonic() + within_s
        while any(len(self.times[message]) < self.listeners for message in messages):
            self._more.clear()
            try:
                async with asyncio.timeout_at(asyncio.get_running_loop().time() + deadline - time.monotonic()):
                    await self._more.wait()
            except TimeoutError:
                return False
        return True

    def account(self, messages: Sequence[str]) -> Account:
        """What became of these messages."""
        return account(self.numbers, messages)


def account(told: Sequence[Sequence[tuple[int, str]]], messages: Sequence[str]) -> Account:
    """`told` has by listener what came to it, as (seq, message)."""
    wanted, lost, doubled, disordered = set(messages), 0, 0, 0
    for pairs in told:
        mine = [(seq, message) for seq, message in pairs if message in wanted]
        times = Counter(message for _, message in mine)
        lost += len(wanted) - len(times)
        doubled += len(mine) - len(times)
        highest = 0
        for seq, _ in mine:
            disordered += seq < highest
            highest = max(highest, seq)
    return Account(lost, doubled, disordered)
