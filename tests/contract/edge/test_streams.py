"""StreamEvents on a real Kafka: what is told, in which order, and how a stream goes on."""

import asyncio
import uuid
from collections.abc import Callable
from typing import Any

import grpc
import pytest

from chat4all.clock import now_ms
from chat4all.kafka.events import encode
from chat4all.stores.sessions import Session
from edge.server import Edge
from edge.streams import follower, service
from tests.contract.edge.client import Client, events, first, info_of
from tests.contract.edge.conftest import Events, Signed, client_event

Connect = Callable[[str], Client]
SignIn = Callable[..., Signed]


def some_id() -> str:
    return str(uuid.uuid4())


async def until_seq(stream: Any, seq: int) -> list[Any]:
    """What is told up to the event with this number, without what streams tell of themselves."""
    found: list[Any] = []
    async for event in events(stream):
        if not event.type.startswith("stream."):
            found.append(event)
            if event.seq == seq:
                return found
    raise AssertionError(f"ended before {seq}")


async def ended(stream: Any) -> grpc.aio.AioRpcError:
    """The error with which a stream ends."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        async for _ in stream:
            pass
    return caught.value


async def test_one_is_told_what_is_for_one(connect: Connect, sign_in: SignIn, happenings: Events) -> None:
    ana, ben = sign_in(), sign_in()
    here = some_id()
    stream = connect(ana.token).stream()
    opened = await first(stream, "stream.opened")
    assert opened.cursor
    happenings.happen(here, ben.id, seq=1)
    happenings.happen(here, ben.id, ana.id, seq=2, message_id="m", content={"a": [1, None]})
    event = await first(stream, "message.created")
    assert (event.conversation_id, event.seq) == (here, 2)
    assert event.data.fields["content"].struct_value.fields["a"].list_value.values[0].number_value == 1
    assert event.time.seconds > 0
    stream.cancel()


async def test_filters(connect: Connect, sign_in: SignIn, happenings: Events) -> None:
    ana, wanted, other = sign_in(), some_id(), some_id()
    stream = connect(ana.token).stream(conversation_ids=[wanted], types=["message.created"])
    await first(stream, "stream.opened")
    happenings.happen(other, ana.id, seq=1)
    happenings.happen(wanted, ana.id, kind="typing", user_id="u", expires_in=6)
    happenings.happen(wanted, ana.id, seq=7)
    assert [(e.conversation_id, e.type) for e in await until_seq(stream, 7)] == [(wanted, "message.created")]
    stream.cancel()


async def test_a_cursor_goes_on_behind_its_event(connect: Connect, sign_in: SignIn, happenings: Events) -> None:
    """From each of them: nothing missing, nothing twice, whatever partitions it was in."""
    ana = sign_in()
    rooms = [some_id() for _ in range(5)]
    stream = connect(ana.token).stream()
    begun = (await first(stream, "stream.opened")).cursor
    for seq in range(1, 31):
        happenings.happen(rooms[seq % 5], ana.id, seq=seq)
    seen: list[Any] = []
    while len(seen) < 30:
        event = await first(stream, "message.created")
        seen.append(event)
    stream.cancel()
    assert sorted(event.seq for event in seen) == list(range(1, 31))
    for place in (-1, 0, 7, 28):
        cursor = begun if place < 0 else seen[place].cursor
        told = {event.seq for event in seen[: place + 1]}
        again = connect(ana.token).stream(cursor=cursor)
        rest: list[int] = []
        while len(rest) < 30 - len(told):
            rest.append((await first(again, "message.created")).seq)
        assert sorted(rest) == sorted(set(range(1, 31)) - told)
        again.cancel()


async def test_a_stream_that_goes_on_meets_the_tail(connect: Connect, sign_in: SignIn, happenings: Events) -> None:
    """Events go on while it catches up."""
    ana, here = sign_in(), some_id()
    stream = connect(ana.token).stream()
    cursor = (await first(stream, "stream.opened")).cursor
    stream.cancel()
    for seq in range(1, 301):
        happenings.producer.produce(
            "chat4all.events", key=here, value=encode(client_event(here, (ana.id,), seq, "message.created", {}))
        )
    happenings.producer.flush(60)

    async def go_on() -> None:
        for seq in range(301, 401):
            await asyncio.to_thread(happenings.happen, here, ana.id, seq=seq)

    going = asyncio.create_task(go_on())
    told = await until_seq(connect(ana.token).stream(cursor=cursor), 400)
    await going
    assert [event.seq for event in told] == list(range(1, 401))


async def test_a_slow_reader_holds_only_itself(
    connect: Connect, sign_in: SignIn, happenings: Events, edge: Edge
) -> None:
    """It reads nothing until far more has happened than is queued for it; then everything comes, in order."""
    ana, ben, here = sign_in(), sign_in(), some_id()
    slow, quick = connect(ana.token).stream(), connect(ben.token).stream()
    await first(slow, "stream.opened")
    await first(quick, "stream.opened")
    count, text = 4 * follower.EVENTS_MAX, "x" * 10_000
    for seq in range(1, count + 1):
        value = encode(client_event(here, (ana.id, ben.id), seq, "message.created", {"text": text}))
        happenings.producer.produce("chat4all.events", key=here, value=value)
    assert happenings.producer.flush(60) == 0
    assert [event.seq for event in await until_seq(quick, count)] == list(range(1, count + 1))
    assert [event.seq for event in await until_seq(slow, count)] == list(range(1, count + 1))
    assert edge.counts["streams_left_behind"] >= 1
    slow.cancel()
    quick.cancel()


async def test_what_nobody_can_read_is_passed_over(
    connect: Connect, sign_in: SignIn, happenings: Events, edge: Edge
) -> None:
    ana, here = sign_in(), some_id()
    stream = connect(ana.token).stream()
    cursor = (await first(stream, "stream.opened")).cursor
    happenings.put(here, b"", b"{", b"[]", b'{"specversion": "1.0"}', ana.id.encode(), b"\xff" * 100)
    happenings.happen(here, ana.id, seq=5)
    assert (await until_seq(stream, 5))[0].seq == 5
    stream.cancel()
    assert edge.counts["unreadable_events"] >= 6
    assert (await until_seq(connect(ana.token).stream(cursor=cursor), 5))[0].seq == 5


async def test_typing_that_is_over_is_not_told(connect: Connect, sign_in: SignIn, happenings: Events) -> None:
    ana, here = sign_in(), some_id()
    stream = connect(ana.token).stream()
    cursor = (await first(stream, "stream.opened")).cursor
    stream.cancel()
    event = client_event(here, (ana.id,), None, "typing", {"user_id": "u", "expires_in": 6})
    happenings.put(here, encode(event).replace(b'"time":"20', b'"time":"19'))
    happenings.happen(here, ana.id, seq=1)
    told = await until_seq(connect(ana.token).stream(cursor=cursor), 1)
    assert [one.type for one in told] == ["message.created"]


async def test_where_nothing_happens_the_cursor_goes_on(connect: Connect, sign_in: SignIn, happenings: Events) -> None:
    """Else it would grow older than the topic."""
    ana, ben = sign_in(), sign_in()
    stream = connect(ana.token).stream()
    opened = await first(stream, "stream.opened")
    for _ in range(3):
        happenings.happen(some_id(), ben.id, seq=1)
    cursor = opened.cursor
    while cursor == opened.cursor:
        cursor = (await first(stream, "stream.checkpoint")).cursor
    stream.cancel()


@pytest.mark.parametrize("cursor", ["", "nonsense", "AAAA", "x" * 20_000])
async def test_cursors_that_are_none(connect: Connect, sign_in: SignIn, cursor: str) -> None:
    error = await ended(connect(sign_in().token).stream(cursor=cursor))
    assert (error.code(), info_of(error).reason) == (grpc.StatusCode.INVALID_ARGUMENT, "invalid_cursor")


async def test_a_cursor_that_the_topic_has_nothing_behind(connect: Connect, sign_in: SignIn) -> None:
    from edge.streams.cursor import encode as cursor_of

    ana = sign_in()
    for positions in ({0: 10**12}, {0: 0, 1: 0, 2: 0, 3: 7}):
        error = await ended(connect(ana.token).stream(cursor=cursor_of(positions, ana.id)))
        assert (error.code(), info_of(error).reason) == (grpc.StatusCode.OUT_OF_RANGE, "cursor_too_old")
        assert "ListMessages" in (error.details() or "")


async def test_a_cursor_from_before_what_the_topic_keeps(
    connect: Connect, sign_in: SignIn, happenings: Events, kafka: Any
) -> None:
    from confluent_kafka import TopicPartition
    from confluent_kafka.admin import AdminClient

    from edge.streams.cursor import encode as cursor_of

    ana = sign_in()
    stream = connect(ana.token).stream()
    await first(stream, "stream.opened")
    for _ in range(12):
        happenings.happen(some_id(), ana.id, seq=1)
    admin = AdminClient({"bootstrap.servers": kafka.bootstrap_servers})
    deleted = admin.delete_records([TopicPartition("chat4all.events", number, 1) for number in range(3)])
    for future in deleted.values():
        future.result(30)
    error = await ended(connect(ana.token).stream(cursor=cursor_of({0: 0, 1: 0, 2: 0}, ana.id)))
    assert (error.code(), info_of(error).reason) == (grpc.StatusCode.OUT_OF_RANGE, "cursor_too_old")
    stream.cancel()


@pytest.mark.parametrize(
    ("fields", "detail"),
    [
        ({"conversation_ids": ["no uuid"]}, "/conversation_ids/0: must be a UUID"),
        ({"conversation_ids": [some_id() for _ in range(101)]}, "/conversation_ids: has 101 ids"),
        ({"types": ["message.created", "message.creatd"]}, "/types/1: is none that is streamed"),
    ],
    ids=["no uuid", "too many", "no type"],
)
async def test_filters_that_are_none(connect: Connect, sign_in: SignIn, fields: dict[str, Any], detail: str) -> None:
    error = await ended(connect(sign_in().token).stream(**fields))
    assert error.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert str(error.details()).startswith(detail)


async def test_without_a_token_that_is_good(connect: Connect, sign_in: SignIn) -> None:
    for token in ("", "nonsense", sign_in(lives_s=-5).token, sign_in().token[:-4] + "AAAA"):
        error = await ended(connect(token).stream())
        assert error.code() == grpc.StatusCode.UNAUTHENTICATED


async def test_a_token_that_ends(connect: Connect, sign_in: SignIn, happenings: Events) -> None:
    ana, here = sign_in(lives_s=4), some_id()
    stream = connect(ana.token).stream()
    warning = await first(stream, "token.expiring")
    assert warning.data.fields["expires_at"].string_value > "2026"
    error = await ended(stream)
    assert (error.code(), info_of(error).reason) == (grpc.StatusCode.UNAUTHENTICATED, "token_expired")
    happenings.happen(here, ana.id, seq=3)
    stream = connect(sign_in(again=ana).token).stream(cursor=info_of(error).metadata["cursor"])
    assert [event.seq for event in await until_seq(stream, 3)] == [3]
    stream.cancel()


async def test_a_session_that_ends(connect: Connect, sign_in: SignIn) -> None:
    ana = sign_in()
    stream = connect(ana.token).stream()
    await first(stream, "stream.opened")
    session = Session.get(ana.session_id)
    session.update([Session.revoked_at.set(now_ms())])
    error = await ended(stream)
    assert (error.code(), info_of(error).reason) == (grpc.StatusCode.UNAUTHENTICATED, "session_ended")


async def test_draining_ends_streams_with_a_cursor(
    connect: Connect, sign_in: SignIn, happenings: Events, edge: Edge
) -> None:
    ana, here = sign_in(), some_id()
    stream = connect(ana.token).stream()
    await first(stream, "stream.opened")
    happenings.happen(here, ana.id, seq=1)
    await until_seq(stream, 1)
    draining = asyncio.create_task(edge.drain())
    closing = await first(stream, "stream.closing")
    error = await ended(stream)
    await draining
    assert (error.code(), info_of(error).reason) == (grpc.StatusCode.UNAVAILABLE, "draining")
    assert info_of(error).metadata["cursor"] == closing.cursor


async def test_a_client_that_goes_leaves_nothing(connect: Connect, sign_in: SignIn, edge: Edge) -> None:
    stream = connect(sign_in().token).stream()
    await first(stream, "stream.opened")
    assert edge.tail.streams == 1
    stream.cancel()
    while edge.tail.streams:
        await asyncio.sleep(0.01)


async def test_who_opens_many_at_the_same_time_has_no_more_than_one_after_the_other(
    connect: Connect, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also with cursors, which are looked up before a stream begins."""
    monkeypatch.setattr(service, "STREAMS_OF_USER_MAX", 2)
    client = connect(sign_in().token)
    stream = client.stream()
    cursor = (await first(stream, "stream.opened")).cursor
    streams = [client.stream(cursor=cursor) for _ in range(8)]
    found = await asyncio.gather(*(first(each, "stream.opened") for each in streams), return_exceptions=True)
    refusals = [info_of(each).reason for each in found if isinstance(each, grpc.aio.AioRpcError)]
    assert refusals == ["too_many_streams"] * 7
    for each in (stream, *streams):
        each.cancel()
