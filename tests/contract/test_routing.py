"""The router on a real engine: in the order of seq, each once, whatever order records come in."""

from typing import Any

import pytest

from chat4all import entries, routing
from chat4all.client_events import websocket_frame
from chat4all.kafka.events import Event
from chat4all.kafka.publisher import PublishFailed
from chat4all.message_events import entry_accepted
from chat4all.stores.deliveries import Delivery
from chat4all.stores.heads import Head
from chat4all.stores.members import Member
from chat4all.stores.messages import Message
from chat4all.stores.table import bind
from tests.contract.conftest import DynamoDb
from tests.contract.messaging import Messaging, new_user


@pytest.fixture
def messaging(dynamodb: DynamoDb) -> Messaging:
    made = Messaging()
    bind(dynamodb.table_prefix)
    return made


def sent(messaging: Messaging, conversation: str, sender: str, count: int) -> list[Event]:
    for number in range(count):
        messaging.send(conversation, sender, str(number))
    return messaging.publisher.take()


def seqs(events: list[Event]) -> list[Any]:
    return [e.data["seq"] for e in events if e.type == "chat4all.message.created.v1"]


def test_in_order_and_each_once(messaging: Messaging) -> None:
    ana, bob = new_user(), new_user()
    conversation = messaging.conversation(ana, bob)
    accepted = sent(messaging, conversation, ana, 3)
    told = messaging.route(accepted)
    assert seqs(told) == [1, 2, 3]
    assert told[0].data["audience"] == sorted([ana, bob])
    frame = websocket_frame({"subject": conversation, "time": "t", "data": told[0].data})
    assert (frame["type"], frame["seq"], frame["data"]["content"]) == ("message.created", 1, "0")
    assert messaging.route(accepted) == []
    head = Head.get(conversation)
    assert (head.routed_through, head.last_seq) == (3, 3)


def test_records_that_come_in_another_order_are_routed_in_the_order_of_seq(messaging: Messaging) -> None:
    ana = new_user()
    conversation = messaging.conversation(ana, new_user())
    first, second, third = sent(messaging, conversation, ana, 3)
    assert seqs(messaging.route([third])) == [1, 2, 3]
    assert messaging.route([second, first]) == []


def test_a_message_waits_for_one_that_is_still_being_written(
    messaging: Messaging, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = new_user()
    conversation = messaging.conversation(ana, new_user())
    taken = entries.take_number(conversation)
    (later,) = sent(messaging, conversation, ana, 1)
    assert messaging.route([later]) == []
    Message(
        conversation,
        taken,
        type="text",
        message_id=new_user(),
        sender_id=ana,
        channel="in_app",
        content="slow",
        created_at=1,
    ).save()
    slow = entry_accepted(Message.get(conversation, taken))
    assert seqs(messaging.route([slow])) == [1, 2]


def test_a_number_whose_sender_died_becomes_void_when_its_successor_is_old(
    messaging: Messaging, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = new_user()
    conversation = messaging.conversation(ana, new_user())
    entries.take_number(conversation)
    (later,) = sent(messaging, conversation, ana, 1)
    assert messaging.route([later]) == []
    now = routing.engine_now_ms()
    monkeypatch.setattr(routing, "engine_now_ms", lambda: now + 21_000)
    assert seqs(messaging.route([later])) == [2]
    assert [m.type for m in Message.query(conversation)] == ["void", "text"]
    assert Head.get(conversation).routed_through == 2


def test_what_kafka_did_not_take_is_routed_again(messaging: Messaging) -> None:
    ana = new_user()
    conversation = messaging.conversation(ana, new_user())
    accepted = sent(messaging, conversation, ana, 1)
    messaging.publisher.broken = True
    with pytest.raises(PublishFailed):
        messaging.route(accepted)
    messaging.publisher.broken = False
    assert seqs(messaging.route(accepted)) == [1]


def test_members_who_came_later_or_left_are_not_told(messaging: Messaging) -> None:
    ana, bob, cy = new_user(), new_user(), new_user()
    conversation = messaging.conversation(ana, bob)
    messaging.route(sent(messaging, conversation, ana, 1))
    accepted = sent(messaging, conversation, ana, 1)
    Member(conversation, cy, role="member", joined_at=1, joined_seq=2).save()
    Member(conversation, bob).delete()
    Head(conversation).update([Head.members_version.add(1)])
    assert messaging.route(accepted)[0].data["audience"] == [ana]
    assert messaging.route(sent(messaging, conversation, ana, 1))[0].data["audience"] == sorted([ana, cy])


def test_a_guest_is_reached_by_their_channel_and_the_delivery_is_recorded(messaging: Messaging) -> None:
    ana, guest = new_user(), new_user()
    conversation = messaging.conversation(ana)
    addresses = [{"channel": "telegram", "account_id": new_user(), "address": "42"}]
    Member(conversation, guest, role="member", joined_at=1, in_app=0, addresses=addresses).save()
    told = messaging.route(sent(messaging, conversation, ana, 1))
    created, requested = told
    assert created.data["audience"] == [ana]
    assert (requested.topic, requested.data["address"], requested.data["message"]["content"]) == (
        "chat4all.outbound.telegram",
        "42",
        "0",
    )
    (delivery,) = Delivery.query(conversation)
    assert (delivery.recipient_id, delivery.status) == (guest, "accepted")
