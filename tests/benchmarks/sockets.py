"""`scripts/bench sockets`: memory of 1,000 WebSockets, and how long a message to 100 of them takes.

The messages go through @connections as functions send them: by boto3, from 16 threads.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from tests.benchmarks.sends import percentile
from tests.conformance.websocket_api.served import Event, Served, context_from

EACH_KB, FAN_OUT_P99_MS = 30, 200
"""Budgets of docs/benchmarks.md."""
_CONNECTIONS, _GROUP, _ROUNDS, _WARM_UP = 1_000, 100, 20, 3
_THREADS = 16
_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Figures:
    connect_s: float
    """Of all connections together, with authorizer and `$connect`."""
    each_kb: float
    """Of the stack's own memory (USS)."""
    fan_out_s: tuple[float, ...]
    """From the first POST of a round to each arrival."""


async def measure(served: Served) -> Figures:
    async with AsyncExitStack() as stack:
        before = served.process.memory_full_info().uss
        began = time.monotonic()
        clients = await _crowd(served, stack)
        took = time.monotonic() - began
        each = (served.process.memory_full_info().uss - before) / _CONNECTIONS
        group = clients[:_GROUP]
        contexts = [await context_from(client) for client in group]
        management = served.management(contexts[0])
        pool = stack.enter_context(ThreadPoolExecutor(_THREADS))
        rounds = [await _round(group, contexts, management, pool) for _ in range(_WARM_UP + _ROUNDS)]
        return Figures(took, each / 1024, tuple(one for arrivals in rounds[_WARM_UP:] for one in arrivals))


async def _crowd(served: Served, stack: AsyncExitStack) -> list[ClientConnection]:
    places = asyncio.Semaphore(_AT_ONCE)

    async def enter() -> ClientConnection:
        async with places:
            wanted = connect(served.url(), compression=None, ping_interval=None, open_timeout=60)
            return await stack.enter_async_context(wanted)

    return list(await asyncio.gather(*(enter() for _ in range(_CONNECTIONS))))


async def _round(
    group: Sequence[ClientConnection], contexts: Sequence[Event], management: Any, pool: ThreadPoolExecutor
) -> list[float]:
    async def arrival(client: ClientConnection) -> float:
        await client.recv()
        return time.monotonic()

    arriving = [asyncio.ensure_future(arrival(client)) for client in group]
    began = time.monotonic()
    loop = asyncio.get_running_loop()
    post = partial(management.post_to_connection, Data=b"x" * 200)
    posts = (loop.run_in_executor(pool, partial(post, ConnectionId=context["connectionId"])) for context in contexts)
    await asyncio.gather(*posts)
    return [one - began for one in await asyncio.gather(*arriving)]


def main() -> None:
    argparse.ArgumentParser(prog="scripts/bench sockets", description=__doc__).parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(Served(Path(folder), "--setting=websocket.connects_per_s=20000")) as served,
    ):
        figures = asyncio.run(measure(served))
    p50, p99 = (percentile(list(figures.fan_out_s), share) * 1000 for share in (0.5, 0.99))
    print(f"{_CONNECTIONS} WebSockets opened in {figures.connect_s:.1f} s")
    for what, figure, budget, unit in (
        ("memory of each WebSocket", figures.each_kb, EACH_KB, "KB"),
        (f"a message to {_GROUP} WebSockets, p99", p99, FAN_OUT_P99_MS, "ms"),
    ):
        print(f"{what:<52} {figure:>20.1f} {unit}   <= {budget} {unit:<8} {'ok' if figure <= budget else 'NOT MET'}")
    print(f"{'  p50':<52} {p50:>20.1f} ms")


if __name__ == "__main__":
    main()
