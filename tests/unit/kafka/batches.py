"""Kafka events of one topic, as Lambda gives them, and what stands at the wires of a consumer."""

import base64
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chat4all.domain.retry import Trouble
from chat4all.kafka.events import Event, encode
from chat4all.kafka.record import Record
from chat4all.kafka.topics import Topic

TOPIC = "chat4all.status_updates"
CONVERSATIONS = {letter: f"01939d5a-0000-7000-8000-00000000000{letter}" for letter in "abc"}
LETTERS = {conversation: letter for letter, conversation in CONVERSATIONS.items()}


@dataclass
class Kept:
    """In the place of FailedRecords: keeps what it is given. `full` stands for a DynamoDB that does not answer."""

    parked: dict[str, list[int]] = field(default_factory=dict)
    """Offsets by lane."""
    causes: list[str] = field(default_factory=list)
    dead: list[tuple[int, str]] = field(default_factory=list)
    skipped: int = 0
    full: bool = False
    consumer: str = "delivery_status"

    @property
    def aside(self) -> int:
        return sum(map(len, self.parked.values())) + len(self.dead)

    def busy(self, lanes: Collection[str]) -> set[str]:
        if self.full:
            raise RuntimeError("DynamoDB is away")
        return set(lanes) & self.parked.keys()

    def park(
        self, lane: str, records: Sequence[Record], trouble: Trouble, *, wake_up: bool = False
    ) -> Sequence[Record]:
        if self.full:
            return records
        self.parked.setdefault(lane, []).extend(r.offset for r in (records[-1:] if wake_up else records))
        self.causes.append(trouble.cause)
        return ()

    def bury(self, raw: Mapping[str, Any], cause: str) -> bool:
        if not self.full:
            self.dead.append((raw["offset"], cause))
        return not self.full

    def skip(self, raw: Mapping[str, Any]) -> None:
        self.skipped += 1


def batch(*records: tuple[int, str, int] | bytes | None, topic: str = TOPIC) -> dict[str, Any]:
    """Records (partition, conversation, seq), or raw values on partition 0; offsets count up over all."""
    grouped: dict[str, list[dict[str, Any]]] = {}
    for offset, spec in enumerate(records):
        if spec is None or isinstance(spec, bytes):
            made = raw(offset, value=spec, topic=topic)
        else:
            made = raw(offset, spec[0], CONVERSATIONS[spec[1]], value_of(spec[1], spec[2]), topic)
        grouped.setdefault(f"{topic}-{made['partition']}", []).append(made)
    return {"eventSource": "aws:kafka", "records": grouped}


def raw(
    offset: int, partition: int = 0, key: str | None = "poison", value: bytes | None = None, topic: str = TOPIC
) -> dict[str, Any]:
    """One record of an event."""
    return {
        "topic": topic,
        "partition": partition,
        "offset": offset,
        "timestamp": 0,
        "timestampType": "CREATE_TIME",
        **({} if key is None else {"key": base64.b64encode(key.encode()).decode()}),
        **({} if value is None else {"value": base64.b64encode(value).decode()}),
        "headers": [],
    }


def value_of(letter: str, seq: int) -> bytes:
    """A readable event of a conversation."""
    conversation_id = CONVERSATIONS[letter]
    data = {
        "conversation_id": conversation_id,
        "seq": seq,
        "message_id": CONVERSATIONS["a"],
        "sender_id": CONVERSATIONS["a"],
        "recipient_id": CONVERSATIONS["b"],
        "channel": "telegram",
        "account_id": CONVERSATIONS["c"],
        "status": "sent",
        "time": 1,
    }
    return encode(Event(Topic.STATUS_UPDATES, "chat4all.delivery.updated.v1", conversation_id, data, 0))


def failed(answer: dict[str, Any]) -> list[tuple[str, int]]:
    """What an answer reports."""
    return [(f["itemIdentifier"]["partition"], f["itemIdentifier"]["offset"]) for f in answer["batchItemFailures"]]


def said(record: Record) -> tuple[str, int]:
    """(conversation, seq)."""
    return LETTERS[record.key], record.event["data"]["seq"]
