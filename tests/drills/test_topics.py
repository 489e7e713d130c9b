"""What docs/kafka.md tells operators to do with topics, done on a running stack: one that was deleted, and more partitions."""

import asyncio
import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import boto3
import pytest
from kafka import KafkaAdminClient

from tests.e2e.people import Person, Socket
from tests.e2e.running_stack import ROOT, RunningStack
from tests.template_file import template

MESSAGES = "chat4all.messages"
WITHIN_S = 90.0


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[RunningStack]:
    running = RunningStack(tmp_path / "data", ["--parameter=SendsPerSecond=1000", "--parameter=SendBurst=1000"]).start()
    yield running
    running.stop()


def topics(stack: RunningStack, *words: str) -> str:
    """What `scripts/admin topics` prints."""
    kept = {name: value for name, value in os.environ.items() if name != "KAFKA_BOOTSTRAP_SERVERS"}
    command = [ROOT / "scripts/admin", "topics", *words, f"--data={stack.data}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=kept)
    assert done.returncode == 0, done.stderr
    return done.stdout


async def until(holds: Callable[[], bool], within_s: float = WITHIN_S) -> None:
    deadline = time.monotonic() + within_s
    while not await asyncio.to_thread(holds):
        assert time.monotonic() < deadline
        await asyncio.sleep(0.2)


def aws(stack: RunningStack, service: str) -> Any:
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    return boto3.client(service, endpoint_url=stack.url("aws"), region_name="us-east-1", **keys)  # type: ignore[call-overload]


def state_of(stack: RunningStack, topic: str) -> dict[str, Any]:
    return next(one for one in json.loads(topics(stack, "list", "--json")) if one["name"] == topic)


def numbers(socket: Socket) -> list[int]:
    return [frame["data"]["seq"] for frame in socket.frames if frame["type"] == "message.created"]


@pytest.mark.engines
@pytest.mark.timeout(600)
async def test_topics_are_made_again_and_grown_and_nothing_is_lost(stack: RunningStack) -> None:
    ana, bob = [await Person.join(stack.url("http"), stack.url("websocket", "ws"), name) for name in ("ana", "bob")]
    conversation = await ana.conversation(bob)
    async with bob.online() as socket:
        first = await ana.send(conversation, "before")
        await socket.event("message.created", message_id=first["message_id"])
        await a_deleted_topic(stack, ana, conversation, socket)
        await more_partitions(stack, ana, conversation, socket)
    assert all(one < other for one, other in pairwise(dict.fromkeys(numbers(socket))))
    for person in (ana, bob):
        await person.http.aclose()


async def a_deleted_topic(stack: RunningStack, ana: Person, conversation: str, socket: Socket) -> None:
    admin: Any = KafkaAdminClient(bootstrap_servers=f"127.0.0.1:{stack.endpoints['kafka_port']}")
    admin.delete_topics([MESSAGES])
    admin.close()
    await until(lambda: state_of(stack, MESSAGES)["state"] == "missing")
    meanwhile = [(await ana.send(conversation, f"meanwhile {n}"))["message_id"] for n in range(5)]
    assert topics(stack, "ensure") == f"{MESSAGES} made\n"
    assert state_of(stack, MESSAGES)["state"] == "ok"
    for message_id in meanwhile:
        await socket.event("message.created", WITHIN_S, message_id=message_id)


async def more_partitions(stack: RunningStack, ana: Person, conversation: str, socket: Socket) -> None:
    functions = aws(stack, "lambda")
    (mapping,) = functions.list_event_source_mappings(FunctionName="chat4all-RouterFunction")["EventSourceMappings"]
    functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
    await until(lambda: functions.get_event_source_mapping(UUID=mapping["UUID"])["State"] == "Disabled")
    waiting = [(await ana.send(conversation, f"waiting {n}"))["message_id"] for n in range(5)]
    resource = template()["Resources"]["KafkaTopics"]["Properties"]
    wanted = {"Topics": resource["Topics"], "Partitions": "12", "ReplicationFactor": "1", "MinInsyncReplicas": "1"}
    event = json.loads((ROOT / "events/kafka_topics.json").read_text())
    event |= {"RequestType": "Update", "ResourceProperties": wanted}
    answer = functions.invoke(FunctionName="chat4all-KafkaTopicsFunction", Payload=json.dumps(event))
    assert len(json.load(answer["Payload"])["Data"]["Grown"]) == len(resource["Topics"])
    functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)
    waiting += [(await ana.send(conversation, f"after {n}"))["message_id"] for n in range(5)]
    for message_id in waiting:
        await socket.event("message.created", WITHIN_S, message_id=message_id)
    assert state_of(stack, MESSAGES)["partitions"] == 12
