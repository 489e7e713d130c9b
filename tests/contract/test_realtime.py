"""Fan-out through the real gateway of local/: who gets what, in which order, and who holds up nobody."""

import random
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from chat4all.client_events import receipt_updated, typing
from chat4all.clock import now_ms
from chat4all.connections import Connections
from chat4all.errors import Unavailable
from chat4all.kafka.events import Event
from chat4all.realtime import Realtime
from chat4all.session_ends import SessionEnds
from chat4all.stores.presence import Presence
from chat4all.stores.table import bind
from chat4all.websocket.push import Push
from local.websocket_api.limits import Limits
from tests.contract.conftest import DynamoDb
from tests.contract.messaging import new_user, records
from tests.contract.push_world import Client, Gateway, gateway, message

ROOM = 64 * 1024
"""For a client that does not read."""
AWAY = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def patience(dynamodb: DynamoDb, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that is busy with other tests is not a client that does not read."""
    bind(dynamodb.table_prefix)
    monkeypatch.setattr("chat4all.websocket.push.TIMEOUT_S", 20.0)
    monkeypatch.setattr("chat4all.websocket.lanes.PATIENCE_S", 20.0)


@pytest.fixture(scope="module")
def open_gateway() -> Iterator[Gateway]:
    with gateway(Limits(outgoing_bytes=ROOM)) as running:
        yield running


def realtime(push: Push) -> Realtime:
    connections = Connections()
    return Realtime(connections, push, SessionEnds(connections, push))


def presence(user_id: str) -> set[str]:
    return set(Presence.get(user_id, consistent_read=True).connections.as_dict())


def seqs(client: Client, conversation: str) -> list[int]:
    return [frame["seq"] for frame in client.frames() if frame.get("conversation_id") == conversation]


def test_a_group_of_a_hundred_is_told_in_order_on_each_connection_whatever_the_batches(open_gateway: Gateway) -> None:
    users = [new_user() for _ in range(100)]
    clients = open_gateway.connect(users)
    conversations = [str(uuid.uuid4()) for _ in range(3)]
    chance = random.Random(8)

    def partition(conversation: str) -> None:
        """One of the topic's: its batches come one after the other."""
        tells, told = realtime(open_gateway.push()), 0
        while told < 8:
            count = min(8 - told, chance.randint(1, 4))
            tells.tell(records([message(conversation, users, told + 1 + n) for n in range(count)]))
            told += count

    with ThreadPoolExecutor(len(conversations)) as partitions:
        list(partitions.map(partition, conversations))
    open_gateway.until(lambda: all(len(client.frames()) == 24 for client in clients), "24 for each")
    for client in clients:
        for conversation in conversations:
            assert seqs(client, conversation) == list(range(1, 9))


def test_what_a_later_one_says_is_not_told(open_gateway: Gateway) -> None:
    ana, bob = new_user(), new_user()
    clients = open_gateway.connect([ana, bob])
    conversation = str(uuid.uuid4())

    def receipt(read_seq: int) -> Event:
        data = {"user_id": bob, "delivered_seq": 9, "read_seq": read_seq, "version": read_seq}
        return receipt_updated(conversation, [ana, bob], data)

    events = [receipt(1), typing(conversation, [ana], bob, 6), receipt(2), receipt(4), receipt(3)]
    events += [message(conversation, [bob, ana], 1), receipt(5), typing(conversation, [ana], bob, 6)]
    realtime(open_gateway.push()).tell(records(events))
    open_gateway.until(lambda: len(clients[0].frames()) == 3 and len(clients[1].frames()) == 2, "what is left")
    assert [frame["type"] for frame in clients[0].frames()] == ["message.created", "receipt.updated", "typing"]
    assert clients[1].frames()[-1]["data"]["read_seq"] == 5


def test_those_who_do_not_read_are_closed_and_the_others_get_everything(open_gateway: Gateway) -> None:
    users = [new_user() for _ in range(40)]
    stalled = open_gateway.connect(users[:20], stalled=True)
    reading = open_gateway.connect(users)  # each of the stalled ones has another device, which reads
    conversation, tells, count = str(uuid.uuid4()), realtime(open_gateway.push()), 0
    while any(map(open_gateway.is_open, stalled)):
        assert count < 40
        count += 1
        tells.tell(records([message(conversation, users, count, "x" * 50_000)]))
        wanted = list(range(1, count + 1))
        open_gateway.until(lambda: all(seqs(c, conversation) == wanted for c in reading), f"message {count}")  # noqa: B023
    for client in stalled + reading:
        assert open_gateway.is_open(client) is (client in reading)
    assert all(presence(client.user_id) == {client.connection_id} for client in reading)


def test_a_buffer_that_is_full_is_tried_once_more_and_all_of_them_wait_together(
    open_gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("chat4all.realtime.time.sleep", pauses.append)
    users = [new_user() for _ in range(20)]
    clients = open_gateway.connect(users)
    open_gateway.refuses |= {client.connection_id: 1 for client in clients[:10]}
    events = [message(str(uuid.uuid4()), users, 1), message(str(uuid.uuid4()), users, 1)]
    realtime(open_gateway.push()).tell(records(events))
    open_gateway.until(lambda: all(len(client.frames()) == 2 for client in clients), "both, for all")
    assert len(pauses) == 1
    assert all(map(open_gateway.is_open, clients))


def test_of_those_whom_the_gateway_does_not_answer_for_the_others_hear_nothing(
    open_gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are given up, and forgotten where they cannot be closed: their next heartbeat has them sync."""
    monkeypatch.setattr("chat4all.websocket.lanes.PATIENCE_S", 3.0)
    users = [new_user() for _ in range(80)]
    silent = open_gateway.connect(users[:30])
    answered = open_gateway.connect(users[30:])
    open_gateway.silent |= {client.connection_id for client in silent}
    conversation = str(uuid.uuid4())
    realtime(open_gateway.push()).tell(records([message(conversation, users, 1), message(conversation, users, 2)]))
    open_gateway.until(lambda: all(seqs(c, conversation) == [1, 2] for c in answered), "the others")
    assert all(presence(client.user_id) == set() for client in silent)
    assert all(presence(client.user_id) == {client.connection_id} for client in answered)


def test_one_who_has_left_is_forgotten_and_the_other_devices_get_it(open_gateway: Gateway) -> None:
    ana = new_user()
    left, stays, opening = (open_gateway.connect([ana])[0] for _ in range(3))
    for client in (left, opening):
        open_gateway.end(client)
    old = {"at": now_ms() - 600_000}
    entries = {client.connection_id: {"at": now_ms()} for client in (stays, opening)} | {left.connection_id: old}
    Presence(ana, connections=entries).save()
    conversation = str(uuid.uuid4())
    realtime(open_gateway.push()).tell(records([message(conversation, [ana], 1), message(conversation, [ana], 2)]))
    open_gateway.until(lambda: seqs(stays, conversation) == [1, 2], "both")
    assert presence(ana) == {stays.connection_id, opening.connection_id}, "API Gateway says 410 until it is open"


def test_to_a_connection_whose_token_has_ended_goes_only_why_it_is_closed(open_gateway: Gateway) -> None:
    ana = new_user()
    expired, good = (open_gateway.connect([ana])[0] for _ in range(2))
    untils = {expired.connection_id: now_ms() - 1, good.connection_id: now_ms() + 60_000}
    entries = {connection_id: {"at": now_ms(), "until": until} for connection_id, until in untils.items()}
    Presence(ana, connections=entries).save()
    conversation = str(uuid.uuid4())
    realtime(open_gateway.push()).tell(records([message(conversation, [ana], 1)]))
    open_gateway.until(lambda: seqs(good, conversation) == [1] and bool(expired.texts), "both told")
    open_gateway.until(lambda: not open_gateway.is_open(expired), "closed")
    assert [frame["error"]["code"] for frame in expired.frames()] == ["token_expired"]
    assert presence(ana) == {good.connection_id}


def test_where_the_gateway_is_away_the_batch_comes_again(open_gateway: Gateway) -> None:
    users = [new_user(), new_user()]
    clients = open_gateway.connect(users)
    events = [message(str(uuid.uuid4()), users, 1)]
    with pytest.raises(Unavailable, match="2 connections"):
        realtime(Push(AWAY)).tell(records(events))
    assert all(presence(client.user_id) == {client.connection_id} for client in clients)
    realtime(open_gateway.push()).tell(records(events))
    open_gateway.until(lambda: all(client.frames() for client in clients), "told")


def test_one_that_is_poison_has_its_audience_sync(open_gateway: Gateway) -> None:
    ana = new_user()
    clients = [open_gateway.connect([ana])[0] for _ in range(2)]
    Presence(ana, connections={client.connection_id: {"at": now_ms()} for client in clients}).save()
    realtime(open_gateway.push()).have_them_sync(records([message(str(uuid.uuid4()), [ana], 1)])[0])
    open_gateway.until(lambda: not any(map(open_gateway.is_open, clients)), "closed")
    assert presence(ana) == set()


def test_what_is_larger_than_the_gateway_takes_comes_without_its_content(open_gateway: Gateway) -> None:
    ana = new_user()
    (client,) = open_gateway.connect([ana])
    conversation = str(uuid.uuid4())
    realtime(open_gateway.push()).tell(records([message(conversation, [ana], 1, "\x01" * 30_000)]))
    open_gateway.until(lambda: bool(client.frames()), "told")
    (frame,) = client.frames()
    assert (frame["seq"], frame["data"]["truncated"]) == (1, ["content"])
    assert "content" not in frame["data"]


def test_who_takes_several_events_in_a_message_is_posted_to_once_a_batch(open_gateway: Gateway) -> None:
    users = [new_user() for _ in range(10)]
    one_by_one, in_batches = open_gateway.connect(users), open_gateway.connect(users, takes_batches=True)
    conversation, other = str(uuid.uuid4()), str(uuid.uuid4())
    events = [message(conversation, users, n + 1, "x" * 5_000) for n in range(8)] + [message(other, users, 1)]
    before = len(open_gateway.asked)
    realtime(open_gateway.push()).tell(records(events))
    open_gateway.until(lambda: all(len(c.frames()) == 9 for c in one_by_one + in_batches), "all, for all")
    assert all(client.frames() == one_by_one[0].frames() for client in one_by_one + in_batches)
    assert {len(client.texts) for client in in_batches} == {2}, "32 KB and the rest"
    assert len(open_gateway.asked) - before == 10 * 9 + 10 * 2
