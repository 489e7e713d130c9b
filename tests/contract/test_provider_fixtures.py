"""Every fixture of every provider (docs/fixtures.md) goes through the webhook, signed, and lands: nothing is lost."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from chat4all.channels.acceptance import Acceptance
from chat4all.channels.channel import CHANNELS
from chat4all.channels.contacts import Contacts
from chat4all.channels.happenings import Happenings
from chat4all.channels.inbound import AddressChanged, Echo, Inbound, Item, StatusReport, Unknown
from chat4all.channels.inbound_changes import InboundChanges
from chat4all.channels.inbound_media import InboundMedia
from chat4all.channels.meta.signature import signature
from chat4all.channels.receiver import Receiver
from chat4all.channels.statuses import Statuses
from chat4all.connections import Connections
from chat4all.conversations import Conversations
from chat4all.members import Members
from chat4all.passwords import Passwords
from chat4all.session_ends import SessionEnds
from chat4all.sessions import Sessions
from chat4all.stores.accounts import Account
from chat4all.stores.chats import early_report, watermark
from chat4all.stores.external_messages import Chat
from chat4all.stores.messages import Message
from chat4all.stores.table import bind
from chat4all.users import Users
from chat4all.websocket.push import Push
from tests.contract.conftest import DynamoDb
from tests.contract.kept_payloads import KeptPayloads
from tests.contract.messaging import KeptPublisher, Messaging
from tests.unit.channels.fixture_table import Case, cases, items_of

SECRET = "s3cret"
KEYS = {"telegram": "bot_token", "whatsapp": "phone_number_id", "messenger": "page_id", "instagram": "ig_id"}


@dataclass
class World:
    """One receiver for each channel."""

    users: Users
    owner_id: str
    messaging: Messaging = field(default_factory=Messaging)
    payloads: KeptPayloads = field(default_factory=KeptPayloads)

    def __post_init__(self) -> None:
        publisher = self.messaging.publisher
        conversations = Conversations(publisher)
        contacts = Contacts(self.users, conversations, Members(conversations))
        happenings = Happenings(
            Acceptance(contacts, self.messaging.sending, InboundMedia(publisher)),
            Statuses(publisher),
            InboundChanges(self.messaging.changing, self.messaging.reactions),
        )
        limiter = self.messaging.limiter
        self.receivers = {
            name: Receiver(channel, happenings, self.payloads, limiter) for name, channel in CHANNELS.items()
        }

    def account_for(self, case: Case) -> Account:
        """The account that the case's items name."""
        key = next((item.account_key for item in items_of(case) if item.account_key), "1")
        settings = {KEYS[case.channel]: key, "app_secret": SECRET, "access_token": "t", "webhook_secret": SECRET}
        account = Account(
            str(uuid.uuid4()),
            owner_id=self.owner_id,
            channel=case.channel,
            name="Shop",
            settings=settings,
            inbound={"conversation": "by_contact"},
            seed=str(uuid.uuid4()),
            created_at=1,
            updated_at=1,
        )
        account.save()
        return account

    def receive(self, case: Case, account: Account) -> None:
        """As its provider posts it."""
        body = json.dumps(case.payload, ensure_ascii=False).encode()
        signed = {"x-hub-signature-256": signature(SECRET, body), "x-telegram-bot-api-secret-token": SECRET}
        self.receivers[case.channel].receive(account.id, signed, body)

    def accepted(self) -> list[Message]:
        """Messages that came of it."""
        told = [e.data for e in self.messaging.publisher.take() if e.type == "chat4all.message.accepted.v1"]
        return [Message.get(data["conversation_id"], data["seq"], consistent_read=True) for data in told]


@pytest.fixture(scope="module")
def world(dynamodb: DynamoDb) -> Iterator[World]:
    users = Users(
        Passwords(),
        Sessions(2_592_000, 10),
        Members(Conversations(KeptPublisher())),
        SessionEnds(Connections(), Push("")),
    )
    bind(dynamodb.table_prefix)
    return World(users, users.create_guest("Owner"))


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.file}:{case.name}")
def test_it_lands(world: World, case: Case) -> None:
    account = world.account_for(case)
    world.messaging.publisher.take()
    world.receive(case, account)
    messages, kept = world.accepted(), kept_of(world, account)
    first = {said.message_id for said in messages}
    for item in items_of(case):
        assert landing_of(item, account, messages, kept), (item.happening, kept)
    assert messages == []
    assert kept == {}
    world.receive(case, account)
    assert {said.message_id for said in world.accepted()} <= first, "repeated, it is the same"


def kept_of(world: World, account: Account) -> dict[str, str]:
    """Kinds of what was kept for the account, by name."""
    prefix = f"{account.channel}/{account.id}/"
    return {key[len(prefix) : -5]: kind for key, kind in world.payloads.kept.items() if key.startswith(prefix)}


def landing_of(item: Item, account: Account, messages: list[Message], kept: dict[str, str]) -> Any:
    """Whether the item stands where it should; what it is found as is taken out of `messages` or `kept`."""
    happening = item.happening
    match happening:
        case Inbound(chat=None):
            said = messages.pop(0)
            return (said.type, said.content) == (happening.type, happening.content)
        case Unknown():
            return kept.pop(item.name) == happening.kind
        case StatusReport(external_id=str(external_id)):
            early = early_report(Chat(account.channel, account.id, happening.address), external_id)
            return early is not None and early.status == happening.status
        case StatusReport():
            mark = watermark(Chat(account.channel, account.id, happening.address), happening.status)
            return mark is not None and int(mark.through_ms) >= (happening.through_ms or 0)
        case AddressChanged():
            return True  # of nobody: there is nothing to change
        case Echo():
            return kept.pop(item.name) == "echo"
    return kept.pop(item.name)
