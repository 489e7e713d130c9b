"""One run: a stack, a crowd under load, faults one after the other, and the record of it all."""

import asyncio
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random

from tests.chaos.crowd import Crowd, Size
from tests.chaos.ending import end
from tests.chaos.history import FaultDone, Quiet, Rates, Recorder, Run
from tests.chaos.load import Load
from tests.chaos.person import new_session
from tests.chaos.world import Fault, World
from tests.e2e.running_stack import ROOT

FASTEST, SLOWEST = 50.0, 4.0
"""Messages a second."""
RECOVERED_WITHIN_S = 100.0
PAUSE_S = 1.0
"""Of untroubled traffic before each fault."""


@dataclass(frozen=True)
class Options:
    """What a run is asked for."""

    seconds: float
    messages: int
    seed: int
    size: Size = field(default_factory=Size)
    sends_per_second: float = 8
    burst: int = 16
    """The limit of sends of each user."""
    burst_share: float = 0.3
    """Before so many of the faults somebody sends more than the limit allows."""
    settle_s: float = 150.0
    recovered_within_s: float = RECOVERED_WITHIN_S

    def parameters(self) -> list[str]:
        """Of the template, as options of the stack."""
        given = {
            "SendsPerSecond": self.sends_per_second,
            "SendBurst": self.burst,
            "AccessTokenSeconds": 86_400,
        }
        return [f"--parameter={name}={value:g}" for name, value in given.items()]


@dataclass
class Running:
    """`whole` does everything; afterwards the history is in the recorder's file."""

    world: World
    options: Options
    faults: Sequence[Fault]
    recorder: Recorder
    say: Callable[[str], None] = print
    farewell: Fault | None = None
    """Lasts while the last message of each conversation is sent: no later one takes it along."""
    load: Load | None = None
    _random: Random = field(init=False)

    def __post_init__(self) -> None:
        self._random = Random(self.options.seed)

    async def whole(self) -> None:
        """Begin, break things under load until the time is over, let it settle, read the end."""
        options, recorder = self.options, self.recorder
        recorder.add(Run(options.seed, asdict(options) | {"faults": [fault.name for fault in self.faults]}))
        recorder.add(Rates(options.sends_per_second, options.burst))
        async with new_session() as session:
            crowd = Crowd(session, recorder)
            try:
                await crowd.begin(self.world.urls, options.size, Random(options.seed))
                self.load = load = Load(crowd, Random(options.seed + 1), options.messages / options.seconds)
                until = time.monotonic() + options.seconds
                async with asyncio.TaskGroup() as group:
                    running = [group.create_task(load.run()), group.create_task(self._keep_pace(load, until))]
                    await self._break_things(crowd, load, until)
                    for task in running:
                        task.cancel()
                await load.drain()
                if self.farewell is not None:
                    await self._part(self.farewell, load)
                recorder.add(Quiet(recorder.now()))
                self.say(f"{load.acknowledged} of {load.sent} messages acknowledged; waiting until all has settled")
                await end(crowd, self.world.lag, options.settle_s)
            finally:
                await crowd.end()
                recorder.close()

    async def _part(self, fault: Fault, load: Load) -> None:
        begin = self.recorder.now()
        over = asyncio.create_task(asyncio.to_thread(fault.inject, self.world, Random(self.options.seed)))
        await asyncio.sleep(PAUSE_S)
        await load.probe()
        await load.drain()
        await over
        end = self.recorder.now()
        await asyncio.to_thread(self.world.until_ready)
        self.recorder.add(FaultDone(fault.name, begin, end, self.recorder.now()))

    async def _keep_pace(self, load: Load, until: float) -> None:
        """So fast that the messages are sent when the time is over: what an outage held back is caught up with."""
        while True:
            left = max(5.0, until - time.monotonic())
            load.rate = min(FASTEST, max(SLOWEST, (self.options.messages - load.sent) / left * 1.05))
            await asyncio.sleep(1.0)

    async def _break_things(self, crowd: Crowd, load: Load, until: float) -> None:
        """Faults until the time is over; what has not been done by then is done yet, in half as much time at most."""
        limit, order = until + self.options.seconds / 2, self._order()
        done = 0
        while (now := time.monotonic()) < until or (done < len(self.faults) and now < limit):
            fault = next(order, None)
            await asyncio.sleep(min(PAUSE_S, max(0.0, until - now)))
            if fault is not None:
                await self._one(fault, crowd, load)
                done += 1

    def _order(self) -> Iterator[Fault]:
        """Each once in an order by chance, then again in another."""
        while self.faults:
            yield from self._random.sample(list(self.faults), len(self.faults))

    async def _one(self, fault: Fault, crowd: Crowd, load: Load) -> None:
        recorder, chance = self.recorder, Random(self._random.getrandbits(64))
        if chance.random() < self.options.burst_share:
            await load.burst(self.options.burst * 3)
        begin, error = recorder.now(), None
        try:
            await asyncio.to_thread(fault.inject, self.world, chance)
        except Exception as failure:
            error = f"{type(failure).__name__}: {failure}"
            self.say("".join(traceback.format_exception(failure, limit=-3)))
        over = recorder.now()
        await asyncio.to_thread(self.world.until_ready)
        ready = recorder.now()
        recorder.add(FaultDone(fault.name, begin, over, ready, error, fault.may_double_on_provider, fault.jumps_clock))
        slowest = await self._recovered(crowd, load, over)
        told = f"{fault.name}: {over - begin:.1f} s" + (f" NOT DONE ({error})" if error else "")
        back = "NOT RECOVERED" if slowest is None else f"all conversations again after {slowest:.1f} s"
        self.say(f"{recorder.now():7.1f} s  {load.sent:6} messages  {told}; {back}")

    async def _recovered(self, crowd: Crowd, load: Load, since: float) -> float | None:
        """Seconds from `since` to the delivery of a newer message in the last of the conversations."""
        await load.probe()
        deadline = time.monotonic() + self.options.recovered_within_s
        while time.monotonic() < deadline:
            if all(crowd.arrivals.newest.get(room.id, -1.0) >= since for room in crowd.rooms):
                return self.recorder.now() - since
            await asyncio.sleep(0.02)
        return None


def started(folder: Path, faults: Sequence[Fault], options: Options, brokers: int = 1, root: Path = ROOT) -> World:
    """A world with what these faults need, running."""
    world = World(folder, brokers, root)
    world.options += options.parameters()
    for fault in faults:
        fault.prepare(world)
    return world.start()
