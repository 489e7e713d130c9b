"""CloudEvents on the topics: what is produced can be read, and what cannot be read says why."""

import json
from typing import Any

import pytest

from chat4all.clock import rfc3339
from chat4all.kafka.events import Event, UnreadableEvent, decode, encode
from chat4all.kafka.topics import Topic

CONVERSATION = "01939d5a-0000-7000-8000-0000000000c1"
UPDATE = {
    "conversation_id": CONVERSATION,
    "seq": 1,
    "message_id": "01939d5a-0000-7000-8000-0000000000d1",
    "sender_id": "01939d5a-0000-7000-8000-000000000001",
    "recipient_id": "01939d5a-0000-7000-8000-000000000002",
    "channel": "telegram",
    "account_id": "01939d5a-0000-7000-8000-0000000000a1",
    "status": "sent",
    "time": 1,
}


def encoded(**changes: Any) -> bytes:
    event = Event(Topic.STATUS_UPDATES, "chat4all.delivery.updated.v1", CONVERSATION, UPDATE, 1795235400123)
    return json.dumps(json.loads(encode(event)) | changes).encode()


def test_an_event_comes_back_as_a_cloudevent() -> None:
    document = decode(Topic.STATUS_UPDATES, encoded())
    assert document["specversion"] == "1.0"
    assert document["subject"] == CONVERSATION
    assert document["time"] == rfc3339(1795235400123) == "2026-11-21T04:30:00.123Z"
    assert document["data"] == UPDATE


def test_what_a_newer_producer_adds_is_accepted() -> None:
    data = UPDATE | {"colour": "red"}
    assert decode(Topic.STATUS_UPDATES, encoded(data=data, extension="x"))["data"]["colour"] == "red"


@pytest.mark.parametrize(
    ("value", "cause"),
    [
        (None, "no value"),
        (b"", "no value"),
        (b"{", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[]", "not a CloudEvent"),
        (encoded(specversion="2.0"), "not a CloudEvent"),
        (encoded(type="chat4all.poem.written.v1"), "does not carry type"),
        (encoded(type=["x"]), "does not carry type"),
        (encoded(type="chat4all.message.accepted.v1"), "does not carry type"),
        (b"[" * 100_000, "not JSON"),
        (encoded(subject=None), "subject"),
        (encoded(subject=""), "subject"),
        (encoded(subject="\ud800"), "subject"),
        (encoded(subject="01939d5a-0000-7000-8000-0000000000c2"), "subject is not data.conversation_id"),
        (encoded(time=None), "time"),
        (encoded(data=UPDATE | {"channel": "\ud800"}), "data.channel"),
        (encoded(data=UPDATE | {"seq": 10**45}), "data.seq"),
        (encoded(data=UPDATE | {"account_id": ""}), "data.account_id"),
        (encoded(data=None), "data"),
        (encoded(data={"seq": 1}), "data.conversation_id"),
        (encoded(data=UPDATE | {"seq": 0}), "data.seq"),
        (encoded(data=UPDATE | {"status": "lost"}), "data.status"),
    ],
)
def test_what_cannot_be_read_says_why(value: bytes | None, cause: str) -> None:
    with pytest.raises(UnreadableEvent, match=cause):
        decode(Topic.STATUS_UPDATES, value)
