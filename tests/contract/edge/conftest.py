"""A Kafka for the streams of all tests here; each test has people of its own, and so sees nothing of the others'."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import Any

import grpc
import jwt
import pytest
from confluent_kafka import Producer

from chat4all.clock import now_ms
from chat4all.config import Settings
from chat4all.kafka.events import Event, encode
from chat4all.kafka.topics import Topic
from chat4all.stores.sessions import Session
from chat4all.stores.users import User
from edge.server import Edge, running
from edge.settings import EdgeSettings
from edge.streams.stream import Times
from tests.contract.conftest import DynamoDb
from tests.contract.edge.client import OPTIONS, Client
from tests.contract.edge.fake_api import FakeApi
from tests.local.kafka_broker import KafkaBroker

PARTITIONS = 3
NOWHERE = Settings(kafka_bootstrap_servers="127.0.0.1:1", issuer="http://127.0.0.1:8000")
"""Of an edge without Kafka."""


@dataclass
class Signed:
    """Somebody who is signed in."""

    id: str
    session_id: str
    token: str


@dataclass
class Events:
    """Puts client events on the topic."""

    producer: Producer

    def happen(
        self, conversation_id: str, *audience: str, seq: int | None = None, kind: str = "message.created", **data: Any
    ) -> None:
        """One event, acknowledged."""
        self.put(conversation_id, encode(client_event(conversation_id, audience, seq, kind, data)))

    def put(self, key: str, *values: bytes) -> None:
        """Records as they are."""
        for value in values:
            self.producer.produce(str(Topic.EVENTS), key=key, value=value)
        assert self.producer.flush(60) == 0


def client_event(
    conversation_id: str, audience: tuple[str, ...], seq: int | None, kind: str, data: dict[str, Any]
) -> Event:
    """What the router would publish, of whatever kind."""
    body: dict[str, Any] = {"audience": list(audience), "client_type": kind, "data": data}
    if seq is not None:
        body["seq"] = seq
    names = {"message.created": "chat4all.message.created.v1", "typing": "chat4all.typing.started.v1"}
    return Event(Topic.EVENTS, names[kind], conversation_id, body, now_ms())


@pytest.fixture(scope="package")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaBroker]:
    broker = KafkaBroker(tmp_path_factory.mktemp("kafka"))
    broker.start()
    broker.create_topic(str(Topic.EVENTS), PARTITIONS)
    yield broker
    broker.close()


@pytest.fixture
def happenings(kafka: KafkaBroker) -> Events:
    return Events(Producer({"bootstrap.servers": kafka.bootstrap_servers, "enable.idempotence": True}))


@pytest.fixture
def shared(kafka: KafkaBroker, dynamodb: DynamoDb, signing_secret: str) -> Settings:
    return Settings(
        kafka_bootstrap_servers=kafka.bootstrap_servers,
        table_prefix=dynamodb.table_prefix,
        issuer="http://127.0.0.1:8000",
        signing_secret=signing_secret,
        engine_timeout_s=60,
    )


@pytest.fixture
def sign_in(shared: Settings) -> Callable[..., Signed]:
    """Makes people with a session and an access token of `lives_s` seconds; `again`: a new one of the same user."""

    def make(lives_s: float = 1800, again: Signed | None = None) -> Signed:
        from chat4all.signing_keys import SigningKeys
        from chat4all.stores.signing_secret import SigningSecret

        user_id, session_id = again.id if again else str(uuid.uuid4()), str(uuid.uuid4())
        User(user_id, kind="user", username=f"u{user_id[:8]}", created_at=now_ms(), updated_at=now_ms()).save()
        Session(
            session_id,
            user_id=user_id,
            secret_hash="-",
            created_at=now_ms(),
            rotated_at=now_ms(),
            expires_at=now_ms() // 1000 + 9999,
            password_since=0,
        ).save()
        key, now = SigningKeys(SigningSecret(shared.signing_secret)).current(), now_ms() / 1000
        claims = {
            "iss": shared.issuer,
            "aud": shared.audience,
            "sub": user_id,
            "sid": session_id,
            "iat": int(now),
            "exp": int(now + lives_s),
        }
        token = jwt.encode(claims, key.private_pem, algorithm="RS256", headers={"kid": key.kid})
        return Signed(user_id, session_id, token)

    return make


@pytest.fixture
async def edge(shared: Settings) -> AsyncIterator[Edge]:
    """With short times, where a test waits for them."""
    api = FakeApi()
    await api.start()
    own = EdgeSettings(host="127.0.0.1", port=0, api_url=api.url, drain_s=5)
    async with running(own, shared, Times(checkpoint_s=0.5, session_s=0.5, warning_s=60)) as started:
        while not started.tail.is_ready:
            await asyncio.sleep(0.01)
        yield started
    await api.stop()


@pytest.fixture
async def connect(edge: Edge) -> AsyncIterator[Callable[[str], Client]]:
    """Clients with a token."""
    async with grpc.aio.insecure_channel(f"127.0.0.1:{edge.port}", options=OPTIONS) as channel:
        yield lambda token: Client(channel, token)
