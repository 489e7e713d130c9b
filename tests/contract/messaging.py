"""A conversation on the real engine, with a producer that keeps what would go to Kafka."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from chat4all.changing import Changing
from chat4all.clock import now_ms
from chat4all.config import Settings
from chat4all.connections import Connections
from chat4all.kafka.batch import Record
from chat4all.kafka.events import Event, decode, encode
from chat4all.kafka.publisher import Publisher, PublishFailed
from chat4all.outbox import OutboxSweeper
from chat4all.rate_limits import RateLimiter
from chat4all.reactions import Reactions
from chat4all.routing import Router
from chat4all.sending import Accepted, Send, Sending
from chat4all.stores.conversations import Conversation
from chat4all.stores.heads import Head
from chat4all.stores.members import Member
from chat4all.websocket.caller import Caller


class KeptPublisher(Publisher):
    """Keeps events instead of producing them; `broken` stands for a cluster that does not answer."""

    def __init__(self) -> None:
        super().__init__("")
        self.events: list[Event] = []
        self.broken = False

    def publish(self, events: Sequence[Event]) -> None:
        """Keep `events`; PublishFailed when broken."""
        if self.broken:
            raise PublishFailed("broken")
        self.events.extend(events)

    def take(self) -> list[Event]:
        """What has come since the last take."""
        taken, self.events = self.events, []
        return taken


@dataclass
class Messaging:
    """Services over one engine and one kept producer."""

    settings: Settings = field(default_factory=lambda: Settings(outbox_shards=1))
    publisher: KeptPublisher = field(default_factory=KeptPublisher)

    def __post_init__(self) -> None:
        self.limiter = RateLimiter()
        self.sending = Sending(self.settings, self.publisher, self.limiter)
        self.changing = Changing(self.settings, self.publisher, self.limiter)
        self.reactions = Reactions(self.settings, self.publisher, self.limiter)
        self.router = Router(self.settings, self.publisher, Connections())
        self.sweeper = OutboxSweeper(self.settings, self.publisher)

    def conversation(self, *user_ids: str, roles: Sequence[str] = ()) -> str:
        """A conversation of these users."""
        conversation_id = str(uuid.uuid4())
        now = now_ms()
        for position, user_id in enumerate(user_ids):
            role = roles[position] if roles else "member"
            Member(conversation_id, user_id, role=role, joined_at=now).save()
        Head(conversation_id, last_activity_at=now, member_count=len(user_ids)).save()
        Conversation(conversation_id, type="group", created_by=user_ids[0], created_at=now, updated_at=now).save()
        return conversation_id

    def send(self, conversation_id: str, sender_id: str, content: str = "hi", **fields: object) -> Accepted:
        """Send, without the rate limit."""
        command = Send(sender_id, conversation_id, "text", content, **fields)  # type: ignore[arg-type]
        return self.sending.send(command, limited=False)

    def route(self, events: Sequence[Event]) -> list[Event]:
        """Give the router a batch of one conversation; what it published."""
        self.publisher.take()
        self.router.route(records(events))
        return self.publisher.take()


def records(events: Sequence[Event]) -> list[Record]:
    """Events as the consumer gets them."""
    return [
        Record(str(e.topic), 0, offset, e.conversation_id, decode(e.topic, encode(e)), trace=e.trace)
        for offset, e in enumerate(events)
    ]


def connected(user_id: str, connection_id: str = "connection") -> Caller:
    """A WebSocket of the user, opened a moment ago."""
    return Caller(user_id, connection_id, None, now_ms() + 1_800_000)


def new_user() -> str:
    """An id that is nobody else's."""
    return str(uuid.uuid4())
