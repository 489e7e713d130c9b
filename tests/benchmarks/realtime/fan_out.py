"""How long a message takes from asking for it to the last of those who are told."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial

from websockets.exceptions import ConnectionClosed

from tests.benchmarks.realtime.arrivals import Account, Arrivals
from tests.benchmarks.realtime.place import Place
from tests.benchmarks.realtime.processor import used_s
from tests.benchmarks.realtime.sockets import Line, Seat, open_all

Say = Callable[[str], Awaitable[None]]
_WITHIN_S = 60.0
_PAUSE_S = 0.2
WARM_UP = 5
_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class FanOut:
    """Of some messages to 100 sockets."""

    seconds: Sequence[float]
    """Ascending: from asking to each arrival."""
    account: Account
    processor_s: float
    """Of all who have a part in it, for each message."""
    closed: int = 0
    """Connections of listeners that the server closed meanwhile."""


@asynccontextmanager
async def listening(seats: Sequence[Seat]) -> AsyncIterator[Arrivals]:
    """Open sockets in this process, note what comes, and come back as clients do where the server closes one."""
    arrivals = Arrivals(len(seats))
    lines = [Line(seat, partial(arrivals.taken, number)) for number, seat in enumerate(seats)]
    await open_all(lines, _AT_ONCE)
    staying = [asyncio.ensure_future(_stay(line, arrivals, number)) for number, line in enumerate(lines)]
    try:
        yield arrivals
    finally:
        for task in staying:
            task.cancel()
        await asyncio.gather(*staying, return_exceptions=True)
        await asyncio.gather(*(line.close() for line in lines))


async def _stay(line: Line, arrivals: Arrivals, number: int) -> None:
    while True:
        await line.until_lost()
        arrivals.closed += 1
        await line.open(Counter())
        ear = arrivals.ears[number]
        ear.connection += 1
        data = {"conversations": {ear.conversation_id: ear.through} if ear.told else {}}
        assert line.connection is not None
        with suppress(ConnectionClosed):
            await line.connection.send(json.dumps({"action": "sync", "data": data}))


async def one_by_one(place: Place, say: Say, arrivals: Arrivals, messages: int, name: str) -> FanOut:
    """Each message when all have the one before."""
    warm_up = [f"{name} warm-up {number}" for number in range(WARM_UP)]
    for text in warm_up:
        await say(text)
        await arrivals.until_all_have([text], _WITHIN_S)
    said: dict[str, float] = {}
    used, closed = used_s(place.working_pids()), arrivals.closed
    for number in range(messages):
        text = f"{name} {number}"
        said[text] = time.monotonic()
        await say(text)
        if not await arrivals.until_all_have([text], _WITHIN_S):
            break
        await asyncio.sleep(_PAUSE_S)
    return _figures(place, arrivals, said, used, closed)


async def stream(place: Place, say: Say, arrivals: Arrivals, rate: float, seconds: float) -> FanOut:
    """`rate` messages a second, whether or not the ones before have arrived."""
    said: dict[str, float] = {}

    async def at(number: int, began: float) -> None:
        await asyncio.sleep(began + number / rate - time.monotonic())
        text = f"stream {number}"
        said[text] = time.monotonic()
        await say(text)

    used, closed, began = used_s(place.working_pids()), arrivals.closed, time.monotonic()
    await asyncio.gather(*(at(number, began) for number in range(round(rate * seconds))))
    await arrivals.until_all_have(list(said), _WITHIN_S)
    return _figures(place, arrivals, said, used, closed)


def _figures(place: Place, arrivals: Arrivals, said: dict[str, float], used: float, closed: int) -> FanOut:
    seconds = sorted(at - asked for text, asked in said.items() for at in arrivals.times[text])
    each = (used_s(place.working_pids()) - used) / len(said)
    return FanOut(seconds, arrivals.account(list(said)), each, arrivals.closed - closed)
