"""Writing to topics and reading them back, and reading events."""

import time
from base64 import b64decode
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import uuid4

from confluent_kafka import Consumer, Message, Producer, TopicPartition

from local.application import KafkaMapping

ARN = "arn:aws:kafka:us-east-1:000000000000:cluster/local/00000000-0000-0000-0000-000000000000-1"


def mapping(topic: str, **changes: Any) -> KafkaMapping:
    """A mapping without a batching window, on a group of its own."""
    defaults: dict[str, Any] = {
        "logical_id": f"Mapping{uuid4().hex[:8]}",
        "uuid": str(uuid4()),
        "function": "worker",
        "topic": topic,
        "group_id": f"group-{uuid4().hex[:8]}",
        "event_source_arn": ARN,
        "batching_window_s": 0.0,
    }
    return KafkaMapping(**{**defaults, **changes})


def produce(
    bootstrap_servers: str,
    topic: str,
    values: Iterable[bytes | None],
    *,
    partition: int = 0,
    key: bytes | None = None,
    headers: Sequence[tuple[str, bytes]] = (),
    timestamp_ms: int = 0,
) -> None:
    """Writes values to one partition in order and waits for the acks."""
    producer = Producer({"bootstrap.servers": bootstrap_servers, "acks": "all", "linger.ms": 1})
    for value in values:
        producer.produce(topic, value, key, partition, timestamp=timestamp_ms, headers=list(headers))
    assert producer.flush(10) == 0, "not everything was acknowledged"


def read_all(bootstrap_servers: str, topic: str, count: int, timeout_s: float = 15) -> list[Message]:
    """The first `count` records of partition 0."""
    consumer = Consumer({"bootstrap.servers": bootstrap_servers, "group.id": "reader", "enable.auto.commit": False})
    consumer.assign([TopicPartition(topic, 0, 0)])
    found: list[Message] = []
    deadline = time.monotonic() + timeout_s
    while len(found) < count:
        assert time.monotonic() < deadline, f"{len(found)} of {count} records in {topic} after {timeout_s} s"
        message = consumer.poll(0.2)
        if message is not None and message.error() is None:
            found.append(message)
    consumer.close()
    return found


def values(event: dict[str, Any], partition: int | None = None) -> list[bytes]:
    """Values of an event, of one partition or of all."""
    records = [record for group in event["records"].values() for record in group]
    return [b64decode(r["value"]) for r in records if partition is None or r["partition"] == partition]


def numbered(count: int, start: int = 0) -> list[bytes]:
    return [str(number).encode() for number in range(start, start + count)]
