"""Kafka's password changes while people talk: first in the secret, and a while later at the brokers, as MSK does it."""

import json
import os
import secrets
import signal
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

import boto3
import pytest
from kafka import KafkaAdminClient
from kafka.admin import ScramMechanism, UserScramCredentialUpsertion

from tests.e2e.brokers import Brokers
from tests.e2e.people import Person, Socket
from tests.e2e.running_stack import RunningStack

SENDER, ROUTER = "MessagesSendFunction", "RouterFunction"
WITHIN_S = 90.0


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[RunningStack]:
    running = RunningStack(tmp_path / "data", ["--kafka-security=scram"]).start()
    yield running
    running.stop()


def new_connections(stack: RunningStack) -> None:
    """Of those who produce: their environments end, as they do on AWS within hours."""
    for function in (SENDER, ROUTER):
        for pid in stack.environment_pids(function):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def write_secret(stack: RunningStack, arn: str, value: dict[str, str]) -> None:
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    client: Any = boto3.client("secretsmanager", endpoint_url=stack.url("aws"), region_name="us-east-1", **keys)  # type: ignore[call-overload]
    client.put_secret_value(SecretId=arn, SecretString=json.dumps(value))


def tell_brokers(brokers: Brokers, username: str, password: str) -> None:
    admin: Any = KafkaAdminClient(**brokers.settings)
    wanted = UserScramCredentialUpsertion(username, ScramMechanism.SCRAM_SHA_512, password)
    try:
        assert admin.alter_user_scram_credentials([wanted]) == {username: None}
    finally:
        admin.close()


@pytest.mark.engines
@pytest.mark.timeout(600)
async def test_a_rotated_password_costs_time_and_no_message(stack: RunningStack) -> None:
    brokers = Brokers(stack)
    ana, bob = [await Person.join(stack.url("http"), stack.url("websocket", "ws"), name) for name in ("ana", "bob")]
    conversation = await ana.conversation(bob)
    async with bob.online() as socket:
        await arrives(socket, await ana.send(conversation, "before"))
        user = {"username": brokers.settings["sasl_plain_username"], "password": secrets.token_urlsafe(24)}
        write_secret(stack, brokers.secret, user)
        new_connections(stack)  # refused: the brokers know the former password alone
        between = [await ana.send(conversation, f"between {n}") for n in range(3)]
        tell_brokers(brokers, user["username"], user["password"])
        after = [await ana.send(conversation, f"after {n}") for n in range(3)]
        for message in (*between, *after):
            await arrives(socket, message)
        seqs = [frame["data"]["seq"] for frame in socket.frames if frame["type"] == "message.created"]
    assert all(one < other for one, other in pairwise(dict.fromkeys(seqs)))
    for person in (ana, bob):
        await person.http.aclose()


async def arrives(socket: Socket, message: dict[str, Any]) -> None:
    await socket.event("message.created", WITHIN_S, message_id=message["message_id"])
