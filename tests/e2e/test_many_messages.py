"""1,000 messages between 20 users over 8 connections: each once, in order, none missing, also when the router is killed."""

import asyncio
import itertools
import os
import random
import signal
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack

import pytest

from tests.e2e.conftest import Join
from tests.e2e.people import Frame, Person, Socket
from tests.e2e.running_stack import RunningStack

USERS, CONNECTIONS, CONVERSATIONS, MESSAGES = 20, 8, 10, 1_000


async def group_of(person: Person, others: Sequence[Person]) -> tuple[str, list[Person]]:
    return await person.conversation(*others), [person, *others]


async def exchange(join: Join, kill: RunningStack | None, shown: pytest.CaptureFixture[str]) -> None:
    people = list(await asyncio.gather(*(join(f"user{number}") for number in range(USERS))))
    chance = random.Random(20)
    groups = []
    for number in range(CONVERSATIONS):
        online = people[number % CONNECTIONS]
        others = chance.sample([p for p in people if p is not online], 4)
        groups.append(await group_of(online, others))
    async with AsyncExitStack() as stack:
        sockets = [(p, await stack.enter_async_context(p.online())) for p in people[:CONNECTIONS]]
        sent = await send_all(groups, kill)
        for person, socket in sockets:
            mine = {c for c, members in groups if person in members}
            wanted = {m["message_id"] for m in sent.values() if m["conversation_id"] in mine}
            await arrived(socket, wanted)
        figures = report(sockets, groups, sent, exactly_once=kill is None)
        with shown.disabled():
            print(f"\n{figures}")
    for conversation, (person, *_) in groups:
        await check_history(person, conversation, sent)


async def send_all(groups: Sequence[tuple[str, list[Person]]], kill: RunningStack | None) -> dict[str, Frame]:
    """Every member of every group takes turns; the 202 of each message with the time it was asked for."""
    sent: dict[str, Frame] = {}
    numbers = itertools.count()

    clients = asyncio.Semaphore(CONNECTIONS)

    async def talk(conversation: str, person: Person, count: int) -> None:
        for _ in range(count):
            async with clients:
                await say(conversation, person, next(numbers))

    async def say(conversation: str, person: Person, number: int) -> None:
        if kill is not None and number in (300, 600):
            kill_environments(kill, "RouterFunction")
        content = f"message {number}"
        asked: list[float] = []  # the last one is the try that was accepted: waiting out the rate limit is no latency
        accepted = await person.send(conversation, content, asking=lambda: asked.append(time.monotonic()))
        sent[accepted["message_id"]] = accepted | {"content": content, "asked": asked[-1]}

    turns = [(conversation, person) for conversation, members in groups for person in members]
    each = MESSAGES // len(turns)
    await asyncio.gather(*(talk(conversation, person, each) for conversation, person in turns))
    assert len(sent) == MESSAGES
    return sent


async def arrived(socket: Socket, wanted: set[str]) -> None:
    def complete(_frame: Frame) -> bool:
        return wanted <= {f["data"]["message_id"] for f in socket.frames if f["type"] == "message.created"}

    await socket.until(complete, within_s=90)


def report(
    sockets: Sequence[tuple[Person, Socket]],
    groups: Sequence[tuple[str, list[Person]]],
    sent: dict[str, Frame],
    *,
    exactly_once: bool,
) -> str:
    latencies, repeated = [], 0
    for person, socket in sockets:
        for conversation, members in groups:
            if person not in members:
                continue
            pairs = [
                (frame, when)
                for frame, when in zip(socket.frames, socket.times, strict=True)
                if frame["type"] == "message.created" and frame["conversation_id"] == conversation
            ]
            seqs = [frame["seq"] for frame, _ in pairs]
            first = list(dict.fromkeys(seqs))
            assert first == sorted(first), f"out of order on a connection: {seqs}"
            repeated += len(seqs) - len(first)
            latencies += [when - sent[frame["data"]["message_id"]]["asked"] for frame, when in pairs]
    assert not (exactly_once and repeated), f"{repeated} events came twice"
    latencies.sort()
    p50, p99 = latencies[len(latencies) // 2], latencies[int(len(latencies) * 0.99)]
    return f"{len(latencies)} deliveries: p50 {p50 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms, {repeated} repeated"


async def check_history(person: Person, conversation: str, sent: dict[str, Frame]) -> None:
    seqs, contents, after = [], {}, 0
    while True:
        page = await person.history(conversation, after_seq=after, limit=100)
        seqs += [m["seq"] for m in page["items"]]
        contents |= {m["message_id"]: m["content"] for m in page["items"]}
        if page["next_cursor"] is None:
            break
        after = page["complete_through"]
    expected = {i: m["content"] for i, m in sent.items() if m["conversation_id"] == conversation}
    assert contents == expected
    assert seqs == sorted(set(seqs))
    assert page["complete_through"] == seqs[-1]


def kill_environments(stack: RunningStack, function: str) -> None:
    """kill -9 every environment of a function."""
    pids = stack.environment_pids(function)
    assert pids, f"no environment of {function} runs"
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


async def test_each_message_is_received_once_and_in_order(join: Join, capsys: pytest.CaptureFixture[str]) -> None:
    await exchange(join, None, capsys)


async def test_a_killed_router_loses_nothing(
    join: Join, stack: RunningStack, capsys: pytest.CaptureFixture[str]
) -> None:
    await exchange(join, stack, capsys)
