"""DynamoDB or Kafka goes away while events become deliveries: what was accepted reaches its endpoint, in order."""

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from tests.contract.webhook_receiver import Receiver
from tests.e2e.people import DEADLINE_S, Person, ok
from tests.e2e.receiving import delivered, messages, register, takes
from tests.e2e.running_stack import RunningStack

_STEP = "chat4all.webhooks.dispatch:Dispatcher._delivery:before"
_HELD_S = 4.0
"""So long webhook_dispatch stands still between reading a batch and writing what becomes of it."""
_AWAY_S = 12.0
"""Longer than it waits for DynamoDB and Kafka together."""


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with Receiver().serving() as receiver:
        yield receiver


async def is_held(stack: RunningStack, fault: str) -> None:
    """Poll until webhook_dispatch stands still."""
    deadline = time.monotonic() + DEADLINE_S
    while fault not in {met["rule"] for met in await stack.command("fault.met")}:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)


async def take_away(stack: RunningStack, engine: str, how: str) -> None:
    """kill -9, after which it is started again at once; or it hangs for a while."""
    if how == "kill":
        os.kill(stack.engine(engine)["pid"], signal.SIGKILL)
    else:
        await stack.command("fault.add", target="engine", name=engine, kind="pause", seconds=_AWAY_S)


def failures(stack: RunningStack) -> int:
    """Batches that webhook_dispatch gave back, by its log."""
    logs: Any = boto3.client(
        "logs",
        endpoint_url=stack.url("aws"),
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    group = "/aws/lambda/chat4all-WebhookDispatchFunction"
    found = logs.filter_log_events(logGroupName=group, filterPattern='"record failed"')
    return len(found["events"])


@pytest.mark.parametrize(
    ("engine", "how"), [("dynamodb", "pause"), ("kafka", "pause"), ("dynamodb", "kill"), ("kafka", "kill")]
)
async def test_what_was_accepted_arrives_in_order(
    unlimited: RunningStack, receiver: Receiver, engine: str, how: str
) -> None:
    stack, path = unlimited, f"{engine}-{how}"
    if engine == "dynamodb" and how == "kill" and not stack.engine("dynamodb")["product"].startswith("dynoxide"):
        pytest.skip("MiniStack loses its tables when it is killed: there is no Rust to build dynoxide with")
    ana, ben, carla = [
        await Person.join(stack.url("http"), stack.url("websocket", "ws"), name) for name in ("ana", "ben", "carla")
    ]
    talks = {"ben": await ana.conversation(ben), "carla": await ana.conversation(carla)}
    made = await register(receiver, ana, path)
    failed_before = failures(stack)
    held = {"target": "function", "name": "webhook_dispatch", "kind": "pause", "seconds": _HELD_S, "at": _STEP}
    fault = (await stack.command("fault.add", **held, count=1))["id"]
    said: dict[str, list[str]] = {}
    for name, conversation in talks.items():
        said[name] = [f"{name} {number}" for number in range(4)]
        for text in said[name][:2]:
            await ana.send(conversation, text)
    await is_held(stack, fault)
    await take_away(stack, engine, how)
    for name, conversation in talks.items():
        for text in said[name][2:]:
            await ana.send(conversation, text)
    texts = [text for each in said.values() for text in each]
    arrived = await takes(receiver, path, *texts)
    for each in said.values():
        assert [text for text in arrived if text in each] == each
    assert len({got.headers["webhook-id"] for got in messages(receiver, path)}) == len(texts)
    await delivered(ana, made, 1 + len(texts))
    log = ok(await ana.http.get(f"/v1/webhooks/{made['id']}/deliveries", params={"limit": 100}), 200)["items"]
    assert {each["status"] for each in log} == {"delivered"}
    if how == "pause":
        assert failures(stack) > failed_before, "the outage met webhook_dispatch"
    for person in (ana, ben, carla):
        await person.http.aclose()
