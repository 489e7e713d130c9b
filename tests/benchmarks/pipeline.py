"""`python -m tests.benchmarks.pipeline`: throughput and latency of texts between two at several rates.

Open loop: messages are sent at random moments (Poisson) whether or not those before have arrived, as people do. The simulator of
`capacity` is compared with what this finds. Writes capacity/measurements/pipeline.json. `--priority -15` (as root) puts the stack
and its client before everything else on a shared machine.
"""

import argparse
import asyncio
import json
import math
import os
import random
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import stdev
from typing import Any

import psutil

from tests.benchmarks.machine import machine
from tests.benchmarks.message_units.gauges import Done, done, invocations
from tests.benchmarks.realtime.processor import used_s
from tests.benchmarks.sends import percentile
from tests.e2e.people import Person, Socket
from tests.e2e.running_stack import ROOT, UNPACED, RunningStack

KEPT = ROOT / "capacity/measurements/pipeline.json"
RATES = (4.0, 8.0, 16.0, 24.0, 32.0)
_PAIRS, _WARM_UP_S, _SECONDS, _SETTLED_S = 16, 4.0, 15.0, 2.0
_LEAST = 120
"""Messages of each rate."""
_FULL_CLIENTS, _FULL_S = 16, 12.0
_CONSUMERS = ("router", "realtime", "webhook_dispatch")


@dataclass
class Talk:
    """Somebody who sends, and the other's socket."""

    sender: Person
    conversation: str
    socket: Socket
    at_work: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass
class Seen:
    """Seconds of each message: until the answer, and until the push."""

    api: list[float] = field(default_factory=list)
    push: list[float] = field(default_factory=list)


async def send(talk: Talk, seen: Seen) -> None:
    asked = time.monotonic()
    accepted = await talk.sender.send(talk.conversation, "A text of an ordinary length, as people send them.")
    seen.api.append(time.monotonic() - asked)
    frame = await talk.socket.event("message.created", message_id=accepted["message_id"])
    arrived = talk.socket.times[talk.socket.frames.index(frame)]
    seen.push.append(arrived - asked)
    async with talk.at_work:  # what has been seen is not looked through again
        if len(talk.socket.frames) > 400:
            del talk.socket.frames[:200], talk.socket.times[:200]


async def at_rate(talks: list[Talk], rate: float, seconds: float, draw: random.Random) -> Seen:
    """Open loop."""
    seen, tasks = Seen(), []
    began = due = time.monotonic()
    while due < began + seconds:
        due += draw.expovariate(rate)
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        tasks.append(asyncio.create_task(send(draw.choice(talks), seen)))
    await asyncio.gather(*tasks)
    return seen


async def as_fast_as_it_goes(talks: list[Talk]) -> float:
    """Messages a second that arrive, with so many clients that each wait for the push."""
    seen, until = Seen(), time.monotonic() + _FULL_S

    async def client(talk: Talk) -> None:
        while time.monotonic() < until:
            await send(talk, seen)

    began = time.monotonic()
    await asyncio.gather(*(client(talk) for talk in talks[:_FULL_CLIENTS]))
    return len(seen.push) / (time.monotonic() - began)


def figures(stack: RunningStack, rate: float, seen: Seen, before: Done, after: Done, client_s: float) -> dict[str, Any]:
    count, found = len(seen.push), invocations(stack, before.sequence)
    api, push = _percentiles(seen.api), _percentiles(seen.push)
    groups = ("messages_send", *_CONSUMERS, "stack", "kafka", "dynamodb")
    used = {name: 1000 * (after.processor_s[name] - before.processor_s[name]) / count for name in groups}
    return {
        "rate": rate,
        "messages": count,
        "api_ms": api,
        "push_ms": push,
        "processor_ms": {name: round(ms, 2) for name, ms in (used | {"client": 1000 * client_s / count}).items()},
        "records": {name: round(_mean([n for _, _, n in found[name]]), 2) for name in _CONSUMERS},
        "spread": round(stdev(math.log(ms) for ms, _, _ in found["messages_send"]), 3),
        "on": machine(),
    }


def _percentiles(seconds: list[float]) -> dict[str, float]:
    """In milliseconds."""
    ordered = sorted(seconds)
    return {f"p{share}": round(1000 * percentile(ordered, share / 100), 1) for share in (50, 90, 99)}


def _mean(values: list[int]) -> float:
    return sum(values) / len(values)


async def measure(stack: RunningStack, rates: list[float], priority: int | None) -> dict[str, Any]:
    draw = random.Random(5)
    client = psutil.Process()
    async with AsyncExitStack() as open_:
        talks = [await _talk(stack, number, open_) for number in range(_PAIRS)]
        if priority is not None:
            put_before_others(stack, priority)
        await at_rate(talks, rates[0], _WARM_UP_S, draw)
        found = []
        for rate in rates:
            await asyncio.sleep(_SETTLED_S)
            before, used = await done(stack), _used(client)
            seen = await at_rate(talks, rate, max(_SECONDS, _LEAST / rate), draw)
            client_s = _used(client) - used
            await asyncio.sleep(_SETTLED_S)
            found.append(figures(stack, rate, seen, before, await done(stack), client_s))
            print(json.dumps(found[-1]), flush=True)
        await asyncio.sleep(_SETTLED_S)
        before, busy, since = _used_by_all(stack), _busy_s(), time.monotonic()
        full = await as_fast_as_it_goes(talks)
        others = (_busy_s() - busy - _used_by_all(stack) + before) / (time.monotonic() - since)
        said = {"clients": _FULL_CLIENTS, "messages_s": round(full, 2), "processors_of_others": round(others, 2)}
        return {"rates": found, "full": said}


def put_before_others(stack: RunningStack, priority: int) -> None:
    """Of the stack with all it has started, and of this process."""
    assert stack.process is not None
    root = psutil.Process(stack.process.pid)
    for process in (root, *root.children(recursive=True), psutil.Process()):
        for thread in process.threads():
            os.setpriority(os.PRIO_PROCESS, thread.id, priority)


def _used_by_all(stack: RunningStack) -> float:
    """Seconds of processor that the stack with all it has started, and this client, have used."""
    assert stack.process is not None
    root = psutil.Process(stack.process.pid)
    return used_s([root.pid, *(child.pid for child in root.children(recursive=True)), os.getpid()])


def _busy_s() -> float:
    """Seconds that the machine's processors have been busy."""
    times = psutil.cpu_times()
    return float(sum(times[:8]) - times.idle - times.iowait)


async def _talk(stack: RunningStack, number: int, open_: AsyncExitStack) -> Talk:
    url = stack.url("http"), stack.url("websocket", "ws")
    sender, other = await Person.join(*url, f"s{number}"), await Person.join(*url, f"r{number}")
    for person in (sender, other):
        open_.push_async_callback(person.http.aclose)
    return Talk(sender, await sender.conversation(other), await open_.enter_async_context(other.online()))


def _used(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rates", type=float, nargs="+", default=list(RATES), help="messages a second")
    parser.add_argument("--priority", type=int, help="nice value of all that is measured (needs root below 0)")
    given = parser.parse_args()
    limits = ("SendsPerSecond", "SendBurst", "RegistrationsPerSecond", "RegistrationBurst")
    with tempfile.TemporaryDirectory() as folder:
        parameters = [UNPACED, *(f"--parameter={name}=10000" for name in limits)]
        stack = RunningStack(Path(folder) / "data", parameters).start()
        try:
            measured = asyncio.run(measure(stack, given.rates, given.priority))
        finally:
            stack.stop()
    KEPT.write_text(json.dumps(measured | {"priority": given.priority}, indent=1) + "\n")


if __name__ == "__main__":
    main()
