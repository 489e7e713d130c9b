"""A steady load of sends over HTTP, and what became of each: the answer, and its arrival at the other's WebSocket."""

import asyncio
import math
import time
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise

from tests.e2e.patience import AT_ONCE
from tests.e2e.people import Person, Socket

_PAUSE_S = 0.12


@dataclass
class Sent:
    """One message: the first try, all answers, and when it was accepted (monotonic seconds)."""

    message_id: str
    conversation_id: str
    begun: float
    accepted: float = math.nan
    answers: list[int] = field(default_factory=list)
    without_retry_after: int = 0
    seconds: list[float] = field(default_factory=list)
    """Of each try."""


@asynccontextmanager
async def steady_load(talks: Sequence[tuple[Person, str]], pause_s: float = _PAUSE_S) -> AsyncIterator[list[Sent]]:
    """Each of `talks` (sender, conversation) sends one message after another, `pause_s` apart, until the end of the block.

    Who is answered 503 waits as told and repeats with the same message_id until the answer is 202. The list grows meanwhile; at
    the end of the block every send in it has been accepted.
    """
    sent: list[Sent] = []
    ended = asyncio.Event()
    senders = [asyncio.create_task(_send_until(ended, *talk, sent, pause_s)) for talk in talks]
    try:
        yield sent
    finally:
        ended.set()
        await asyncio.gather(*senders)


async def _send_until(
    ended: asyncio.Event, person: Person, conversation_id: str, sent: list[Sent], pause_s: float
) -> None:
    while not ended.is_set():
        one = Sent(str(uuid.uuid4()), conversation_id, time.monotonic())
        sent.append(one)
        await _until_accepted(person, one)
        await asyncio.sleep(pause_s)


async def _until_accepted(person: Person, one: Sent) -> None:
    body = {"conversation_id": one.conversation_id, "type": "text", "content": "hi", "message_id": one.message_id}
    while True:
        begun = time.monotonic()
        answer = await person.http.post("/v1/messages", json=body, extensions=AT_ONCE)
        one.seconds.append(time.monotonic() - begun)
        one.answers.append(answer.status_code)
        if answer.status_code == 202:
            one.accepted = time.monotonic()
            return
        one.without_retry_after += int(answer.headers.get("retry-after", "0")) < 1
        await asyncio.sleep(float(answer.headers.get("retry-after", "1")) / 5)


def arrivals(socket: Socket) -> dict[str, tuple[float, int, str]]:
    """By message_id, of its first push: when, its seq and conversation."""
    first: dict[str, tuple[float, int, str]] = {}
    for frame, at in zip(socket.frames, socket.times, strict=True):
        if frame["type"] == "message.created":
            data = frame["data"]
            first.setdefault(data["message_id"], (at, int(data["seq"]), data["conversation_id"]))
    return first


async def until_arrived(socket: Socket, sent: Sequence[Sent], within_s: float) -> set[str]:
    """Wait for the pushes of all; the ids of those that have not come within the time."""
    deadline = time.monotonic() + within_s
    while True:
        missing = {one.message_id for one in sent} - arrivals(socket).keys()
        if not missing or time.monotonic() > deadline:
            return missing
        await asyncio.sleep(0.05)


def longest_gap(times: Sequence[float]) -> float:
    """Seconds between two that follow one another."""
    return max((later - earlier for earlier, later in pairwise(sorted(times))), default=math.inf)
