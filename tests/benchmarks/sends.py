"""POST /v1/messages from outside, and the way of a message to the other user's WebSocket."""

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack

from tests.e2e.people import Person
from tests.e2e.running_stack import ROOT, RunningStack

WARM_UP = 30


async def api_seconds(stack: RunningStack, clients: int, each: int, pause_s: float = 0.0) -> list[float]:
    """Seconds of each POST by `clients` at once, each in a conversation of its own, with a pause after each."""

    async def client(number: int) -> list[float]:
        ana = await Person.join(stack.url("http"), stack.url("websocket", "ws"), f"api{number}")
        bob = await Person.join(stack.url("http"), stack.url("websocket", "ws"), f"api{number}b")
        conversation = await ana.conversation(bob)
        seconds = []
        for position in range(WARM_UP + each):
            begun = time.perf_counter()
            await ana.send(conversation, f"bench {position}")
            seconds.append(time.perf_counter() - begun)
            await asyncio.sleep(pause_s)
        await ana.http.aclose()
        await bob.http.aclose()
        return seconds[WARM_UP:]

    return sorted(s for part in await asyncio.gather(*(client(n) for n in range(clients))) for s in part)


async def bare_seconds(stack: RunningStack, clients: int, each: int) -> list[float]:
    """Seconds of each round of the bare engine calls, by `clients` processes at once."""
    servers = f"127.0.0.1:{stack.endpoints['kafka_port']}"
    arguments = [stack.url("dynamodb"), servers, "chat4all-", str(each)]
    program = str(ROOT / "tests/benchmarks/engine_calls.py")

    async def client() -> list[float]:
        process = await asyncio.create_subprocess_exec(
            sys.executable, program, *arguments, stdout=asyncio.subprocess.PIPE
        )
        printed, _ = await process.communicate()
        assert process.returncode == 0
        return list(json.loads(printed))

    return sorted(s for part in await asyncio.gather(*(client() for _ in range(clients))) for s in part)


async def push_seconds(stack: RunningStack, messages: int, per_second: float) -> list[float]:
    """Seconds from asking POST /v1/messages to the frame on the other user's WebSocket, at a steady rate."""
    url = stack.url("http"), stack.url("websocket", "ws")
    ana, bob = await Person.join(*url, "push"), await Person.join(*url, "pushb")
    conversation = await ana.conversation(bob)
    seconds = []
    async with AsyncExitStack() as open_sockets:
        socket = await open_sockets.enter_async_context(bob.online())
        for number in range(WARM_UP + messages):
            asked = time.monotonic()
            accepted = await ana.send(conversation, f"push {number}")
            await socket.event("message.created", message_id=accepted["message_id"])
            when = next(
                t
                for f, t in zip(reversed(socket.frames), reversed(socket.times), strict=True)
                if f["data"].get("message_id") == accepted["message_id"]
            )
            seconds.append(when - asked)
            await asyncio.sleep(max(0.0, asked + 1 / per_second - time.monotonic()))
    await ana.http.aclose()
    await bob.http.aclose()
    return sorted(seconds[WARM_UP:])


def percentile(ordered: Sequence[float], share: float) -> float:
    """Of values in ascending order."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
