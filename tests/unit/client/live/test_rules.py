"""What frames do to what is held: in whatever order and however often they come, the end is the same."""

import json
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat4all_client.live.conversation import Conversation, Unread, adopted, described, marked, unread_count
from chat4all_client.live.frames import Changed, Entry, Failure, Reply, TokenExpiring, Unknown, parse, parse_all
from chat4all_client.live.marks import due, read_up_to
from chat4all_client.live.merging import merged, with_reactions
from chat4all_client.live.numbers import Numbers
from chat4all_client.live.standing import higher, status_of

Json = dict[str, Any]
MESSAGE: Json = {
    "message_id": "m",
    "conversation_id": "c",
    "seq": 1,
    "sender_id": "ana",
    "type": "text",
    "content": "one",
}
MESSAGE |= {"reactions": {}, "created_at": "2026-01-01T00:00:00.000Z"}
EDITED = MESSAGE | {"content": "two", "revision": 2}
AGAIN = MESSAGE | {"content": "three", "revision": 5, "reactions": {"👍": ["bob"]}, "reactions_version": 1}
GONE = {name: value for name, value in MESSAGE.items() if name != "content"} | {"revision": 7, "deleted_at": "later"}
LIKED: Json = {"message_id": "m", "reactions": {"👍": ["bob"]}, "reactions_version": 1}
UNLIKED: Json = {"message_id": "m", "reactions": {}, "reactions_version": 2}


@settings(deadline=None)
@given(st.permutations(range(1, 9)), st.randoms())
def test_numbers_reach_the_end_in_any_order(order: list[int], chance: Random) -> None:
    numbers = Numbers()
    for position, seq in enumerate([*order, *chance.choices(order, k=3)]):
        numbers = numbers.counted(seq)
        seen = set(order[: position + 1])
        assert numbers.through == next(n for n in range(9) if n + 1 not in seen)
    assert numbers == Numbers(8)


def test_a_void_is_passed_by_what_a_sync_says() -> None:
    numbers = Numbers(3).counted(5).counted(7)
    assert numbers == Numbers(3, (5, 7))
    assert numbers.complete(4) == Numbers(5, (7,))
    assert numbers.complete(2) is numbers
    assert not numbers.complete(6).has_hole


@settings(deadline=None)
@given(st.permutations([MESSAGE, EDITED, AGAIN, LIKED, UNLIKED]))
def test_the_newest_state_stays_whatever_comes_when(order: list[Json]) -> None:
    held: Json = MESSAGE
    for told in order:
        held = merged(held, told) if "seq" in told else with_reactions(held, told)
    assert (held["content"], held["reactions"], held["reactions_version"]) == ("three", {}, 2)


@settings(deadline=None)
@given(st.permutations([MESSAGE, EDITED, GONE, LIKED]))
def test_what_is_unsent_has_neither_content_nor_reactions(order: list[Json]) -> None:
    held = MESSAGE
    for told in order:
        held = merged(held, told) if "seq" in told else with_reactions(held, told)
    assert "content" not in held
    assert held["reactions"] == {}


def test_a_status_stays_where_a_change_has_none_and_never_falls() -> None:
    held = merged(MESSAGE | {"status": "read"}, EDITED)
    assert held["status"] == "read"
    assert merged(held, EDITED | {"status": "sent"}) is held
    assert (higher("failed", "delivered"), higher("failed", "sent"), higher(None, "sent")) == (
        "delivered",
        "failed",
        "sent",
    )


@pytest.mark.parametrize(
    ("members", "reports", "status"),
    [
        ({"bob": (1, 1), "cy": (1, 0)}, {}, "delivered"),
        ({"bob": (1, 1), "cy": (0, 0)}, {}, "sent"),
        ({"bob": (1, 1), "cy": (1, 1)}, {}, "read"),
        ({"bob": (0, 0)}, {"bob": {"whatsapp": "read"}}, "read"),
        ({}, {}, "sent"),
    ],
)
def test_an_own_message_stands_where_its_slowest_recipient_does(
    members: dict[str, tuple[int, int]], reports: dict[str, dict[str, str]], status: str
) -> None:
    known = {
        user_id: {"channels": ["in_app"], "delivered_seq": delivered, "read_seq": read}
        for user_id, (delivered, read) in members.items()
    }
    assert status_of(MESSAGE | {"status": "sent"}, known, reports) == status


def test_a_bot_channel_that_reports_no_more_than_sent_holds_nobody_back() -> None:
    members: dict[str, Json] = {
        "bob": {"channels": ["telegram"]},
        "cy": {"channels": ["in_app"], "delivered_seq": 1, "read_seq": 1},
    }
    assert status_of(MESSAGE, members, {"bob": {"telegram": "sent"}}) == "read"
    assert status_of(MESSAGE | {"local": "sending"}, members, {}) == "sending"


def test_a_document_and_events_may_come_in_any_order() -> None:
    document: Json = {"id": "c", "last_seq": 5, "title": "t", "unread_count": 2, "read_seq": 3, "delivered_seq": 3}
    document["members"] = [{"user_id": "bob", "role": "member", "delivered_seq": 2, "read_seq": 1}]
    held = described(adopted(document, 100), document)
    assert (held.numbers.through, held.loaded_from, held.is_stale) == (0, 1, False)
    assert adopted(document, 0).loaded_from == 6
    risen = marked(held, "bob", 4, 4, is_own=False)
    assert described(risen, document).members["bob"]["read_seq"] == 4
    assert marked(risen, "bob", 1, 1, is_own=False) == risen
    assert marked(risen, "me", 5, 5, is_own=True).read_told == 5


def test_unread_is_counted_here_where_all_is_held_and_there_where_not() -> None:
    held = Conversation("c", {}, Numbers(10), loaded_from=1, read_seq=4)
    assert unread_count(held, 3, 0) == 3
    elsewhere = Conversation("c", {}, Numbers(10), loaded_from=11, read_seq=4, unread=Unread(6, 4, 10))
    assert unread_count(elsewhere, 0, 2) == 8
    assert unread_count(Conversation("c", {}, unread=Unread(100, 0, 10), loaded_from=11), 0, 50) == 100


def test_what_the_server_is_told_of_marks() -> None:
    held = Conversation("c", {}, Numbers(10, (12,)), read_seq=4, read_told=4, delivered_told=4)
    assert due(held, 4) is None
    told = due(held, 9)
    assert told is not None
    assert told.body() == {"delivered_seq": 9}
    risen = read_up_to(held, 99)
    assert risen is not None
    assert risen.read_seq == 12
    told = due(risen, 9)
    assert told is not None
    assert told.body() == {"read_seq": 12}
    assert read_up_to(held, 3) is None


@pytest.mark.parametrize(
    ("frame", "kind"),
    [
        ({"type": "ack", "id": "r1", "data": {}}, Reply),
        ({"type": "error", "id": "r1", "error": {"status": 400}}, Reply),
        ({"type": "error", "id": None, "error": {"status": 401, "code": "session_ended"}}, Failure),
        ({"message": "Internal server error", "connectionId": "x", "requestId": "y"}, Failure),
        ({"type": "message.created", "conversation_id": "c", "seq": 1, "data": MESSAGE}, Entry),
        ({"type": "message.created", "conversation_id": "other", "seq": 1, "data": MESSAGE}, Unknown),
        ({"type": "message.created", "conversation_id": "c", "seq": True, "data": MESSAGE}, Unknown),
        ({"type": "message.created", "conversation_id": "c", "seq": 2**60, "data": MESSAGE}, Unknown),
        (
            {
                "type": "message.updated",
                "conversation_id": "c",
                "seq": 9,
                "data": {"message_id": "m", "truncated": ["content"]},
            },
            Entry,
        ),
        ({"type": "reaction.updated", "conversation_id": "c", "seq": 9, "data": {"message_id": "m"}}, Unknown),
        ({"type": "member.updated", "conversation_id": "c", "data": {}}, Changed),
        ({"type": "token.expiring", "data": {"expires_at": "soon"}}, TokenExpiring),
        ({"type": "poll.created", "conversation_id": "c"}, Unknown),
        (7, Unknown),
        ({"type": [1]}, Unknown),
    ],
)
def test_a_frame_is_what_it_says_or_unknown(frame: Any, kind: type) -> None:
    assert isinstance(parse(frame), kind)


@settings(deadline=None)
@given(st.binary() | st.text() | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps))
def test_no_message_is_an_error(message: str | bytes) -> None:
    assert all(isinstance(frame, Unknown) for frame in parse_all(message))


def test_a_message_holds_one_frame_or_several_in_order() -> None:
    one = {"type": "message.created", "conversation_id": "c", "seq": 1, "time": "", "data": MESSAGE}
    two = {"type": "message.updated", "conversation_id": "c", "seq": 2, "time": "", "data": EDITED}
    assert parse_all(json.dumps(one)) == [parse(one)]
    assert parse_all(json.dumps([one, two])) == [parse(one), parse(two)]
    assert [type(frame) for frame in parse_all(json.dumps([one, 5]))] == [Entry, Unknown]
    assert [type(frame) for frame in parse_all("[")] == [Unknown]
    assert [type(frame) for frame in parse_all(b"[1")] == [Unknown]
