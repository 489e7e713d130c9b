"""Engines killed with -9 under the running system: an answer is a promise or says to come back, and everything flows again."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.e2e.patience import AT_ONCE
from tests.e2e.people import DEADLINE_S, Person, Socket
from tests.e2e.running_stack import RunningStack

Talk = tuple[RunningStack, Person, Person, str]


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    """A stack of its own with two people in a conversation, warm."""
    stack = RunningStack(tmp_path / "data").start()
    try:
        ana, bob = [await Person.join(stack.url("http"), stack.url("websocket", "ws"), name) for name in ("ana", "bob")]
        conversation = await ana.conversation(bob)
        async with bob.online() as socket:
            await ana.send(conversation, "warm")
            await socket.event("message.created", content="warm")
        yield stack, ana, bob, conversation
        for person in (ana, bob):
            await person.http.aclose()
    finally:
        stack.stop()


def kill(stack: RunningStack, engine: str) -> None:
    os.kill(stack.engine(engine)["pid"], signal.SIGKILL)


async def arrives(socket: Socket, sent: dict[str, str]) -> None:
    for message_id in sent:
        await socket.event("message.created", within_s=120, message_id=message_id)


async def test_what_is_accepted_while_kafka_is_dead_arrives_when_it_is_back(talk: Talk) -> None:
    stack, ana, bob, conversation = talk
    async with bob.online() as socket:
        kill(stack, "kafka")
        sent = {}
        for number in range(3):
            accepted = await ana.send(conversation, f"while Kafka is dead {number}")
            sent[accepted["message_id"]] = accepted["seq"]
        assert list(sent.values()) == [2, 3, 4]
        await arrives(socket, sent)


async def test_while_dynamodb_is_dead_nothing_is_promised_and_callers_are_told_to_come_back(talk: Talk) -> None:
    stack, ana, bob, conversation = talk
    if not stack.engine("dynamodb")["product"].startswith("dynoxide"):
        pytest.skip("MiniStack loses its tables when it is killed: there is no Rust to build dynoxide with")
    kill(stack, "dynamodb")
    body = {"conversation_id": conversation, "type": "text", "content": "again and again", "message_id": None}
    body["message_id"] = "01939d5a-0000-7000-8000-0000000000f1"
    deadline = time.monotonic() + DEADLINE_S * 2
    codes = []
    while True:
        answer = await ana.http.post("/v1/messages", json=body, extensions=AT_ONCE)
        codes.append(answer.status_code)
        if answer.status_code == 202:
            break
        assert answer.status_code == 503, answer.text
        assert int(answer.headers["retry-after"]) >= 1
        assert time.monotonic() < deadline, codes
        await asyncio.sleep(0.1)
    assert [m["content"] for m in (await bob.history(conversation))["items"]] == ["again and again", "warm"]
