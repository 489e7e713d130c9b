"""The fifth channel (tests/channels/sms) on the real engine: a gateway that is called over HTTP, our receiver and connector."""

import hmac
import json
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from chat4all.channels.channel import Channel
from chat4all.channels.connector import Connector
from chat4all.channels.media import MediaStore
from chat4all.channels.receiver import Receiver
from chat4all.channels.shaping import Shaping
from chat4all.circuit_breakers import CircuitBreakers
from chat4all.clock import now_ms, rfc3339
from chat4all.delivery_status import DeliveryStatuses
from chat4all.file_bucket import FileBucket
from chat4all.kafka.events import Event, decode, encode
from chat4all.kafka.record import Record
from chat4all.kafka.topics import Topic
from chat4all.stores.accounts import Account, account_claim
from chat4all.stores.deliveries import Delivery
from chat4all.stores.messages import Message
from chat4all.stores.table import bind
from chat4all.stores.users import UniqueName
from chat4all.users import Users
from tests.contract.channel_world import NEVER_OPENS, happenings_of, users_of
from tests.contract.conftest import DynamoDb
from tests.contract.kept_payloads import KeptPayloads
from tests.contract.messaging import Messaging
from tests.contract.provider_accounts import stored_account

SMS = Channel("sms", "tests.channels.sms")
KEY = "k-e-y"


@dataclass
class Gateway:
    """What the connector calls: keeps what it took, answers as it is told."""

    url: str = ""
    taken: list[dict[str, Any]] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    """Status and headers of the next answers; 200 when there are none."""

    def answer(self, body: dict[str, Any]) -> tuple[int, dict[str, str], dict[str, Any]]:
        status, headers = self.answers.pop(0) if self.answers else (200, {})
        if status != 200:
            return status, headers, {"error": "no"}
        self.taken.append(body)
        return status, headers, {"id": f"s{len(self.taken)}"}

    @property
    def texts(self) -> list[str]:
        return [body["text"] for body in self.taken]


@contextmanager
def running_gateway() -> Iterator[Gateway]:
    """A gateway that ends with the block."""
    gateway = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            status, headers, document = gateway.answer(body)
            data = json.dumps(document).encode()
            self.send_response(status)
            for name, value in {**headers, "content-length": str(len(data))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    gateway.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield gateway
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class SmsWorld:
    """Everything of one test."""

    gateway: Gateway
    owner_id: str
    users: Users
    messaging: Messaging = field(default_factory=Messaging)
    payloads: KeptPayloads = field(default_factory=KeptPayloads)
    fuzzed: Account | None = None
    """Whose webhook a test calls again and again."""

    def __post_init__(self) -> None:
        publisher = self.messaging.publisher
        self.receiver = Receiver(SMS, happenings_of(self.messaging, self.users), self.payloads, self.messaging.limiter)
        self.applied = DeliveryStatuses(publisher)
        self.connector = self.new_connector()

    def new_connector(self) -> Connector:
        """That of another environment."""
        media = MediaStore(FileBucket(""), "", 60)
        breakers = CircuitBreakers(NEVER_OPENS)
        self.sender = SMS.sender(media)
        return Connector(
            SMS,
            self.sender,
            media,
            self.messaging.publisher,
            breakers,
            Shaping(self.messaging.limiter, sleep=lambda _: None),
        )

    def new_account(self, number: str | None = None, key: str = KEY) -> Account:
        settings = {
            "number": number or str(uuid.uuid4().int % 10**12 + 10**12),
            "token": "t",
            "signing_key": key,
            "api_base": self.gateway.url,
        }
        account = stored_account("sms", settings, owner_id=self.owner_id)
        UniqueName(account_claim("sms", settings["number"]), user_id=account.id).save()
        return account

    def post(self, account: Account, document: Any, *, key: str = KEY) -> None:
        """What the gateway posts, signed."""
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        self.receiver.receive(account.id, {"x-sms-signature": signature(body, key)}, body)

    def hears(self, account: Account, address: str, text: str, external_id: str) -> Message:
        """A contact writes; the message that it became."""
        entry = {"id": external_id, "to": account.settings["number"], "from": address, "text": text}
        self.post(account, {"messages": [entry]})
        accepted = [e.data for e in self.messaging.publisher.take() if e.type == "chat4all.message.accepted.v1"]
        return Message.get(accepted[-1]["conversation_id"], accepted[-1]["seq"], consistent_read=True)

    def says(self, conversation_id: str, text: str, **fields: Any) -> Message:
        """The owner writes."""
        accepted = self.messaging.send(conversation_id, self.owner_id, text, **fields)
        return Message.get(conversation_id, accepted.seq, consistent_read=True)

    def deliver(
        self, account: Account, address: str, said: Message, *, last: bool = False, connector: Connector | None = None
    ) -> list[Event]:
        """Give the connector the router's request for `said`; what it reported, which is applied too."""
        self.messaging.publisher.take()
        (connector or self.connector).handle(request_record(account, address, said, last=last), lambda: 60_000)
        return self.apply()

    def apply(self) -> list[Event]:
        """Apply what was reported, as its consumer does; the reports."""
        reports = [e for e in self.messaging.publisher.take() if e.topic is Topic.STATUS_UPDATES]
        for report in reports:
            self.applied.apply(decode(report.topic, encode(report))["data"])
        return reports

    def report(self, account: Account, address: str, external_id: str, state: str, **more: Any) -> list[Event]:
        """What the gateway reports; it is applied too."""
        number = account.settings["number"]
        entry = {"id": external_id, "from": number, "to": address, "state": state, "at": now_ms(), **more}
        self.post(account, {"reports": [entry]})
        return self.apply()


@contextmanager
def running_sms_world(dynamodb: DynamoDb) -> Iterator[SmsWorld]:
    """A world that ends with the block."""
    users = users_of(dynamodb)
    with running_gateway() as gateway:
        world = SmsWorld(gateway, users.create_guest("Owner"), users)
        bind(dynamodb.table_prefix)
        yield world
        world.sender.close()


def signature(body: bytes, key: str = KEY) -> str:
    """Of a body, as the gateway makes it."""
    return hmac.digest(key.encode(), body, "sha256").hex()


def recipient_id(address: str) -> str:
    """A user id for an address."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, address))


def request_record(account: Account, address: str, said: Message, *, last: bool = False) -> Record:
    """`chat4all.delivery.requested.v1` for a message, as the consumer gets it."""
    data = {
        "conversation_id": said.conversation_id,
        "seq": int(said.seq),
        "message_id": said.message_id,
        "sender_id": said.sender_id,
        "recipient_id": recipient_id(address),
        "channel": "sms",
        "account_id": account.id,
        "address": address,
        "message": {
            "type": said.type,
            "content": said.content,
            "reply_to": said.reply_to,
            "created_at": rfc3339(int(said.created_at)),
        },
    }
    event = {"type": "chat4all.delivery.requested.v1", "subject": said.conversation_id, "data": data}
    return Record("chat4all.outbound.sms", 0, 0, said.conversation_id, json.loads(json.dumps(event)), is_last_try=last)


def delivery(address: str, said: Message, part: int = 0) -> Delivery:
    """How it stands."""
    begin = f"{int(said.seq):012d}#{recipient_id(address)}#sms#"
    found = Delivery.query(said.conversation_id, Delivery.delivery_key.startswith(begin), consistent_read=True)
    return next(delivery for delivery in found if delivery.part == part)
