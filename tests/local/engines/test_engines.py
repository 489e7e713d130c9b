"""Every engine keeps what it has acknowledged, whichever way it ended."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable

import boto3
import psutil
import pytest
from botocore.config import Config
from confluent_kafka import Consumer, Producer
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from local.engines.engine import Engine
from tests.local.engines.conftest import MakeEngine

pytestmark = pytest.mark.engines

Use = Callable[[str], None]
TOPIC = TABLE = BUCKET = "letters"


def client(service: str, address: str):
    return boto3.client(
        service,
        endpoint_url=address,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"max_attempts": 0}),
    )


def write_kafka(address: str) -> None:
    admin = AdminClient({"bootstrap.servers": address})
    admin.create_topics([NewTopic(TOPIC, 1)])[TOPIC].result(10)
    producer = Producer({"bootstrap.servers": address, "acks": "all"})
    producer.produce(TOPIC, b"hello")
    assert producer.flush(10) == 0


def read_kafka(address: str) -> None:
    settings = {"bootstrap.servers": address, "group.id": "readers", "auto.offset.reset": "earliest"}
    consumer = Consumer({**settings, "enable.auto.commit": False})
    try:
        consumer.subscribe([TOPIC])
        message = consumer.poll(20)
        assert message is not None
        assert message.value() == b"hello"
    finally:
        consumer.close()


def write_dynamodb(address: str) -> None:
    dynamodb = client("dynamodb", address)
    dynamodb.create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb.put_item(TableName=TABLE, Item={"id": {"S": "1"}, "text": {"S": "hello"}})


def read_dynamodb(address: str) -> None:
    found = client("dynamodb", address).get_item(TableName=TABLE, Key={"id": {"S": "1"}}, ConsistentRead=True)
    assert found["Item"]["text"] == {"S": "hello"}


def write_s3(address: str) -> None:
    s3 = client("s3", address)
    s3.create_bucket(Bucket=BUCKET)
    s3.put_object(Bucket=BUCKET, Key="1", Body=b"hello")


def read_s3(address: str) -> None:
    assert client("s3", address).get_object(Bucket=BUCKET, Key="1")["Body"].read() == b"hello"


async def stopped(engine: Engine) -> None:
    pid = engine.pid
    assert pid is not None
    await engine.stop()
    assert engine.pid is None
    assert not psutil.pid_exists(pid)


async def killed(engine: Engine) -> None:
    assert engine.pid is not None
    os.kill(engine.pid, signal.SIGKILL)
    await engine.stop()
    async with asyncio.timeout(10):
        while engine.pid is not None:
            await asyncio.sleep(0.01)


CASES = [
    ("kafka", write_kafka, read_kafka, stopped),
    ("kafka", write_kafka, read_kafka, killed),
    ("s3", write_s3, read_s3, stopped),
    ("s3", write_s3, read_s3, killed),
    ("dynoxide", write_dynamodb, read_dynamodb, stopped),
    ("dynoxide", write_dynamodb, read_dynamodb, killed),
    ("ministack", write_dynamodb, read_dynamodb, stopped),
]


@pytest.mark.parametrize(
    ("name", "write", "read", "ended"), CASES, ids=[f"{name}-{ended.__name__}" for name, _, _, ended in CASES]
)
async def test_what_was_acknowledged_is_there_after_the_next_start(
    name: str, write: Use, read: Use, ended: Callable[[Engine], Awaitable[None]], request: pytest.FixtureRequest
) -> None:
    make: MakeEngine = request.getfixturevalue(name)
    said: list[str] = []
    first = make()
    await first.start(said.append)
    try:
        await asyncio.to_thread(write, first.address)
    finally:
        await ended(first)
    second = make()
    await second.start(said.append)
    try:
        await asyncio.to_thread(read, second.address)
    finally:
        await second.stop()
    assert said[0]
    assert ("its tables survive a graceful stop, but not a kill" in " ".join(said)) is (name == "ministack")
