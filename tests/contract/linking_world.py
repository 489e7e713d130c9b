"""People who link an address on a channel, on the real engine: a contact, the account's owner, and a user of the app."""

import itertools
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chat4all.channels.acceptance import Acceptance
from chat4all.channels.channel import Channel, Target
from chat4all.channels.connector import Connector
from chat4all.channels.contacts import Contacts
from chat4all.channels.happenings import Happenings
from chat4all.channels.inbound import Contact, Happening, Inbound, Item
from chat4all.channels.inbound_changes import InboundChanges
from chat4all.channels.inbound_media import InboundMedia
from chat4all.channels.inbound_mirrors import InboundMirrors
from chat4all.channels.media import MediaStore
from chat4all.channels.shaping import Shaping
from chat4all.channels.statuses import Statuses
from chat4all.circuit_breakers import CircuitBreakers
from chat4all.connections import Connections
from chat4all.conversations import Conversations
from chat4all.domain.circuit import CircuitRules
from chat4all.domain.link_codes import code_of
from chat4all.erasing.users import UserErasure
from chat4all.file_bucket import FileBucket
from chat4all.identities import Identities, LinkBody, VerifyBody
from chat4all.kafka.events import Event
from chat4all.members import Members
from chat4all.message_events import entry_accepted
from chat4all.passwords import Passwords
from chat4all.presence import Presences
from chat4all.session_ends import SessionEnds
from chat4all.sessions import Sessions
from chat4all.stores.accounts import Account, code_secret
from chat4all.stores.identities import Identity, find_identity
from chat4all.stores.link_requests import LinkRequest, way_of
from chat4all.stores.members import Member
from chat4all.stores.messages import Message
from chat4all.stores.table import bind
from chat4all.stores.users import User
from chat4all.users import Users
from chat4all.websocket.push import Push
from tests.contract.action_world import Provider
from tests.contract.conftest import DynamoDb
from tests.contract.messaging import Messaging, records
from tests.contract.provider_accounts import telegram_account

CHANNEL = Channel("telegram", "tests.contract.plain_channel")
_numbers = itertools.count(1)


def new_user(name: str = "ana") -> str:
    """A user of the app."""
    user_id = str(uuid.uuid4())
    User(user_id, username=f"{name}-{user_id[:8]}", display_name=name, created_at=1, updated_at=1).save()
    return user_id


def new_contact(name: str = "Carla") -> Contact:
    """Somebody on the channel."""
    return Contact(str(uuid.uuid4().int % 10**12 + 1), name)


class NamingProvider(Provider):
    """One that can be asked what people are called."""

    name: str | None = None

    def name_of(self, _to: Target) -> str | None:
        return self.name


@dataclass
class LinkingWorld:
    """One account, and what is said over it."""

    messaging: Messaging = field(default_factory=Messaging)
    provider: NamingProvider = field(default_factory=NamingProvider)

    @classmethod
    def on(cls, dynamodb: DynamoDb) -> "LinkingWorld":
        """A world in the engine's tables."""
        bind(dynamodb.table_prefix, timeout_s=60)
        made = cls()
        bind(dynamodb.table_prefix, timeout_s=60)
        return made

    def __post_init__(self) -> None:
        publisher = self.messaging.publisher
        self.conversations = Conversations(publisher)
        self.members = Members(self.conversations)
        ends = SessionEnds(Connections(), Push(""))
        sessions = Sessions(60, 10)
        erasure = UserErasure(self.members, sessions)
        self.users = Users(Passwords(), sessions, erasure, ends, Presences(publisher))
        self.contacts = Contacts(self.users, self.conversations, self.members)
        self.happenings = Happenings(
            Acceptance(self.contacts, self.messaging.sending, InboundMedia(publisher)),
            Statuses(publisher),
            InboundChanges(self.messaging.changing, self.messaging.reactions),
            InboundMirrors(publisher),
        )
        breakers = CircuitBreakers(CircuitRules(1000, 5.0, 300.0))
        shaping, media = Shaping(self.messaging.limiter, pace=0), MediaStore(FileBucket("none"), "http://x", 60)
        self.connector = Connector(CHANNEL, self.provider, media, publisher, breakers, shaping)
        self.identities = Identities(publisher, self.messaging.limiter, self.members)
        self.owner = new_user("owner")
        self.account = self.new_account()

    def new_account(self, conversation: str = "by_contact") -> Account:
        return telegram_account(owner_id=self.owner, inbound={"conversation": conversation})

    def take(self, happening: Happening, account: Account | None = None) -> str | None:
        return self.happenings.take(account or self.account, Item(happening, {}, "item"))

    def hears(self, contact: Contact, text: str, account: Account | None = None, **more: Any) -> Message:
        """The contact writes; the message that it became."""
        self.messaging.publisher.take()
        external_id = more.pop("external_id", None) or str(next(_numbers))
        assert self.take(Inbound(external_id, contact, "text", text, **more), account) is None
        event = next(e for e in self.messaging.publisher.events if e.type == "chat4all.message.accepted.v1")
        return Message.get(event.data["conversation_id"], event.data["seq"], consistent_read=True)

    def identity(self, contact: Contact, account: Account | None = None) -> Identity:
        found = find_identity("telegram", (account or self.account).id, (contact.address,))
        assert found is not None
        return found

    def asks(self, user_id: str, contact: Contact, account: Account | None = None) -> list[Event]:
        """The user asks for a code; what was published for it."""
        self.messaging.publisher.take()
        account_id = str((account or self.account).id)
        self.identities.request(user_id, "telegram", LinkBody(account_id=account_id, address=contact.address))
        return self.messaging.publisher.take()

    def code(self, user_id: str, account: Account | None = None) -> str:
        account = account or self.account
        request = LinkRequest.get(user_id, way_of("telegram", account.id), consistent_read=True)
        return code_of(request.asked(), code_secret(account))

    def links(self, user_id: str, contact: Contact, account: Account | None = None) -> Mapping[str, Any]:
        self.asks(user_id, contact, account)
        account = account or self.account
        body = VerifyBody(code=self.code(user_id, account), account_id=str(account.id))
        return self.identities.verify(user_id, "telegram", body)

    def route(self, conversation_id: str) -> list[Event]:
        """Route all that is not routed; what the router asks connectors for."""
        self.messaging.publisher.take()
        newest = next(iter(Message.query(conversation_id, scan_index_forward=False, limit=1)))
        events = self.messaging.route([entry_accepted(newest)])
        return [e for e in events if str(e.topic).startswith("chat4all.outbound.")]

    def carry(self, asked: list[Event]) -> None:
        """Have the connector do what was asked for."""
        for record in records(asked):
            self.connector.handle(record, lambda: 60_000)
        self.messaging.publisher.take()

    def says(self, conversation_id: str, text: str, sender: str | None = None) -> str:
        return self.messaging.send(conversation_id, sender or self.owner, text).message_id


def members_of(conversation_id: str) -> dict[str, Member]:
    """By user id."""
    return {m.user_id: m for m in Member.query(conversation_id, consistent_read=True)}
