"""gRPC beside HTTP and WebSockets: the same calls and the same events, by turns in one run."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import grpc

from tests.contract.edge.client import OPTIONS, Client, events, first, new
from tests.e2e.people import Person
from tests.e2e.running_stack import RunningStack

WARM_UP = 20

Call = Callable[[], Awaitable[Any]]


async def call_seconds(stack: RunningStack, clients: int, each: int) -> dict[str, tuple[list[float], list[float]]]:
    """By what is called: seconds of each call over HTTP and over gRPC, sorted."""
    async with grpc.aio.insecure_channel(stack.grpc(), options=OPTIONS) as channel:
        found = await asyncio.gather(*(_client(stack, channel, number, each) for number in range(clients)))
    return {
        what: (
            sorted(s for one in found for s in one[what][0]),
            sorted(s for one in found for s in one[what][1]),
        )
        for what in found[0]
    }


async def _client(
    stack: RunningStack, channel: Any, number: int, each: int
) -> dict[str, tuple[list[float], list[float]]]:
    ana = await Person.join(stack.url("http"), stack.url("websocket", "ws"), f"grpc{number}")
    ben = await Person.join(stack.url("http"), stack.url("websocket", "ws"), f"grpcb{number}")
    here = await ana.conversation(ben)
    client = Client(channel, ana.token)
    request = new("SendMessageRequest", conversation_id=here, type="text")
    request.content.string_value = "bench"
    calls: dict[str, tuple[Call, Call]] = {
        "GetMe": (lambda: ana.http.get("/v1/users/me"), lambda: client.call("GetMe", new("GetMeRequest"))),
        "SendMessage": (lambda: ana.send(here, "bench"), lambda: client.call("SendMessage", request)),
    }
    found = {}
    for what, pair in calls.items():
        seconds: tuple[list[float], list[float]] = ([], [])
        for _ in range(WARM_UP + each):
            for call, measured in zip(pair, seconds, strict=True):
                begun = time.perf_counter()
                await call()
                measured.append(time.perf_counter() - begun)
        found[what] = seconds[0][WARM_UP:], seconds[1][WARM_UP:]
    for person in (ana, ben):
        await person.http.aclose()
    return found


async def event_seconds(stack: RunningStack, messages: int, per_second: float) -> tuple[list[float], list[float]]:
    """From asking to send to the other's WebSocket, and to the other's stream, at a steady rate; sorted."""
    url = stack.url("http"), stack.url("websocket", "ws")
    ana, ben = await Person.join(*url, "stream"), await Person.join(*url, "streamb")
    here = await ana.conversation(ben)
    begun: dict[str, float] = {}
    told: dict[str, float] = {}
    async with AsyncExitStack() as opened:
        socket = await opened.enter_async_context(ben.online())
        channel = await opened.enter_async_context(grpc.aio.insecure_channel(stack.grpc(), options=OPTIONS))
        stream = Client(channel, ben.token).stream()
        await first(stream, "stream.opened")

        async def listen() -> None:
            async for event in events(stream):
                if event.type == "message.created":
                    told[event.data.fields["content"].string_value] = time.monotonic()
                if len(told) == WARM_UP + messages:
                    return

        listening = asyncio.create_task(listen())
        for number in range(WARM_UP + messages):
            begun[f"m{number}"] = time.monotonic()
            await ana.send(here, f"m{number}")
            await asyncio.sleep(max(0.0, begun[f"m{number}"] + 1 / per_second - time.monotonic()))
        await asyncio.wait_for(listening, 60)
        await socket.event("message.created", content=f"m{WARM_UP + messages - 1}")
        pushed = {
            frame["data"]["content"]: at
            for frame, at in zip(socket.frames, socket.times, strict=True)
            if frame.get("type") == "message.created"
        }
        stream.cancel()
    names = [f"m{number}" for number in range(WARM_UP, WARM_UP + messages)]
    for person in (ana, ben):
        await person.http.aclose()
    return sorted(pushed[n] - begun[n] for n in names), sorted(told[n] - begun[n] for n in names)
