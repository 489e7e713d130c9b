"""Typing, and how contacts are told of it and of what was read."""

from typing import Any

import pytest

from chat4all.bootstrap import App
from chat4all.channel_signals import ChannelSignals
from chat4all.channels.outgoing import MarkRead, ShowTyping
from chat4all.client_events import receipt_updated
from chat4all.errors import Forbidden, NotFound, RateLimited
from chat4all.kafka.events import Event
from chat4all.sending import Send
from chat4all.stores.external_messages import Chat, remember
from chat4all.stores.members import Member
from chat4all.stores.table import bind
from chat4all.typing import BURST, Typing
from tests.benchmarks.units import CountedUnits
from tests.contract.action_world import ActionWorld
from tests.contract.conftest import DynamoDb
from tests.contract.handlers import request
from tests.contract.messaging import Messaging, new_user, records


@pytest.fixture
def world(dynamodb: DynamoDb) -> ActionWorld:
    bind(dynamodb.table_prefix)
    made = ActionWorld()
    bind(dynamodb.table_prefix)
    return made


def contact_says(world: ActionWorld, external_id: str) -> int:
    """seq of what they said."""
    command = Send(world.contact, world.conversation, "text", "hi", channel="telegram")
    said = world.messaging.sending.send(command, limited=False)
    chat = Chat("telegram", world.account_id, world.address)
    remember(chat, external_id, conversation_id=world.conversation, seq=said.seq, message_id=said.message_id)
    world.messaging.publisher.take()
    return said.seq


def read(world: ActionWorld, seq: int) -> Event:
    data = {"user_id": world.users[0], "delivered_seq": seq, "read_seq": seq, "version": 1}
    return receipt_updated(world.conversation, [], data)


def told(world: ActionWorld, signals: ChannelSignals, *events: Event) -> None:
    """Give the signals to the consumer, and what it asks for to the connector."""
    world.messaging.publisher.take()
    signals.take(records(events))
    for record in world.requests(world.messaging.publisher.take()):
        world.handle(record)


def test_typing_is_told_to_the_others_and_kept_nowhere(dynamodb: DynamoDb) -> None:
    bind(dynamodb.table_prefix)
    messaging = Messaging()
    ana, bob, guest, reader = (new_user() for _ in range(4))
    conversation = messaging.conversation(ana, bob, guest, reader, roles=["member", "member", "member", "reader"])
    Member(conversation, guest, role="member", joined_at=1, in_app=0).save()
    typing = Typing(messaging.publisher, messaging.limiter)
    assert typing.tell(ana, conversation) == {"expires_in": 6}
    (event,) = messaging.publisher.take()
    assert (event.data["client_type"], event.data["audience"]) == ("typing", sorted([bob, reader]))
    assert event.data["data"] == {"user_id": ana, "expires_in": 6}
    with pytest.raises(NotFound):
        typing.tell(new_user(), conversation)
    with pytest.raises(Forbidden):
        typing.tell(reader, conversation)
    assert typing.tell(ana, conversation, stopped=True) == {"expires_in": 0}
    (event,) = messaging.publisher.take()
    assert (event.data["client_type"], event.data["data"]) == ("typing", {"user_id": ana, "expires_in": 0})
    messaging.publisher.broken = True
    typing.tell(ana, conversation)


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        ({}, {"expires_in": 6}),
        ({"json_body": {}}, {"expires_in": 6}),
        ({"json_body": {"stopped": True}}, {"expires_in": 0}),
    ],
)
def test_the_function_takes_a_body_or_none(deployed: App, given: dict[str, Any], answer: dict[str, int]) -> None:
    messaging = Messaging()
    ana = new_user()
    conversation = messaging.conversation(ana, new_user())
    deployed.__dict__["typing"] = Typing(messaging.publisher, messaging.limiter)
    deployed.bind_tables()
    path = f"/v1/conversations/{conversation}/typing"
    assert request("typing", "POST", path, caller=ana, **given).body == answer
    wrong = request("typing", "POST", path, caller=ana, json_body={"stopped": "yes"})
    assert (wrong.status, wrong.body["errors"][0]["pointer"]) == (400, "/stopped")


def test_typing_has_a_limit(dynamodb: DynamoDb) -> None:
    bind(dynamodb.table_prefix)
    messaging = Messaging()
    ana = new_user()
    conversation = messaging.conversation(ana, new_user())
    typing = Typing(messaging.publisher, messaging.limiter)

    def without_end() -> None:
        for _ in range(BURST * 20):
            typing.tell(ana, conversation)

    with pytest.raises(RateLimited):
        without_end()


def test_a_contact_is_told_once_how_far_they_were_read(world: ActionWorld) -> None:
    signals = ChannelSignals(world.messaging.publisher)
    first, second = contact_says(world, "1"), contact_says(world, "2")
    later = world.messaging.send(world.conversation, world.users[0]).seq
    told(world, signals, read(world, first))
    told(world, signals, read(world, second), read(world, later))
    told(world, signals, read(world, later))
    assert world.provider.taken() == [MarkRead("1"), MarkRead("2")]


def test_a_contact_sees_that_somebody_is_writing(world: ActionWorld) -> None:
    now = [100.0]
    signals = ChannelSignals(world.messaging.publisher, clock=lambda: now[0])
    contact_says(world, "1")
    typing = Typing(world.messaging.publisher, world.messaging.limiter)
    for pause_s, stopped in ((0, True), (0, False), (1, False), (4, False), (4, True)):
        now[0] += pause_s
        typing.tell(world.users[0], world.conversation, stopped=stopped)
        told(world, signals, *world.messaging.publisher.take())
    assert world.provider.taken() == [ShowTyping("1")] * 2


def test_conversations_without_contacts_cost_a_look_a_minute(dynamodb: DynamoDb) -> None:
    bind(dynamodb.table_prefix)
    world = ActionWorld()
    world.conversation = world.messaging.conversation(*world.users)
    now = [0.0]
    signals = ChannelSignals(world.messaging.publisher, clock=lambda: now[0])
    with CountedUnits(Member.client()) as counted:
        for seq in range(1, 100):
            told(world, signals, read(world, seq))
    assert counted.units["write"] == 0
    assert counted.units["read"] <= 0.5
    assert world.provider.taken() == []
