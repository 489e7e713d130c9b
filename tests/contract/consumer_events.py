"""Records and events that consumers are fed."""

import base64
import random
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from chat4all.clock import now_ms
from chat4all.kafka.events import Event, encode
from chat4all.kafka.topics import Topic
from chat4all.stores.deliveries import Delivery, delivery_key


def raw(topic: str, value: bytes | None, key: bytes | None, offset: int = 0, partition: int = 0) -> dict[str, Any]:
    """One record as Lambda gives it."""
    return {
        "topic": topic,
        "partition": partition,
        "offset": offset,
        "timestamp": 1,
        "timestampType": "CREATE_TIME",
        "key": None if key is None else base64.b64encode(key).decode(),
        "value": None if value is None else base64.b64encode(value).decode(),
        "headers": [],
    }


def event_of(raws: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Grouped as a mapping groups them."""
    records: dict[str, list[dict[str, Any]]] = {}
    for each in raws:
        records.setdefault(f"{each['topic']}-{each['partition']}", []).append(each)
    return {"eventSource": "aws:kafka", "records": records}


def as_raws(events: Sequence[Event], partition: int = 0, at: int = 0) -> list[dict[str, Any]]:
    """Events as records of one partition, with offsets from `at`."""
    return [
        raw(str(e.topic), encode(e), e.conversation_id.encode(), at + number, partition)
        for number, e in enumerate(events)
    ]


def twice_in_bursts(raws: Sequence[dict[str, Any]], seed: int) -> Iterator[dict[str, Any]]:
    """Each partition in its order, in batches of random sizes of which each comes twice; partitions in random turns."""
    chance = random.Random(seed)
    lanes: dict[int, list[dict[str, Any]]] = {}
    for each in raws:
        lanes.setdefault(each["partition"], []).append(each)
    while lanes:
        partition = chance.choice(sorted(lanes))
        size = chance.randint(1, 4)
        burst, lanes[partition] = lanes[partition][:size], lanes[partition][size:]
        if not lanes[partition]:
            del lanes[partition]
        yield event_of(burst)
        yield event_of(burst)


def created(conversation: str, seq: int, audience: str) -> Event:
    """message.created for one user."""
    data = {"audience": [audience], "client_type": "message.created", "seq": seq, "data": {"content": str(seq)}}
    return Event(Topic.EVENTS, "chat4all.message.created.v1", conversation, data, now_ms())


def delivery(conversation: str, seq: int, recipient: str) -> Delivery:
    """A delivery over WhatsApp, accepted."""
    return Delivery(
        conversation,
        delivery_key(seq, recipient, "whatsapp", conversation, 0),
        seq=seq,
        message_id=str(uuid.uuid4()),
        sender_id=str(uuid.uuid4()),
        recipient_id=recipient,
        channel="whatsapp",
        account_id=conversation,
        address="1",
        status="accepted",
        updated_at=1,
    )


def report(conversation: str, seq: int, recipient: str, status: str) -> Event:
    """What became of that delivery."""
    data = {
        "conversation_id": conversation,
        "seq": seq,
        "message_id": conversation,
        "sender_id": conversation,
        "recipient_id": recipient,
        "channel": "whatsapp",
        "account_id": conversation,
        "status": status,
        "time": now_ms(),
    }
    return Event(Topic.STATUS_UPDATES, "chat4all.delivery.updated.v1", conversation, data, now_ms())


def request(conversation: str, seq: int, account: str, address: str) -> Event:
    """Send a text over Telegram."""
    data = {
        "conversation_id": conversation,
        "seq": seq,
        "message_id": str(uuid.uuid4()),
        "sender_id": conversation,
        "recipient_id": conversation,
        "channel": "telegram",
        "account_id": account,
        "address": address,
        "part": 0,
        "message": {"type": "text", "content": f"text {seq}", "reply_to": None, "created_at": "x"},
    }
    return Event(Topic.OUTBOUND_TELEGRAM, "chat4all.delivery.requested.v1", conversation, data, now_ms())
