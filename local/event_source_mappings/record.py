"""One Kafka record, already in the form in which Lambda hands it to a function."""

import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass

Headers = Sequence[tuple[str, bytes | None]]


@dataclass(frozen=True, slots=True)
class Record:
    """A record of one partition, encoded once however often it is tried.

    `json` is the record's object in the event; a batch joins these texts, so that its size is known before it is built.
    """

    topic: str
    partition: int
    offset: int
    timestamp_ms: int
    key: bytes | None
    json: bytes

    @property
    def topic_partition(self) -> str:
        """`topic-partition`, the key of the event's `records`."""
        return f"{self.topic}-{self.partition}"


def encode(
    topic: str,
    partition: int,
    offset: int,
    timestamp_ms: int,
    timestamp_type: str,
    key: bytes | None,
    value: bytes | None,
    headers: Headers,
) -> Record:
    """The record as the event shows it ("Using Lambda with Amazon MSK", example event).

    A null key and the null value of a tombstone leave their field out; header bytes are signed, as Java's are.
    """
    fields: dict[str, object] = {
        "topic": topic,
        "partition": partition,
        "offset": offset,
        "timestamp": timestamp_ms,
        "timestampType": timestamp_type,
    }
    if key is not None:
        fields["key"] = b64encode(key).decode()
    if value is not None:
        fields["value"] = b64encode(value).decode()
    fields["headers"] = [{name: signed(content or b"")} for name, content in headers]
    text = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    return Record(topic, partition, offset, timestamp_ms, key, text.encode())


def signed(content: bytes) -> list[int]:
    """The bytes as Java's: -128 to 127."""
    return list(memoryview(content).cast("b"))
