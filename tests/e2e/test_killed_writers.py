"""Writers killed with -9 at each step: everything written is told within 60 s, and so is what stands behind a number that is not.

All cases wait at once, in conversations of their own, with the deployment's own times; the figures are printed.
"""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.e2e.people import Frame, Person, Socket
from tests.e2e.running_stack import RunningStack

PROMISED_S = 60.0
"""Design, section 6."""
BUSY_S = 30.0
"""More, since other tests keep the machine busy meanwhile: what comes at all, comes after 35 s on one that is idle."""
SENDS = ("sending:take_number", "sending:_claim", "sending:write", "sending:publish")
EDITS = ("entries:take_number", "entries:write", "change_entries:apply", "entries:publish")


@dataclass(frozen=True)
class Wait:
    """What must be told, and since when."""

    what: str
    frame: str
    data: dict[str, str]
    since: float


@dataclass
class Scene:
    """Two people, one of whom listens, and the stack they are on."""

    stack: RunningStack
    ana: Person
    bob: Person
    heard: Socket

    async def kill_at(self, function: str, step: str) -> None:
        """The next environment that comes to the step dies there."""
        named = {"target": "function", "name": function, "kind": "kill", "at": f"chat4all.{step}", "count": 1}
        await self.stack.command("fault.add", **named)

    async def faults_left(self) -> list[object]:
        """What has not happened yet."""
        return list(await self.stack.command("fault.list"))

    async def killed(self, request: Awaitable[httpx.Response]) -> None:
        """Make a request whose function dies."""
        answer = await request
        assert answer.status_code == 500, answer.text

    async def behind(self, conversation: str, what: str, since: float) -> Wait:
        """Say something behind what was left."""
        message_id = (await self.ana.send(conversation, "behind"))["message_id"]
        return Wait(what, "message.created", {"message_id": message_id}, since)


@asynccontextmanager
async def scene(folder: Path) -> AsyncIterator[Scene]:
    unlimited = [f"--parameter={name}=1000" for name in ("SendsPerSecond", "SendBurst")]
    stack = RunningStack(folder / "data", unlimited).start()
    try:
        async with AsyncExitStack() as open_until_the_end:
            people = [await Person.join(stack.url("http"), stack.url("websocket", "ws"), n) for n in ("ana", "bob")]
            for person in people:
                open_until_the_end.push_async_callback(person.http.aclose)
            heard = await open_until_the_end.enter_async_context(people[1].online())
            yield Scene(stack, people[0], people[1], heard)
    finally:
        stack.stop()


async def killed_send(at: Scene, step: str, *, repeated: bool) -> list[Wait]:
    conversation = await at.ana.conversation(at.bob)
    message_id = str(uuid.uuid4())
    body = {"conversation_id": conversation, "type": "text", "content": step, "message_id": message_id}
    await at.kill_at("MessagesSendFunction", f"{step}:after")
    since = time.monotonic()
    await at.killed(at.ana.http.post("/v1/messages", json=body))
    waits = []
    if repeated:
        answers = [await at.ana.send(conversation, step, message_id=message_id) for _ in range(2)]
        assert answers[0] == answers[1]
    if repeated or step in ("sending:write", "sending:publish"):
        waits.append(Wait(f"send {step}, {repeated=}", "message.created", {"message_id": message_id}, since))
    if step != "sending:write":  # there nothing must follow: the sweeper alone finds it
        waits.append(await at.behind(conversation, f"behind send {step}, {repeated=}", since))
    return waits


async def killed_edit(at: Scene, step: str, method: str) -> list[Wait]:
    conversation = await at.ana.conversation(at.bob)
    message_id = (await at.ana.send(conversation, "before"))["message_id"]
    await at.kill_at("MessagesChangeFunction", f"{step}:after")
    since = time.monotonic()
    body = {"content": "edited"} if method == "PATCH" else None
    await at.killed(at.ana.http.request(method, f"/v1/messages/{message_id}", json=body))
    frame = "message.updated" if method == "PATCH" else "message.deleted"
    what = f"{method} {step}"
    if step == "entries:take_number":
        return [await at.behind(conversation, f"behind {what}", since)]
    return [Wait(what, frame, {"message_id": message_id}, since)]


async def killed_router(at: Scene, step: str) -> list[Wait]:
    conversation = await at.ana.conversation(at.bob)
    await at.kill_at("RouterFunction", step)
    since = time.monotonic()
    return [await at.behind(conversation, f"router {step}", since)]


async def test_all_is_told_within_a_minute_whoever_dies_where(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with scene(tmp_path) as at:
        waits: list[Wait] = []
        # A run of the sweeper that begins from now on dies too, where it comes to wake somebody; what is under way goes on.
        await at.kill_at("OutboxSweeperFunction", "outbox:OutboxSweeper._wake:before")
        for step in SENDS:
            for repeated in (False, True):
                waits += await killed_send(at, step, repeated=repeated)
        for step in EDITS:
            waits += await killed_edit(at, step, "PATCH")
        waits += await killed_edit(at, "entries:write", "DELETE")
        for step in ("routing:Router._events:before", "routing:_advance:before", "routing:_advance:after"):
            waits += await killed_router(at, step)
        seconds = await asyncio.gather(*(told(at.heard, wait) for wait in waits))
        await check_order(at)
        assert [left for left in await at.faults_left() if "OutboxSweeper" not in str(left)] == []
    lines = [f"{s:6.1f} s  {wait.what}" for wait, s in zip(waits, seconds, strict=True)]
    with capsys.disabled():
        print("\n" + "\n".join(lines))


async def told(heard: Socket, wait: Wait) -> float:
    """Seconds from the death to the frame."""
    left = PROMISED_S + BUSY_S - (time.monotonic() - wait.since)

    def found(frame: Frame) -> bool:
        return frame.get("type") == wait.frame and wait.data.items() <= frame["data"].items()

    try:
        frame = await heard.until(found, left)
    except AssertionError as error:
        raise AssertionError(f"{wait.what}: {error}") from None
    return heard.times[heard.frames.index(frame)] - wait.since


async def check_order(at: Scene) -> None:
    """Each conversation in the order of its numbers, everything once by its number, and nothing left out of the history."""
    by_conversation: dict[str, list[tuple[int, str]]] = {}
    for frame in at.heard.frames:
        if frame.get("type") in ("message.created", "message.updated", "message.deleted"):
            seen = by_conversation.setdefault(frame["conversation_id"], [])
            if (frame["seq"], frame["type"]) not in seen:
                seen.append((frame["seq"], frame["type"]))
    assert by_conversation
    for conversation, frames in by_conversation.items():
        assert frames == sorted(frames), conversation
        page = await at.bob.history(conversation, after_seq=0)
        contents = [m["content"] for m in page["items"]]
        assert len(contents) == len(set(contents)), contents
        assert page["complete_through"] >= frames[-1][0]
