"""A conversation with contacts of a channel, from the router to what the provider is asked for."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chat4all.channels.channel import Channel, Fetched, Target, Unsupported
from chat4all.channels.connector import Connector
from chat4all.channels.fates import NotSent
from chat4all.channels.media import MediaStore
from chat4all.channels.outgoing import Action, Part, Sent, TextPart
from chat4all.channels.shaping import Shaping
from chat4all.circuit_breakers import CircuitBreakers
from chat4all.file_bucket import FileBucket
from chat4all.kafka.events import Event
from chat4all.kafka.record import Record
from chat4all.stores.members import Member
from chat4all.stores.users import User
from tests.contract.channel_world import NEVER_OPENS
from tests.contract.messaging import Messaging, new_user, records
from tests.contract.provider_accounts import telegram_account

CHANNEL = Channel("telegram", "tests.contract.plain_channel")


class Provider:
    """What the provider was asked for, and what it cannot do."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str | None]] = []
        """(address, text, what it answers); its place is its external id."""
        self.acts: list[Action] = []
        self.cannot: tuple[type[Any], ...] = ()
        self.trouble: NotSent | None = None

    def send(self, to: Target, part: Part, reply_to: str | None) -> Sent:
        assert isinstance(part, TextPart)
        self.sent.append((to.address, part.text, reply_to))
        return Sent(str(len(self.sent) - 1))

    def act(self, _to: Target, action: Action) -> None:
        if self.trouble is not None:
            raise self.trouble
        if isinstance(action, self.cannot):
            raise Unsupported(f"no {type(action).__name__}")
        self.acts.append(action)

    def fetch(self, to: Target, media: Mapping[str, Any], most_bytes: int) -> Fetched:
        raise NotImplementedError

    def close(self) -> None:
        """Nothing is open."""

    def taken(self) -> list[Action]:
        acts, self.acts = self.acts, []
        return acts


@dataclass
class ActionWorld:
    """Ana and Bob on the app, and one contact; all messages of Ana's have gone to the contact."""

    messaging: Messaging = field(default_factory=Messaging)
    provider: Provider = field(default_factory=Provider)
    in_app: int = 2

    def __post_init__(self) -> None:
        breakers = CircuitBreakers(NEVER_OPENS)
        shaping, media = Shaping(self.messaging.limiter), MediaStore(FileBucket("none"), "http://127.0.0.1", 60)
        publisher = self.messaging.publisher
        self.connector = Connector(CHANNEL, self.provider, media, publisher, breakers, shaping)
        self.users = [new_user() for _ in range(self.in_app)]
        self.contact = new_user()
        self.account_id = str(telegram_account().id)
        self.address = str(uuid.uuid4().int % 10**9)
        for number, user in enumerate(self.users):
            User(user, display_name=f"User {number}", created_at=1, updated_at=1).save()
        self.conversation = self.messaging.conversation(*self.users)
        address = {"channel": "telegram", "account_id": self.account_id, "address": self.address}
        Member(self.conversation, self.contact, role="member", joined_at=1, in_app=0, addresses=[address]).save()

    def say(self, text: str, sender: int = 0) -> str:
        """message_id of what was said and sent on."""
        message_id = self.messaging.send(self.conversation, self.users[sender], text).message_id
        self.carry()
        return message_id

    def carry(self, *, remaining_ms: int = 60_000) -> list[Record]:
        """Route what was published and do what the router asks for; the records of it."""
        asked = self.requests(self.messaging.route(self.messaging.publisher.take()))
        for record in asked:
            self.handle(record, remaining_ms)
        self.messaging.publisher.take()
        return asked

    def handle(self, record: Record, remaining_ms: int = 60_000) -> None:
        self.connector.handle(record, lambda: remaining_ms)

    @staticmethod
    def requests(events: list[Event]) -> list[Record]:
        return records([e for e in events if e.topic.startswith("chat4all.outbound.")])

    @property
    def texts(self) -> list[str]:
        return [text for _, text, _ in self.provider.sent]
