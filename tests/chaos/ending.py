"""The end of a run: wait until nothing moves, let everybody sync, and read everything by the API."""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any

from tests.chaos.crowd import Crowd, Room
from tests.chaos.history import FinalHistory, FinalMembers, Settled, reactions_text
from tests.chaos.person import Answer, Person

SETTLED_WITHIN_S = 150.0
"""A number whose sender died stands in the way for 20 s and a sweep; then what waited behind it flows."""
STILL_S = 2.0
_BEYOND = 2**50


async def end(crowd: Crowd, lag: Callable[[], int | None], within_s: float = SETTLED_WITHIN_S) -> None:
    """Record the final state. What does not settle in time is read as it is: the checks say what is missing.

    Args:
        lag: records that consumers have not handled yet; None where that is not known. May block.
    """
    deadline = time.monotonic() + within_s
    for room in crowd.rooms:
        while not await _settled(room) and time.monotonic() < deadline:
            await asyncio.sleep(0.5)
    while await asyncio.to_thread(lag) != 0 and time.monotonic() < deadline:
        await asyncio.sleep(0.5)
    await _still(crowd, deadline)
    crowd.recorder.add(Settled(crowd.recorder.now()))
    for device in crowd.devices.values():
        while not await device.sync() and time.monotonic() < deadline + 30:
            await asyncio.sleep(0.2)
    for room in crowd.rooms:
        crowd.recorder.add(await _history(room))
        crowd.recorder.add(await _members(room))
    for phone in crowd.phones:
        crowd.recorder.add(await phone.shown())


async def _settled(room: Room) -> bool:
    """All numbers are complete, the last message is routed and with every channel, and files are fetched."""
    reader = room.members[0]
    end_of_it = await _read(reader, f"/v1/conversations/{room.id}/messages?after_seq={_BEYOND}")
    last = end_of_it["complete_through"]
    newest = await _read(reader, f"/v1/conversations/{room.id}/messages?limit=100")
    if any(item["status"] == "accepted" or _file(item) == "pending" for item in newest["items"]):
        return False
    tail = await _read(reader, f"/v1/conversations/{room.id}/messages?after_seq={max(0, last - 90)}&limit=100")
    return bool(tail["complete_through"] == last)


async def _still(crowd: Crowd, deadline: float) -> None:
    """Until no frame has come for a while."""
    counted, since = -1, time.monotonic()
    while time.monotonic() < deadline and time.monotonic() - since < STILL_S:
        frames = sum(device.frames for device in crowd.devices.values())
        if frames != counted:
            counted, since = frames, time.monotonic()
        await asyncio.sleep(0.1)


async def _history(room: Room) -> FinalHistory:
    items: list[list[Any]] = []
    after = 0
    while True:
        page = await _read(room.members[0], f"/v1/conversations/{room.id}/messages?after_seq={after}&limit=100")
        names = ("message_id", "seq", "sender_id", "content", "status", "reply_to")
        items += [
            [*(item.get(name) for name in names), reactions_text(item["reactions"]), _file(item)]
            for item in page["items"]
        ]
        if page["next_cursor"] is None:
            return FinalHistory(room.id, page["complete_through"], items)
        seqs = [item["seq"] for item in page["items"]]
        after = max([page["complete_through"], *seqs])  # what comes after a hole is read too: it is there


def _file(item: Mapping[str, Any]) -> str | None:
    return (item.get("file") or {}).get("status")


async def _members(room: Room) -> FinalMembers:
    listed = await _read(room.members[0], f"/v1/conversations/{room.id}/members?limit=100")
    marks = {item["user_id"]: [item["delivered_seq"], item["read_seq"]] for item in listed["items"]}
    return FinalMembers(room.id, marks)


async def _read(reader: Person, path: str) -> dict[str, Any]:
    """A GET that must succeed; the system is whole again."""
    answer = Answer(0)
    for _ in range(60):
        answer = await reader.request("GET", path)
        if answer.code == 200:
            return dict(answer.body)
        await asyncio.sleep(0.5)
    raise AssertionError(f"GET {path}: {answer}")
