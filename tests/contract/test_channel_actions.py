"""Edits, unsends and reactions on their way to a channel that can do them, and to one that cannot."""

from typing import Any

import pytest

from chat4all.changing import Edit, Unsend
from chat4all.channels.channel import Target
from chat4all.channels.fates import NotSent, ThrottledUntil, TryAgain
from chat4all.channels.outgoing import Action, EditText, React, Retract
from chat4all.delivery_status import DeliveryStatuses
from chat4all.history import History
from chat4all.reactions import React as ReactTo
from chat4all.stores.deliveries import Delivery
from chat4all.stores.external_messages import Chat, find_external_id
from chat4all.stores.table import bind
from tests.contract.action_world import ActionWorld
from tests.contract.conftest import DynamoDb

THUMB, HEART = "👍", "❤️"


@pytest.fixture
def world(dynamodb: DynamoDb) -> ActionWorld:
    bind(dynamodb.table_prefix)
    made = ActionWorld(in_app=1)
    bind(dynamodb.table_prefix)
    return made


def deliveries(world: ActionWorld, message_id: str) -> list[dict[str, Any]]:
    """The contact's, as /status shows them."""
    status = History().status(world.users[0], message_id)
    (contact,) = [r for r in status["recipients"] if r["user_id"] == world.contact]
    return list(contact["deliveries"])


def edit(world: ActionWorld, message_id: str, text: str) -> None:
    world.messaging.changing.edit(Edit(world.users[0], message_id, text))


def test_an_edit_reaches_the_channel_once(world: ActionWorld) -> None:
    message_id = world.say("helo")
    edit(world, message_id, "hello")
    (asked,) = world.carry()
    assert world.provider.taken() == [EditText("0", "hello")]
    (shown,) = deliveries(world, message_id)
    assert "outdated" not in shown
    world.handle(asked)
    assert world.provider.taken() == []
    assert world.texts == ["helo"]


def test_edits_behind_one_another_come_to_the_last(world: ActionWorld) -> None:
    message_id = world.say("a")
    edit(world, message_id, "b")
    edit(world, message_id, "c")
    world.carry()
    assert world.provider.taken() == [EditText("0", "c")]


def test_an_edit_that_comes_with_its_message_is_carried(world: ActionWorld) -> None:
    message_id = world.messaging.send(world.conversation, world.users[0], "a").message_id
    edit(world, message_id, "b")
    world.carry()
    assert world.texts + [a.text for a in world.provider.taken() if isinstance(a, EditText)] == ["a", "b"]


def test_an_edit_that_makes_the_message_longer_and_shorter(world: ActionWorld) -> None:
    message_id = world.say("a" * 30)
    assert world.texts == ["a" * 20, "a" * 10]
    edit(world, message_id, "b" * 50)
    world.carry()
    assert world.provider.taken() == [EditText("0", "b" * 20), EditText("1", "b" * 20)]
    assert world.texts[2:] == ["b" * 10]
    assert [d.get("outdated") for d in deliveries(world, message_id)] == [None] * 3
    edit(world, message_id, "c")
    world.carry()
    assert world.provider.taken() == [EditText("0", "c"), Retract("1"), Retract("2")]
    assert [d.get("outdated") for d in deliveries(world, message_id)] == [None] * 3


def test_where_nothing_can_be_edited_the_new_text_answers_the_old_one(world: ActionWorld) -> None:
    world.provider.cannot = (EditText,)
    message_id = world.say("helo")
    edit(world, message_id, "hello")
    (asked,) = world.carry()
    world.handle(asked)
    assert world.provider.sent[1:] == [(world.address, "✏️ hello", "0")]
    (shown,) = deliveries(world, message_id)
    assert (shown["status"], shown["note"]) == ("sent", "edit_as_new_text: unsupported: no EditText")
    assert "outdated" not in shown


def test_the_status_of_a_text_in_place_of_an_edit_is_not_the_messages(world: ActionWorld) -> None:
    world.provider.cannot = (EditText,)
    message_id = world.say("helo")
    edit(world, message_id, "hello")
    world.carry()
    (substitute,) = [d for d in Delivery.query(world.conversation) if d.is_substitute]
    data = {"conversation_id": world.conversation, "seq": int(substitute.seq), "message_id": message_id}
    data |= {
        "sender_id": world.users[0],
        "recipient_id": world.contact,
        "channel": "telegram",
        "account_id": world.account_id,
    }
    DeliveryStatuses(world.messaging.publisher).apply(data | {"status": "failed", "reason": "x", "time": 1})
    assert world.messaging.publisher.take() == []
    assert deliveries(world, message_id)[0]["status"] == "sent"


def test_an_unsend_takes_every_part_back(world: ActionWorld) -> None:
    message_id = world.say("a" * 30)
    world.messaging.changing.unsend(Unsend(world.users[0], message_id))
    world.carry()
    assert world.provider.taken() == [Retract("0"), Retract("1")]
    assert [d.get("outdated") for d in deliveries(world, message_id)] == [None, None]


@pytest.mark.parametrize("change", ["edit", "unsend"])
def test_what_was_throttled_goes_on_where_it_stopped(
    world: ActionWorld, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a message of more parts than may be changed at once would never be done."""
    message_id = world.say("a" * 70)
    if change == "edit":
        edit(world, message_id, "b" * 70)
    else:
        world.messaging.changing.unsend(Unsend(world.users[0], message_id))
    act = type(world.provider).act

    def act_once(_to: Target, action: Action) -> None:
        if world.provider.acts:
            raise NotSent(ThrottledUntil("paced: one at once", 1.0))
        act(world.provider, _to, action)

    monkeypatch.setattr(world.provider, "act", act_once)
    (asked,) = world.requests(world.messaging.route(world.messaging.publisher.take()))
    done = []
    for _ in range(3):
        with pytest.raises(NotSent):
            world.handle(asked)
        done += world.provider.taken()
    world.handle(asked)
    done += world.provider.taken()
    assert [action.external_id for action in done if isinstance(action, EditText | Retract)] == ["0", "1", "2", "3"]
    assert [d.get("outdated") for d in deliveries(world, message_id)] == [None] * 4


def test_a_longer_message_gets_the_rest_when_the_provider_is_back(world: ActionWorld) -> None:
    message_id = world.say("a" * 30)
    edit(world, message_id, "b" * 50)
    (asked,) = world.requests(world.messaging.route(world.messaging.publisher.take()))
    send = world.provider.send
    world.provider.send = lambda *_: (_ for _ in ()).throw(NotSent(TryAgain("unreachable: x")))  # type: ignore[method-assign]
    for _ in range(2):
        with pytest.raises(NotSent):
            world.handle(asked)
    world.provider.send = send  # type: ignore[method-assign]
    for _ in range(2):
        world.handle(asked)
    assert world.provider.taken() == [EditText("0", "b" * 20), EditText("1", "b" * 20)]
    assert world.texts[2:] == ["b" * 10]
    assert [d.get("outdated") for d in deliveries(world, message_id)] == [None] * 3


def test_what_cannot_be_taken_back_says_so_in_its_status(world: ActionWorld) -> None:
    world.provider.cannot = (Retract,)
    message_id = world.say("a")
    world.messaging.changing.unsend(Unsend(world.users[0], message_id))
    world.carry()
    (shown,) = deliveries(world, message_id)
    assert (shown["outdated"], shown["note"]) == (True, "not_taken_back: unsupported: no Retract")
    assert world.texts == ["a"]


def test_reactions_of_our_people_reach_the_channel_together(world: ActionWorld) -> None:
    message_id = world.say("a")
    other = world.users[0]
    world.messaging.reactions.react(ReactTo(other, message_id, THUMB))
    world.messaging.reactions.react(ReactTo(other, message_id, HEART))
    world.carry()
    assert world.provider.taken() == [React("0", (THUMB, HEART))]
    for emoji in (THUMB, HEART):
        world.messaging.reactions.react(ReactTo(other, message_id, emoji, remove=True))
    world.carry()
    assert world.provider.taken()[-1] == React("0", ())


def test_where_there_are_no_reactions_each_is_said_once(world: ActionWorld) -> None:
    world.provider.cannot = (React,)
    message_id = world.say("a")
    user = world.users[0]
    world.messaging.reactions.react(ReactTo(user, message_id, THUMB))
    world.carry()
    world.messaging.reactions.react(ReactTo(user, message_id, HEART))
    asked = world.carry()
    for record in asked:
        world.handle(record)
    world.messaging.reactions.react(ReactTo(user, message_id, THUMB, remove=True))
    world.carry()
    assert world.provider.sent[1:] == [(world.address, THUMB, "0"), (world.address, HEART, "0")]
    chat = Chat("telegram", world.account_id, world.address)
    assert find_external_id(chat, message_id) == "0"
    second = world.say("b")
    for emoji in (THUMB, HEART):
        world.messaging.reactions.react(ReactTo(user, second, emoji))
    world.carry()
    assert world.texts[-1] == f"{THUMB} {HEART}"


def test_who_speaks_is_said_where_several_may(dynamodb: DynamoDb) -> None:
    bind(dynamodb.table_prefix)
    world = ActionWorld(in_app=2)
    world.provider.cannot = (React,)
    message_id = world.say("hi", sender=1)
    world.messaging.reactions.react(ReactTo(world.users[0], message_id, THUMB))
    world.carry()
    assert world.texts == ["User 1: hi", f"User 0: {THUMB}"]


def test_a_provider_in_trouble_is_asked_again(world: ActionWorld) -> None:
    message_id = world.say("a")
    edit(world, message_id, "b")
    world.provider.trouble = NotSent(TryAgain("unreachable: away"))
    with pytest.raises(NotSent):
        world.carry()
    assert deliveries(world, message_id)[0]["outdated"]
    world.provider.trouble = None


def test_conversations_without_contacts_ask_for_nothing(dynamodb: DynamoDb) -> None:
    bind(dynamodb.table_prefix)
    world = ActionWorld(in_app=2)
    world.conversation = world.messaging.conversation(*world.users)
    message_id = world.say("a")
    edit(world, message_id, "b")
    assert world.carry() == []
