"""What contacts do to messages, in whichever order and however often their provider tells it."""

import itertools
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from chat4all.channels.acceptance import Acceptance
from chat4all.channels.contacts import Contacts
from chat4all.channels.happenings import Happenings
from chat4all.channels.inbound import (
    Contact,
    Happening,
    Inbound,
    InboundEdit,
    InboundReactions,
    InboundUnsend,
    Item,
)
from chat4all.channels.inbound_changes import InboundChanges
from chat4all.channels.inbound_media import InboundMedia
from chat4all.channels.inbound_mirrors import InboundMirrors
from chat4all.channels.statuses import Statuses
from chat4all.clock import now_ms
from chat4all.conversations import Conversations
from chat4all.errors import Forbidden, Invalid, Unavailable
from chat4all.history import History, HistoryQuery
from chat4all.members import Members
from chat4all.stores.accounts import Account
from chat4all.stores.external_messages import Chat, SentTo, remember
from chat4all.stores.identities import find_identity
from chat4all.stores.members import Member
from chat4all.stores.messages import Message
from chat4all.stores.table import bind
from tests.contract.channel_world import users_of
from tests.contract.conftest import DynamoDb
from tests.contract.messaging import Messaging
from tests.contract.provider_accounts import telegram_account

THUMB, HEART = "👍", "❤️"


@dataclass
class World:
    """A contact of an account, in a private conversation with its owner."""

    messaging: Messaging
    happenings: Happenings
    changes: InboundChanges
    account: Account
    contact: Contact

    def take(self, *happenings: Happening) -> list[str | None]:
        return [self.happenings.take(self.account, Item(happening, {}, "item")) for happening in happenings]

    def said(self, external_id: str = "1", text: str = "first") -> Inbound:
        return Inbound(external_id, self.contact, "text", text)

    @property
    def identity(self) -> Any:
        return find_identity(self.account.channel, self.account.id, (self.contact.address,))

    @property
    def shown(self) -> dict[str, Any]:
        """The first message of the conversation, as its owner sees it."""
        identity = self.identity
        items = History().list(self.account.owner_id, HistoryQuery(identity.conversation_id))["items"]
        return dict(items[-1])

    def entries(self) -> list[str]:
        return [m.type for m in Message.query(self.identity.conversation_id) if m.type != "void"]


@pytest.fixture
def world(dynamodb: DynamoDb) -> World:
    bind(dynamodb.table_prefix)
    messaging = Messaging()
    conversations = Conversations(messaging.publisher)
    members = Members(conversations)
    users = users_of(dynamodb)
    changes = InboundChanges(messaging.changing, messaging.reactions)
    contacts = Contacts(users, conversations, members)
    happenings = Happenings(
        Acceptance(contacts, messaging.sending, InboundMedia(messaging.publisher)),
        Statuses(messaging.publisher),
        changes,
        InboundMirrors(messaging.publisher),
    )
    account = telegram_account()
    contact = Contact(str(uuid.uuid4().int % 10**9), "Rita")
    bind(dynamodb.table_prefix)
    return World(messaging, happenings, changes, account, contact)


def test_an_edit_an_unsend_and_reactions_of_a_contacts_own_message(world: World) -> None:
    world.take(world.said())
    edit = InboundEdit("1", world.contact, "second", time_ms=5)
    assert world.take(edit, edit) == [None, None]
    assert (world.shown["content"], world.shown["revision"]) == ("second", 2)
    world.take(InboundReactions("1", world.contact, (THUMB, HEART)))
    assert world.shown["reactions"] == {THUMB: [world.identity.user_id], HEART: [world.identity.user_id]}
    world.take(InboundReactions("1", world.contact, (HEART,)), InboundReactions("1", world.contact, (HEART,)))
    assert world.shown["reactions"] == {HEART: [world.identity.user_id]}
    world.take(InboundReactions("1", world.contact, ()))
    assert world.shown["reactions"] == {}
    unsend = InboundUnsend("1", world.contact)
    assert world.take(unsend, unsend) == [None, None]
    assert "deleted_at" in world.shown
    assert world.entries() == ["text", "edit", "react", "react", "react", "delete"]
    # What comes after it is of no effect.
    assert world.take(edit, InboundReactions("1", world.contact, (THUMB,))) == [None, None]
    assert world.shown["content"] is None


ORDERS = list(itertools.permutations(range(4)))


@pytest.mark.parametrize("order", ORDERS[::3], ids=str)
def test_in_whichever_order_they_come(world: World, order: Sequence[int]) -> None:
    told: list[Happening] = [
        world.said(),
        InboundEdit("1", world.contact, "second", time_ms=6, order=1),
        InboundEdit("1", world.contact, "third", time_ms=6, order=2),
        InboundReactions("1", world.contact, (THUMB,), time_ms=1),
    ]
    for position in (*order, *order):
        world.take(told[position])
    assert world.shown["content"] == "third"
    assert world.shown["reactions"] == {THUMB: [world.identity.user_id]}


def test_an_unsend_before_its_message(world: World) -> None:
    assert world.take(InboundUnsend("1", world.contact)) == ["early_inboundunsend"]
    world.take(world.said("0", "hello"), world.said("1", "not for you"))
    texts = [m.content for m in Message.query(world.identity.conversation_id) if m.type == "text"]
    assert texts == ["hello", None]


def test_reactions_to_our_messages(world: World) -> None:
    world.take(world.said())
    conversation, owner = world.identity.conversation_id, world.account.owner_id
    ours = world.messaging.send(conversation, owner, "ours")
    chat = Chat("telegram", world.account.id, world.contact.address)
    react = InboundReactions("2", world.contact, (THUMB,), time_ms=now_ms())
    with pytest.raises(Unavailable):  # the connector has not written yet what the provider answered
        world.take(react)
    sent = SentTo(owner, world.identity.user_id, 0, 1)
    remember(chat, "2", conversation_id=conversation, seq=ours.seq, message_id=ours.message_id, sent=sent)
    assert world.take(react) == [None]
    assert History().get(owner, ours.message_id)["reactions"] == {THUMB: [world.identity.user_id]}
    older = InboundReactions("2", world.contact, (HEART,), time_ms=(react.time_ms or 0) - 1)
    assert world.take(older) == [None]
    assert History().get(owner, ours.message_id)["reactions"] == {THUMB: [world.identity.user_id]}
    assert world.take(InboundReactions("9", world.contact, (THUMB,), time_ms=1)) == ["early_inboundreactions"]


def test_what_is_not_theirs_to_change(world: World) -> None:
    world.take(world.said())
    conversation, owner = world.identity.conversation_id, world.account.owner_id
    ours = world.messaging.send(conversation, owner, "ours")
    chat = Chat("telegram", world.account.id, world.contact.address)
    remember(chat, "2", conversation_id=conversation, seq=ours.seq, message_id=ours.message_id)
    for change in (InboundEdit("2", world.contact, "x"), InboundUnsend("2", world.contact)):
        with pytest.raises(Forbidden):
            world.take(change)
    with pytest.raises(Invalid):
        world.take(InboundReactions("1", world.contact, ("no emoji",)))
    Member.get(conversation, world.identity.user_id).update([Member.role.set("reader")])
    with pytest.raises(Forbidden):
        world.take(InboundReactions("1", world.contact, (THUMB,)))
    assert world.entries() == ["text", "text"]


def test_of_somebody_who_is_not_known(world: World) -> None:
    stranger = Contact(str(uuid.uuid4().int), "x")
    assert world.changes.apply(world.account, InboundUnsend("1", stranger)) is False
