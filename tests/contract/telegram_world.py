"""A Telegram with phones, an account of ours on it, and the connector between, on a real engine."""

import asyncio
import json
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from aiohttp import web

from chat4all.accounts import Accounts, InboundRule, NewAccount
from chat4all.channels.channel import CHANNELS
from chat4all.channels.connector import Connector
from chat4all.channels.media import MediaStore
from chat4all.channels.receiver import Receiver
from chat4all.channels.shaping import Shaping
from chat4all.channels.telegram.client import Clients
from chat4all.channels.telegram.send import Sender
from chat4all.circuit_breakers import CircuitBreakers
from chat4all.clock import rfc3339
from chat4all.config import Settings
from chat4all.domain.circuit import CircuitRules
from chat4all.errors import DomainError
from chat4all.file_bucket import FileBucket
from chat4all.http.problem import status_of
from chat4all.kafka.batch import Record
from chat4all.kafka.events import Event
from chat4all.stores.identities import Identity
from chat4all.stores.messages import Message
from chat4all.stores.table import bind
from chat4all.users import Users
from local.simulators import Simulators
from tests.contract.channel_world import NEVER_OPENS, happenings_of, running_simulators, until, users_of
from tests.contract.conftest import DynamoDb
from tests.contract.kept_payloads import KeptPayloads
from tests.contract.messaging import KeptPublisher, Messaging

TELEGRAM = CHANNELS["telegram"]


@dataclass
class World:
    """Everything of one test. `simulator` and the webhook run on a loop of their own, in a thread."""

    simulators: Simulators
    webhook_url: str
    owner_id: str
    users: Users
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=10))
    messaging: Messaging = field(default_factory=Messaging)
    payloads: KeptPayloads = field(default_factory=KeptPayloads)
    clients: Clients = field(default_factory=Clients)
    refuse: int = 0
    """How many more webhooks are answered 503 after their update was accepted."""
    answers: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.receiver = Receiver(
            TELEGRAM, happenings_of(self.messaging, self.users), self.payloads, self.messaging.limiter
        )
        self.connector = self.new_connector(NEVER_OPENS)
        host = self.simulators.url.removeprefix("http://")
        self.accounts = Accounts(Settings(public_url=self.webhook_url, provider_hosts=host))

    def new_connector(self, rules: CircuitRules) -> Connector:
        """That of another environment, without pace."""
        media, shaping = MediaStore(FileBucket(""), "", 60), Shaping(self.messaging.limiter, pace=0)
        sender = Sender(media, self.clients)
        return Connector(TELEGRAM, sender, media, self.publisher, CircuitBreakers(rules), shaping)

    @property
    def publisher(self) -> KeptPublisher:
        return self.messaging.publisher

    @property
    def api_base(self) -> str:
        return f"{self.simulators.url}/telegram"

    def new_account(self, conversation: str = "by_contact", **settings: Any) -> dict[str, Any]:
        """An account with a bot of its own."""
        token = f"{uuid.uuid4().int % 10**12 + 1}:{'t' * 35}"
        body = NewAccount(
            channel="telegram",
            name="Shop",
            settings={"bot_token": token, "api_base": self.api_base, **settings},
            inbound=InboundRule(conversation=conversation),
        )
        return self.accounts.create(self.owner_id, body) | {"bot_id": int(token.split(":")[0])}

    def new_phone(self, account: dict[str, Any], name: str = "Ann") -> "Phone":
        answer = self.http.post(f"{self.simulators.url}/phones/api/phones", json={"first_name": name})
        return Phone(self, answer.json()["id"], account["bot_id"])

    def texts(self, conversation_id: str) -> list[Any]:
        """Contents in a conversation, in order."""
        return [m.content for m in Message.query(conversation_id, consistent_read=True) if m.type != "void"]

    def deliver(self, account: dict[str, Any], phone: "Phone", said: Message, **changes: Any) -> list[Event]:
        """Give the connector the router's request for `said`; what it reported."""
        self.publisher.take()
        self.connector.handle(request_record(account, phone, said, **changes), lambda: 60_000)
        return self.publisher.take()

    async def take_webhook(self, request: web.Request) -> web.Response:
        """As the function behind the gateway would."""
        headers = {name.lower(): value for name, value in request.headers.items()}
        body = await request.read()
        status = 200
        try:
            await asyncio.to_thread(self.receiver.receive, request.match_info["account_id"], headers, body)
        except DomainError as error:
            status = status_of(error).value
        if status == 200 and self.refuse > 0:
            self.refuse -= 1
            status = 503
        self.answers.append(status)
        return web.Response(status=status)


@dataclass
class Phone:
    """A person's phone in a chat with the account's bot."""

    world: World
    id: int
    bot_id: int

    @property
    def url(self) -> str:
        return f"{self.world.simulators.url}/phones/api/phones/{self.id}/chats/{self.bot_id}"

    def says(self, text: str | None = None, **content: Any) -> int:
        """message_id of what was sent."""
        body = ({"text": text} if text else {}) | content
        answer = self.world.http.post(f"{self.url}/messages", json=body)
        assert answer.status_code == 201, answer.text
        return int(answer.json()["message_id"])

    def messages(self) -> list[dict[str, Any]]:
        return list(self.world.http.get(f"{self.url}/messages").json()["items"])

    def from_bot(self) -> list[dict[str, Any]]:
        return [m for m in self.messages() if m["from"] == "bot"]


def request_record(account: dict[str, Any], phone: Phone, said: Message, **changes: Any) -> Record:
    """`chat4all.delivery.requested.v1` for a message, as the consumer gets it."""
    data = {
        "conversation_id": said.conversation_id,
        "seq": int(said.seq),
        "message_id": said.message_id,
        "sender_id": said.sender_id,
        "recipient_id": str(uuid.uuid5(uuid.NAMESPACE_URL, str(phone.id))),
        "channel": "telegram",
        "account_id": account["id"],
        "address": str(phone.id),
        "part": 0,
        "message": {
            "type": said.type,
            "content": said.content,
            "reply_to": said.reply_to,
            "created_at": rfc3339(int(said.created_at)),
        },
    }
    event = {"type": "chat4all.delivery.requested.v1", "subject": said.conversation_id, "data": data | changes}
    return Record("chat4all.outbound.telegram", 0, 0, said.conversation_id, json.loads(json.dumps(event)))


@contextmanager
def new_world(dynamodb: DynamoDb, folder: Path) -> Iterator[World]:
    """A world with an owner, which ends with the block."""
    users = users_of(dynamodb)
    owner_id = users.create_guest("Owner")
    world: list[World] = []

    async def take_webhook(request: web.Request) -> web.Response:
        return await world[0].take_webhook(request)

    with ExitStack() as ends:
        simulators, url = ends.enter_context(running_simulators(folder, "telegram", take_webhook, first_retry_s=0.01))
        world.append(World(simulators, url, owner_id, users))
        bind(dynamodb.table_prefix)
        ends.callback(world[0].http.close)
        ends.callback(world[0].clients.close)
        yield world[0]


def identity_of(account: dict[str, Any], phone: Phone) -> Identity:
    return until(lambda: known_identity(account, phone), "the contact is known")


def known_identity(account: dict[str, Any], phone: Phone) -> Identity | None:
    try:
        found = Identity.get(f"telegram:{account['id']}:{phone.id}", consistent_read=True)
    except Identity.DoesNotExist:
        return None
    return found if found.conversation_id else None


def message_at(conversation_id: str, seq: int) -> Message:
    return Message.get(conversation_id, seq, consistent_read=True)


def said(world: World, conversation_id: str, content: Any, **fields: Any) -> Message:
    """A message of the owner."""
    accepted = world.messaging.send(conversation_id, world.owner_id, content, **fields)
    return message_at(conversation_id, accepted.seq)
