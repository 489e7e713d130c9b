"""A Telegram with phones, an account of ours on it, and the connector between, on a real engine."""

import asyncio
import json
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from aiohttp import web

from chat4all.accounts import Accounts, InboundRule, NewAccount
from chat4all.channels.acceptance import Acceptance
from chat4all.channels.channel import CHANNELS
from chat4all.channels.connector import Connector
from chat4all.channels.contacts import Contacts
from chat4all.channels.happenings import Happenings
from chat4all.channels.inbound_changes import InboundChanges
from chat4all.channels.inbound_media import InboundMedia
from chat4all.channels.media import MediaStore
from chat4all.channels.receiver import Receiver
from chat4all.channels.shaping import Shaping
from chat4all.channels.statuses import Statuses
from chat4all.channels.telegram.client import Clients
from chat4all.channels.telegram.send import Sender
from chat4all.circuit_breakers import CircuitBreakers
from chat4all.clock import rfc3339
from chat4all.config import Settings
from chat4all.conversations import Conversations
from chat4all.domain.circuit import CircuitRules
from chat4all.errors import DomainError
from chat4all.file_bucket import FileBucket
from chat4all.http.problem import status_of
from chat4all.kafka.batch import Record
from chat4all.kafka.events import Event
from chat4all.members import Members
from chat4all.stores.messages import Message
from chat4all.users import Users
from local.simulators import Simulators, start_simulators
from tests.contract.kept_payloads import KeptPayloads
from tests.contract.messaging import KeptPublisher, Messaging

DEADLINE_S = 20.0
TELEGRAM = CHANNELS["telegram"]


def until(find: Callable[[], Any], what: str) -> Any:
    """The first true answer of `find`."""
    deadline = time.monotonic() + DEADLINE_S
    while not (found := find()):
        assert time.monotonic() < deadline, f"not within {DEADLINE_S} s: {what}"
        time.sleep(0.01)
    return found


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
        conversations = Conversations(self.publisher)
        contacts = Contacts(self.users, conversations, Members(conversations))
        acceptance = Acceptance(contacts, self.messaging.sending, InboundMedia(self.publisher))
        happenings = Happenings(
            acceptance, Statuses(self.publisher), InboundChanges(self.messaging.changing, self.messaging.reactions)
        )
        self.receiver = Receiver(TELEGRAM, happenings, self.payloads, self.messaging.limiter)
        self.connector = self.new_connector(CircuitRules(threshold=1000, first_open_s=5, longest_open_s=300))
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
def running_world(folder: Path, owner_id: str, users: Users) -> Iterator[World]:
    """A world that ends with the block."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def wait(coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, loop).result(DEADLINE_S)

    world: list[World] = []

    async def take_webhook(request: web.Request) -> web.Response:
        return await world[0].take_webhook(request)

    with ExitStack() as ends:
        ends.callback(loop.close)
        ends.callback(thread.join)
        ends.callback(loop.call_soon_threadsafe, loop.stop)
        app = web.Application()
        app.router.add_post("/channels/telegram/{account_id}/webhook", take_webhook)
        runner = web.AppRunner(app, shutdown_timeout=1)
        wait(runner.setup())
        ends.callback(lambda: wait(runner.cleanup()))
        wait(web.TCPSite(runner, "127.0.0.1", 0).start())
        simulators = wait(start_simulators("127.0.0.1", 0, folder, rate_limits=False, first_retry_s=0.01))
        ends.callback(lambda: wait(simulators.stop()))
        world.append(World(simulators, f"http://127.0.0.1:{runner.addresses[0][1]}", owner_id, users))
        ends.callback(world[0].http.close)
        ends.callback(world[0].clients.close)
        yield world[0]
