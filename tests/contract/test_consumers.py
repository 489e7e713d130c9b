"""Each consumer as Lambda calls it: poison, drift and tombstones harm nobody else, and what comes twice is applied once."""

import base64
import json
import random
import uuid
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chat4all.bootstrap import App
from chat4all.channels.delivery_log import Answer
from chat4all.channels.fates import NotSent, TryAgain
from chat4all.channels.part_calls import PartCalls
from chat4all.channels.sending_tasks import Task
from chat4all.connections import Connections
from chat4all.file_bucket import FileBucket
from chat4all.kafka.events import encode
from chat4all.retries.retrier import Retrier
from chat4all.stores.deliveries import Delivery
from chat4all.stores.heads import Head
from chat4all.stores.retries import ParkedRecord, RetryLane
from chat4all.websocket.push import PushFailed
from tests.contract.conftest import DynamoDb
from tests.contract.consumer_events import (
    as_raws,
    created,
    delivery,
    event_of,
    raw,
    report,
    request,
    twice_in_bursts,
)
from tests.contract.handlers import Context, invoke
from tests.contract.messaging import Messaging, new_user
from tests.contract.provider_accounts import telegram_account
from tests.contract.retry_world import Called, Letters

pytestmark = pytest.mark.engines

ROOT = Path(__file__).resolve().parents[2]
CONSUMERS = {
    "router": "chat4all.messages",
    "realtime": "chat4all.events",
    "telegram_send": "chat4all.outbound.telegram",
    "delivery_status": "chat4all.status_updates",
    "media_fetch": "chat4all.inbound_media",
    "file_check": "chat4all.file_checks",
    "rule_actions": "chat4all.rule_actions",
    "webhook_dispatch": "chat4all.events",
    "webhook_send": "chat4all.webhooks",
}
ALL = sorted(CONSUMERS)


class Posted:
    """In the place of @connections: what each connection was sent."""

    def __init__(self) -> None:
        self.frames: list[tuple[str, Any]] = []
        self.closed: list[str] = []
        self.failing: dict[str, PushFailed] = {}
        """By connection."""
        self.can_close = True

    def post(self, connection_id: str, frame: bytes, tries: int) -> None:
        if connection_id in self.failing:
            raise self.failing[connection_id]
        self.frames.append((connection_id, json.loads(frame)))

    def close(self, connection_id: str) -> bool:
        if self.can_close:
            self.closed.append(connection_id)
        return self.can_close


@pytest.fixture
def letters(deployed: App, files_bucket: str, monkeypatch: pytest.MonkeyPatch) -> Letters:
    deployed.__dict__["file_bucket"] = FileBucket(files_bucket)
    monkeypatch.setattr(Context, "get_remaining_time_in_millis", lambda _: 60_000, raising=False)
    kept = deployed.__dict__["publisher"] = Letters()
    return kept


@pytest.fixture
def posted(deployed: App) -> Posted:
    made = deployed.__dict__["push"] = Posted()  # type: ignore[assignment]
    return made  # type: ignore[return-value]


@pytest.fixture
def messaging(letters: Letters) -> Messaging:
    return Messaging(publisher=letters)


@pytest.fixture(autouse=True)
def nothing_parked(dynamodb: DynamoDb) -> None:
    """By earlier tests, of other modules too."""
    dynamodb.clear("parked-records")
    dynamodb.clear("retry-lanes")


def sample(name: str) -> tuple[bytes, bytes]:
    """(value, key) of the function's sample event."""
    event = json.loads((ROOT / "events" / f"{name}.json").read_text())
    ((record,),) = event["records"].values()
    return base64.b64decode(record["value"]), base64.b64decode(record["key"])


def changed(name: str, **changes: Any) -> bytes:
    return json.dumps(json.loads(sample(name)[0]) | changes).encode()


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("kind", ["json", "cloudevent", "newer", "unknown", "schema", "no key", "other key", "huge"])
def test_poison_is_dead_with_its_cause_and_nothing_is_parked(
    letters: Letters, posted: Posted, name: str, kind: str
) -> None:
    value, key = sample(name)
    kind_of_sample = json.loads(value)["type"]
    values: dict[str, tuple[bytes, bytes | None, str]] = {
        "json": (b"{broken", key, "not JSON"),
        "cloudevent": (b"{}", key, "not a CloudEvent"),
        "newer": (changed(name, type=kind_of_sample.replace(".v1", ".v2")), key, "reads v2, then replay"),
        "unknown": (changed(name, type="chat4all.poem.written.v1"), key, "does not carry type"),
        "schema": (changed(name, data={}), key, "data."),
        "no key": (value, None, "has no key"),
        "other key": (value, b"another", "has the key 'another'"),
        "huge": (b'"' + b"x" * 900_000 + b'"', key, "not a CloudEvent"),
    }
    poison, its_key, cause = values[kind]
    topic = CONSUMERS[name]
    assert invoke(name, event_of([raw(topic, poison, its_key, 5)])) == {"batchItemFailures": []}
    (letter,) = letters.letters
    assert cause in letter.cause
    assert (letter.origin, letter.consumer, letter.value) == (f"{topic}-0@5", name, poison)
    assert list(ParkedRecord.scan()) == []


@pytest.mark.parametrize("name", ALL)
def test_tombstones_and_further_fields_are_no_poison(letters: Letters, posted: Posted, name: str) -> None:
    value, key = sample(name)
    document = json.loads(value)
    document["data"]["colour"] = "red"
    wider = json.dumps(document | {"extension": 1}).encode()
    topic = CONSUMERS[name]
    answer = invoke(name, event_of([raw(topic, None, key, 0), raw(topic, wider, key, 1)]))
    assert answer == {"batchItemFailures": []}
    assert letters.letters == []
    assert list(ParkedRecord.scan()) == []


@pytest.mark.parametrize("seed", range(3))
def test_the_router_gives_each_message_once_and_in_order(letters: Letters, messaging: Messaging, seed: int) -> None:
    raws: list[dict[str, Any]] = []
    conversations = []
    for partition in range(3):
        conversation = messaging.conversation(ana := new_user(), new_user())
        conversations.append(conversation)
        letters.take()
        for number in range(6):
            messaging.send(conversation, ana, str(number))
        raws += as_raws(letters.take(), partition)
    for event in twice_in_bursts(raws, seed):
        assert invoke("router", event) == {"batchItemFailures": []}
    told = letters.take()
    for conversation in conversations:
        seqs = [e.data["seq"] for e in told if e.conversation_id == conversation]
        assert seqs == [1, 2, 3, 4, 5, 6]
        assert int(Head.get(conversation).routed_through) == 6


@pytest.mark.parametrize("seed", range(3))
def test_realtime_pushes_in_order_and_again_only_what_comes_again(
    letters: Letters, posted: Posted, deployed: App, messaging: Messaging, seed: int
) -> None:
    bob, conversation = new_user(), str(uuid.uuid4())
    connection = f"connection-{uuid.uuid4()}"
    Connections().opened(bob, connection)
    events = [created(conversation, seq, bob) for seq in range(1, 7)]
    for event in twice_in_bursts(as_raws(events), seed):
        assert invoke("realtime", event) == {"batchItemFailures": []}
    seqs = [frame["seq"] for to, frame in posted.frames if to == connection]
    assert list(dict.fromkeys(seqs)) == [1, 2, 3, 4, 5, 6]
    assert len(seqs) == 12
    assert posted.closed == []


def test_who_can_be_neither_told_nor_closed_is_forgotten_where_others_were_told(
    letters: Letters, posted: Posted, deployed: App
) -> None:
    bob, conversation = new_user(), str(uuid.uuid4())
    phone, laptop = (f"connection-{uuid.uuid4()}" for _ in range(2))
    for connection in (phone, laptop):
        Connections().opened(bob, connection)
    posted.failing[phone], posted.can_close = PushFailed("503"), False
    event = event_of(as_raws([created(conversation, 1, bob)], at=7))
    assert invoke("realtime", event) == {"batchItemFailures": []}
    assert [to for to, _ in posted.frames] == [laptop], "the others do not wait for it"
    known = Connections().open_of([bob])[bob]
    assert [one.id for one in known] == [laptop], "its next heartbeat has it sync"


def test_what_reached_nobody_comes_again(letters: Letters, posted: Posted, deployed: App) -> None:
    bob, conversation = new_user(), str(uuid.uuid4())
    connections = {f"connection-{uuid.uuid4()}" for _ in range(2)}
    for connection in connections:
        Connections().opened(bob, connection)
        posted.failing[connection] = PushFailed("503")
    posted.can_close = False
    event = event_of(as_raws([created(conversation, 1, bob)], at=7))
    again = {"itemIdentifier": {"partition": "chat4all.events-0", "offset": 7}}
    assert invoke("realtime", event) == {"batchItemFailures": [again]}
    posted.failing.clear()
    assert invoke("realtime", event) == {"batchItemFailures": []}
    assert {to for to, _ in posted.frames} == connections
    assert (letters.letters, posted.closed) == ([], [])


@pytest.mark.parametrize(("is_transient", "can_close"), [(True, True), (False, True), (False, False)])
def test_a_client_that_was_closed_or_never_can_be_told_holds_up_nobody(
    letters: Letters, posted: Posted, deployed: App, is_transient: bool, can_close: bool
) -> None:
    bob, conversation = new_user(), str(uuid.uuid4())
    Connections().opened(bob, connection := f"connection-{uuid.uuid4()}")
    posted.failing[connection] = PushFailed("no", is_transient=is_transient)
    posted.can_close = can_close
    assert invoke("realtime", event_of(as_raws([created(conversation, 1, bob)]))) == {"batchItemFailures": []}
    assert posted.closed == [connection] * can_close
    assert letters.letters == []


def test_an_event_that_cannot_be_told_is_dead_and_its_audience_comes_back_to_sync(
    letters: Letters, posted: Posted, deployed: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    bob, conversation = new_user(), str(uuid.uuid4())
    Connections().opened(bob, connection := f"connection-{uuid.uuid4()}")
    good, bad = created(conversation, 1, bob), created(conversation, 2, bob)
    document = json.loads(encode(bad))
    document["data"]["data"]["content"] = "\ud800"  # JSON can say it, UTF-8 cannot
    raws = [*as_raws([good]), raw("chat4all.events", json.dumps(document).encode(), conversation.encode(), 1)]
    assert invoke("realtime", event_of(raws)) == {"batchItemFailures": []}
    assert [frame["seq"] for _, frame in posted.frames] == [1]
    assert posted.closed == [connection]
    assert "UnicodeEncodeError" in letters.letters[0].cause


@pytest.mark.parametrize("seed", range(3))
def test_statuses_rise_whatever_order_and_however_often_they_are_reported(
    letters: Letters, deployed: App, seed: int
) -> None:
    assert deployed.delivery_statuses is not None, "its table is bound"
    conversation, recipient = str(uuid.uuid4()), new_user()
    raws = []
    for partition, status in enumerate(("delivered", "sent", "read")):
        raws += as_raws([report(conversation, seq, recipient, status) for seq in (1, 2, 3)], partition)
    for seq in (1, 2, 3):
        delivery(conversation, seq, recipient).save()
    for event in twice_in_bursts(raws, seed):
        assert invoke("delivery_status", event) == {"batchItemFailures": []}
    assert [d.status for d in Delivery.query(conversation)] == ["read", "read", "read"]
    told: dict[int, list[str]] = {}
    for event in letters.take():
        told.setdefault(event.data["seq"], []).append(event.data["data"]["status"])
    rank = ["accepted", "sent", "delivered", "read"]
    for statuses in told.values():
        assert [rank.index(s) for s in statuses] == sorted(rank.index(s) for s in statuses)


@pytest.mark.parametrize("seed", range(3))
def test_the_connector_sends_once_and_in_order_for_each_recipient(
    letters: Letters, deployed: App, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    sent: list[tuple[str, str]] = []
    chance = random.Random(seed)

    def send(_self: PartCalls, task: Task, _number: int) -> Answer:
        if chance.random() < 0.3:
            raise NotSent(TryAgain("unreachable: by chance"))
        sent.append((task.recipient.address, task.log.request.message["content"]))
        return Answer(str(len(sent)), 1)

    monkeypatch.setattr(PartCalls, "alone", send)
    shop = telegram_account().id
    raws = []
    recipients = [str(random.Random(seed * 10 + n).randrange(10**9)) for n in range(3)]
    for partition, address in enumerate(recipients):
        conversation = str(uuid.uuid4())
        raws += as_raws([request(conversation, seq, shop, address) for seq in range(1, 7)], partition)
    for event in twice_in_bursts(raws, seed):
        assert invoke("telegram_send", event) == {"batchItemFailures": []}
    _retry_until_done(letters, deployed)
    for address in recipients:
        assert [text for to, text in sent if to == address] == [f"text {seq}" for seq in range(1, 7)]


def _retry_until_done(letters: Letters, deployed: App) -> None:
    called = Called("telegram_send", lambda event: invoke("telegram_send", event))
    retrier = Retrier(replace(deployed.settings, retry_first_s=0.01, retry_longest_s=0.01), called, letters)
    for _ in range(200):
        lanes = list(RetryLane.scan(consistent_read=True))
        if not lanes:
            return
        for lane in lanes:  # due now, whatever the first delay was
            lane.update([RetryLane.next_at.set(0)])
        retrier.retry_due()
    raise AssertionError("lanes are left")
