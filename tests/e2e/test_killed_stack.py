"""The whole stack killed with -9, engines too, and started again: everything acknowledged is there, and sockets resume."""

import asyncio
from pathlib import Path

import httpx
import psutil
import pytest

from tests.e2e.people import Person
from tests.e2e.running_stack import RunningStack


async def test_all_that_was_acknowledged_survives_kill_9_and_clients_resume(tmp_path: Path) -> None:
    stack = RunningStack(tmp_path / "data").start()
    try:
        if not stack.engine("dynamodb")["product"].startswith("dynoxide"):
            pytest.skip("MiniStack loses its tables when it is killed: there is no Rust to build dynoxide with")
        await acknowledged_then_killed(stack)
    finally:
        stack.stop()


async def acknowledged_then_killed(stack: RunningStack) -> None:
    ana, bob = [await Person.join(stack.url("http"), stack.url("websocket", "ws"), name) for name in ("ana", "bob")]
    conversation = await ana.conversation(bob)
    accepted: list[str] = []
    held = 0
    async with bob.online() as socket:
        await ana.send(conversation, "seen before")
        held = (await socket.event("message.created", content="seen before"))["seq"]
    sending = asyncio.create_task(send_until_killed(ana, conversation, accepted))
    while len(accepted) < 15:
        await asyncio.sleep(0.01)
    children = psutil.Process(stack.process.pid if stack.process else 0).children(recursive=True)
    stack.kill()
    await sending
    _, alive = psutil.wait_procs(children, timeout=20)
    assert not alive, f"outlived the stack: {alive}"

    stack.start()
    async with bob.online() as socket:
        await socket.request("sync", conversations={conversation: held})
        done = await socket.event("sync.done")
        synced = {f["data"]["message_id"]: f["seq"] for f in socket.frames if f["type"] == "sync.message"}
        assert set(accepted) <= set(synced)
        assert list(synced.values()) == sorted(synced.values())
        assert done["data"]["conversations"][conversation] >= max(synced.values())
        after = await ana.send(conversation, "after the restart")
        await socket.event("message.created", message_id=after["message_id"])
    # Routed too, those whose way to Kafka was cut: they are sent, not merely stored.
    for message_id in accepted:
        await ana.status_becomes(message_id, "sent")
    for person in (ana, bob):
        await person.http.aclose()


async def send_until_killed(person: Person, conversation: str, accepted: list[str]) -> None:
    while True:
        try:
            accepted.append((await person.send(conversation, f"{len(accepted)}"))["message_id"])
        except (httpx.HTTPError, AssertionError):
            return
