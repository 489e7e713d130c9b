"""Meta with phones, an account of ours on it, our webhook and our connector between, on a real engine."""

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

from chat4all.accounts import Accounts, NewAccount
from chat4all.channels.channel import CHANNELS, Target
from chat4all.channels.connector import Connector
from chat4all.channels.outgoing import Action, OutgoingFile
from chat4all.channels.receiver import Receiver
from chat4all.channels.shaping import Shaping
from chat4all.circuit_breakers import CircuitBreakers
from chat4all.clock import rfc3339
from chat4all.config import Settings
from chat4all.delivery_status import DeliveryStatuses
from chat4all.errors import DomainError
from chat4all.http.problem import status_of
from chat4all.kafka.events import Event, decode, encode
from chat4all.kafka.record import Record
from chat4all.kafka.topics import Topic
from chat4all.stores.accounts import Account
from chat4all.stores.deliveries import Delivery, delivery_key
from chat4all.stores.messages import Message
from chat4all.users import Users
from local.simulators import Simulators
from tests.contract.channel_world import NEVER_OPENS, happenings_of, running_simulators, until
from tests.contract.kept_payloads import KeptPayloads
from tests.contract.messaging import KeptPublisher, Messaging
from tests.unit.channels.recorded_server import Answer, RecordedServer, recorded_server

OWN_ID = {"whatsapp": "phone_number_id", "messenger": "page_id", "instagram": "ig_id"}


@dataclass
class Media:
    """Files of ours, served where Meta fetches them."""

    server: RecordedServer
    files: dict[str, OutgoingFile] = field(default_factory=dict)

    def new_file(self, kind: str, content_type: str, content: bytes) -> dict[str, Any]:
        """What a message says of a file with these bytes."""
        file = OutgoingFile(str(uuid.uuid4()), kind, "photo.jpg", content_type, len(content))
        self.files[file.file_id] = file
        self.server.at[f"/{file.file_id}"] = Answer(content, headers={"Content-Type": content_type})
        return {"file_id": file.file_id}

    def outgoing(self, facts: dict[str, Any]) -> OutgoingFile:
        return self.files[facts["file_id"]]

    def link(self, file: OutgoingFile) -> str:
        return f"{self.server.url}/{file.file_id}"

    def share_link(self, file: OutgoingFile) -> str:
        return f"https://chat.example/files/{file.file_id}"


@dataclass
class GraphWorld:
    """Everything of one test of one channel. `simulators` and the webhook run on a loop of their own, in a thread."""

    channel: str
    simulators: Simulators
    webhook_url: str
    owner_id: str
    users: Users
    media: Media
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=10))
    messaging: Messaging = field(default_factory=Messaging)
    payloads: KeptPayloads = field(default_factory=KeptPayloads)
    answers: list[int] = field(default_factory=list)
    """Statuses that webhooks were answered with."""
    bodies: list[Any] = field(default_factory=list)
    """What was posted and answered 200."""

    def __post_init__(self) -> None:
        publisher, channel, media = self.publisher, CHANNELS[self.channel], self.media
        self.receiver = Receiver(
            channel, happenings_of(self.messaging, self.users), self.payloads, self.messaging.limiter
        )
        self.applied = DeliveryStatuses(publisher)
        self.sender = channel.sender(media)
        shaping = Shaping(self.messaging.limiter, sleep=lambda _: None)
        breakers = CircuitBreakers(NEVER_OPENS)
        self.connector = Connector(channel, self.sender, media, publisher, breakers, shaping)  # type: ignore[arg-type]
        host = self.simulators.url.removeprefix("http://")
        self.accounts = Accounts(Settings(public_url=self.webhook_url, provider_hosts=host))

    @property
    def publisher(self) -> KeptPublisher:
        return self.messaging.publisher

    @property
    def phones_url(self) -> str:
        return f"{self.simulators.url}/phones/api/graph"

    def ask(self, method: str, path: str, **body: Any) -> Any:
        """The phones' API; 2xx."""
        answer = self.http.request(method, f"{self.phones_url}{path}", json=body or None)
        assert answer.status_code < 300, (method, path, answer.status_code, answer.text)
        return answer.json() if answer.content else None

    def set(self, **settings: Any) -> None:
        """How Meta behaves from now on."""
        self.ask("PUT", "/settings", **settings)

    def new_account(self, **settings: Any) -> Account:
        """An account at Meta and here; its app is pointed to our webhook, with the handshake."""
        theirs = self.ask("POST", "/accounts", channel=self.channel, name="Shop")
        secrets = {name: theirs[name] for name in ("access_token", "app_secret", "verify_token")}
        own = {OWN_ID[self.channel]: theirs["id"], "api_base": f"{self.simulators.url}/graph"}
        body = NewAccount(channel=self.channel, name="Shop", settings={**secrets, **own, **settings})
        made = self.accounts.create(self.owner_id, body)
        url = f"{self.webhook_url}/channels/{self.channel}/{made['id']}/webhook"
        self.ask("PUT", f"/accounts/{theirs['id']}/webhook", url=url)
        return Account.get(made["id"], consistent_read=True)

    def new_person(self, account: Account, name: str = "Ann", **who: Any) -> "Person":
        person = self.ask("POST", "/people", channel=self.channel, name=name, **who)
        address = person.get("phone_number") or person.get("user_id") or person["id"]
        return Person(self, str(person["id"]), account, str(address))

    def said_to_us(self, count: int) -> list[Message]:
        """The first messages that contacts wrote, once there are so many; at other times `take_told` forgets them."""

        def found() -> list[Message]:
            told = [e.data for e in list(self.publisher.events) if e.type == "chat4all.message.accepted.v1"]
            messages = [Message.get(data["conversation_id"], data["seq"], consistent_read=True) for data in told]
            return [message for message in messages if message.sender_id != self.owner_id]

        until(lambda: len(found()) >= count, f"{count} messages: {self.answers}, {self.payloads.kept}")
        return found()

    def says(self, conversation_id: str, text: str, **fields: Any) -> Message:
        """The owner writes."""
        accepted = self.messaging.send(conversation_id, self.owner_id, text, **fields)
        return Message.get(conversation_id, accepted.seq, consistent_read=True)

    def deliver(self, person: "Person", said: Message, **changes: Any) -> None:
        """Give the connector the router's request for `said`, and apply what it reports."""
        self.connector.handle(request_record(person, said, **changes), lambda: 60_000)
        self.apply()

    def apply(self) -> None:
        """Apply what was reported so far, as its consumer does."""
        for event in list(self.publisher.events):
            if event.topic is Topic.STATUS_UPDATES:
                self.applied.apply(decode(event.topic, encode(event))["data"])

    def status_of(self, person: "Person", said: Message, part: int = 0) -> str:
        """Of the delivery, when all that was reported is applied."""
        self.apply()
        return str(delivery_of(person, said, part).status)

    def act(self, person: "Person", action: Action) -> None:
        """As channel actions do it."""
        self.sender.act(person.target, action)

    async def take_webhook(self, request: web.Request) -> web.Response:
        """As the functions behind the gateway would."""
        account_id, headers = request.match_info["account_id"], {k.lower(): v for k, v in request.headers.items()}
        body, query = await request.read(), dict(request.query)
        try:
            if request.method == "GET":
                return web.Response(text=await asyncio.to_thread(self.receiver.challenge, account_id, query))
            await asyncio.to_thread(self.receiver.receive, account_id, headers, body)
        except DomainError as error:
            self.answers.append(status_of(error).value)
            return web.Response(status=status_of(error).value)
        self.answers.append(200)
        self.bodies.append(json.loads(body))
        return web.json_response({})


@dataclass
class Person:
    """A person's phone in a chat with the account."""

    world: GraphWorld
    id: str
    account: Account
    address: str
    """As our account knows them."""

    @property
    def path(self) -> str:
        return f"/people/{self.id}/chats/{self.account.settings[OWN_ID[self.world.channel]]}"

    def says(self, text: str | None = None, **content: Any) -> dict[str, Any]:
        """What was sent."""
        body = ({"text": text} if text else {}) | content
        sent: dict[str, Any] = self.world.ask("POST", f"{self.path}/messages", **body)
        return sent

    def does(self, method: str, path: str, **body: Any) -> Any:
        """Under the chat."""
        return self.world.ask(method, f"{self.path}{path}", **body)

    def messages(self) -> list[dict[str, Any]]:
        return list(self.world.ask("GET", f"{self.path}/messages")["items"])

    def heard(self) -> list[dict[str, Any]]:
        """From the account, in order."""
        return [message for message in self.messages() if message["from"] == "account"]

    def has(self, filename: str, content_type: str, data: bytes) -> str:
        """media_id of a file on their phone."""
        url = f"{self.world.phones_url}/people/{self.id}/uploads/{filename}"
        answer = self.world.http.put(url, content=data, headers={"Content-Type": content_type})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["media_id"])

    @property
    def target(self) -> Target:
        """As calls to the provider name them."""
        return Target(self.account.id, self.account.settings, self.address, {}, lambda: 60_000)

    @property
    def user_id(self) -> str:
        """Ours, as requests name it."""
        return str(uuid.uuid5(uuid.NAMESPACE_URL, self.id))


def request_record(
    person: Person, said: Message, *, last: bool = False, sender_name: str | None = None, **message: Any
) -> Record:
    """`chat4all.delivery.requested.v1` for a message, as the consumer gets it; `message` replaces what it says."""
    data = {
        "conversation_id": said.conversation_id,
        "seq": int(said.seq),
        "message_id": said.message_id,
        "sender_id": said.sender_id,
        "recipient_id": person.user_id,
        "channel": person.world.channel,
        "account_id": person.account.id,
        "address": person.address,
        "sender_name": sender_name,
        "message": {
            "type": said.type,
            "content": said.content,
            "reply_to": said.reply_to,
            "created_at": rfc3339(int(said.created_at)),
            **message,
        },
    }
    event = {"type": "chat4all.delivery.requested.v1", "subject": said.conversation_id, "data": data}
    topic = f"chat4all.outbound.{person.world.channel}"
    return Record(topic, 0, 0, said.conversation_id, json.loads(json.dumps(event)), is_last_try=last)


def delivery_of(person: Person, said: Message, part: int = 0) -> Delivery:
    """As it stands."""
    key = delivery_key(int(said.seq), person.user_id, person.world.channel, person.account.id, part)
    return Delivery.get(said.conversation_id, key, consistent_read=True)


def reports(events: list[Event]) -> list[str]:
    """Statuses that were reported."""
    return [event.data["status"] for event in events if event.topic is Topic.STATUS_UPDATES]


@contextmanager
def running_graph_world(channel: str, folder: Path, owner_id: str, users: Users) -> Iterator[GraphWorld]:
    """A world that ends with the block."""
    world: list[GraphWorld] = []

    async def take_webhook(request: web.Request) -> web.Response:
        return await world[0].take_webhook(request)

    with ExitStack() as ends:
        simulators, url = ends.enter_context(running_simulators(folder, channel, take_webhook, first_retry_s=0.05))
        media = Media(ends.enter_context(recorded_server()))
        world.append(GraphWorld(channel, simulators, url, owner_id, users, media))
        ends.callback(world[0].http.close)
        ends.callback(world[0].sender.close)
        yield world[0]
