"""The largest group there may be, in which all say something at the same moment."""

import asyncio
import json
from contextlib import AsyncExitStack

import pytest

from tests.e2e.people import Frame, Person, Socket
from tests.e2e.running_stack import RunningStack

MEMBERS = 100
LISTENS = 4
"""One of so many has a WebSocket open: a hundred pushes of a hundred messages take a minute of two processors."""
AT_ONCE = 8
"""Registrations: each hashes a password, which takes a processor."""
DEADLINE_S = 240


@pytest.mark.timeout(600)
async def test_of_a_hundred_who_send_at_once_each_message_is_told_once_and_in_order(unlimited: RunningStack) -> None:
    async with AsyncExitStack() as stack:
        people = await joined(unlimited, stack)
        group = await people[0].conversation(*people[1:], title="everybody")
        listeners = people[::LISTENS]
        sockets = [await stack.enter_async_context(person.online()) for person in listeners]
        accepted = await asyncio.gather(*(until_accepted(person, group, n) for n, person in enumerate(people)))
        seqs = [answer["seq"] for answer in accepted]
        assert len(set(seqs)) == MEMBERS
        last = max(seqs)
        told = await asyncio.gather(*(told_of(*pair, group, last) for pair in zip(listeners, sockets, strict=True)))
        history = await people[-1].history(group, after_seq=0, limit=100)
        if len(history["items"]) < MEMBERS:  # numbers that were given up are no messages
            rest = await people[-1].history(group, after_seq=history["complete_through"], limit=100)
            history["items"] += rest["items"]
        assert [m["seq"] for m in history["items"]] == sorted(seqs)
        assert {m["content"] for m in history["items"]} == {f"from {n}" for n in range(MEMBERS)}
        for numbers in told:
            assert numbers == sorted(seqs)


async def joined(running: RunningStack, stack: AsyncExitStack) -> list[Person]:
    at_once = asyncio.Semaphore(AT_ONCE)

    async def join(number: int) -> Person:
        async with at_once:
            person = await Person.join(running.url("http"), running.url("websocket", "ws"), f"member{number}")
            stack.push_async_callback(person.http.aclose)
            return person

    return list(await asyncio.gather(*(join(number) for number in range(MEMBERS))))


async def until_accepted(person: Person, group: str, number: int) -> Frame:
    """As a client does: the same message_id until it is accepted, also where the system is too busy for a moment."""
    message_id = f"01939d5a-0000-7000-8000-{number:04d}{person.id[-8:]}"
    body = {"conversation_id": group, "type": "text", "content": f"from {number}", "message_id": message_id}
    deadline = asyncio.get_running_loop().time() + DEADLINE_S
    while True:
        answer = await person.http.post("/v1/messages", json=body, timeout=60)
        if answer.status_code == 202:
            return dict(answer.json())
        assert answer.status_code in (429, 503), answer.text
        assert asyncio.get_running_loop().time() < deadline, answer.text
        await asyncio.sleep(float(answer.headers.get("retry-after", 1)) / 2)


async def told_of(person: Person, socket: Socket, group: str, last: int) -> list[int]:
    """Numbers in the order in which the client learns of them; what comes again it drops. Closed, it comes back and syncs."""
    try:
        await socket.until(lambda frame: frame["type"] == "message.created" and frame["seq"] == last, DEADLINE_S)
    except AssertionError:
        if not socket.ended:
            raise
        async with person.online() as again:
            await again.connection.send(json.dumps({"action": "sync", "data": {"conversations": {group: 0}}}))
            await again.event("sync.done")
            return list(dict.fromkeys(f["seq"] for f in again.frames if f["type"] == "sync.message"))
    return list(dict.fromkeys(f["seq"] for f in socket.frames if f["type"] == "message.created"))
