"""What scripts/bench realtime takes, counts and checks."""

import argparse
import resource

import pytest

from tests.benchmarks.realtime.__main__ import _sockets
from tests.benchmarks.realtime.arrivals import SYNCED, Account, Arrivals, Ear, Told, account
from tests.benchmarks.realtime.coming_back import Return
from tests.benchmarks.realtime.fan_out import FanOut
from tests.benchmarks.realtime.report import Figures, table
from tests.benchmarks.realtime.room import NoRoom, make_room, source_addresses

ALL = ["a", "b", "c"]


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ([[(1, "a", 0), (2, "b", 0), (3, "c", 0)]], Account(0, 0, 0)),
        ([[(1, "a", 0), (3, "c", 0)], []], Account(4, 0, 0)),
        ([[(1, "a", 0), (1, "a", 0), (2, "b", 0), (3, "c", 0)]], Account(0, 1, 0)),
        ([[(1, "a", 0), (2, "b", 0), (1, "a", 0), (2, "b", 0), (3, "c", 0)]], Account(0, 2, 0)),
        ([[(1, "a", 0), (3, "c", 0), (2, "b", 0)]], Account(0, 0, 1)),
        ([[(1, "a", 0), (3, "c", 1), (2, "b", SYNCED)]], Account(0, 0, 0)),
        ([[(0, "of before", 0), (1, "a", 0), (2, "b", 0), (3, "c", 0)]], Account(0, 0, 0)),
    ],
)
def test_what_became_of_messages(told, found):
    assert account([[Told(*one) for one in everything] for everything in told], ALL) == found
    assert found.is_clean == (found.lost == found.out_of_order == 0)


async def test_a_message_has_arrived_when_every_listener_has_it():
    arrivals = Arrivals(2)
    frame = '{"type": "message.created", "seq": 4, "conversation_id": "x", "data": {"content": "hi"}}'
    arrivals.taken(0, frame, 1.0)
    arrivals.taken(0, '{"type": "typing", "data": {}}', 1.5)
    assert not await arrivals.until_all_have(["hi"], 0.0)
    arrivals.taken(1, frame.replace("message.created", "sync.message"), 2.0)
    arrivals.taken(1, frame, 3.0)
    assert await arrivals.until_all_have(["hi"], 0.0)
    assert arrivals.times == {"hi": [1.0, 2.0]}
    assert arrivals.account(["hi"]) == Account(0, 1, 0)


def test_a_listener_syncs_from_where_nothing_is_missing():
    ear = Ear([Told(seq, str(seq), 0) for seq in (5, 6, 9, 7)])
    assert ear.through == 7


@pytest.mark.parametrize(
    ("sockets", "addresses"),
    [(1, ["127.0.0.1"]), (5_000, ["127.0.0.1"]), (5_001, ["127.0.0.1", "127.0.0.2"])],
)
def test_an_address_has_half_of_its_ports_for_sockets(sockets, addresses):
    assert source_addresses(sockets, ports=10_000) == addresses


def test_more_sockets_than_files_are_refused_with_what_to_do(monkeypatch):
    monkeypatch.setattr(resource, "getrlimit", lambda _: (1024, 4096))
    monkeypatch.setattr(resource, "setrlimit", lambda *_: None)
    make_room(3_000)
    with pytest.raises(NoRoom, match="10000 sockets need 10500 open files, and a process here may have 4096: raise"):
        make_room(10_000)


@pytest.mark.parametrize("text", ["200", "0", "-1", "many", "1.5"])
def test_sockets_are_more_than_the_listeners(text):
    with pytest.raises(argparse.ArgumentTypeError, match="is no number above 200"):
        _sockets(text)


@pytest.mark.parametrize(
    ("frames", "missed", "code"),
    [
        (['{"type": "sync.message", "seq": 7, "data": {}}', '{"type": "sync.done", "data": {}}'], {7}, None),
        (['{"type": "error", "id": 1, "error": {"code": "rate_limited", "retry_after": 2}}'], set(), "rate_limited"),
        (
            ['{"message": "Internal server error", "connectionId": "x", "requestId": "y"}'],
            set(),
            "Internal server error",
        ),
        (['{"type": "presence.updated", "data": {}}'], set(), "not yet"),
    ],
)
def test_a_sync_ends_with_done_or_an_error(frames, missed, code):
    way = Return()
    for frame in frames:
        way.taken(frame, 0.0)
    assert way.missed == missed
    assert way.done.is_set() == (code != "not yet")
    if way.done.is_set():
        assert way.error.get("code") == code


@pytest.mark.parametrize(
    ("name", "changed", "is_met"),
    [
        ("stack", {}, True),
        ("stack", {"server_kb": 31.0}, False),
        ("stack", {"one_by_one": FanOut([0.01] * 90 + [0.3] * 10, Account(0, 0, 0), 0.1)}, False),
        ("stack", {"one_by_one": FanOut([0.3], Account(0, 0, 0), 0.1), "sockets": 10_000}, True),
        ("stack", {"streamed": FanOut([0.01], Account(1, 0, 0), 0.1)}, False),
        ("stack", {"lost_sockets": 1}, False),
        ("peer", {"server_kb": 31.0}, True),
    ],
)
def test_budgets_are_those_of_the_stack(name, changed, is_met):
    fast = FanOut([0.01, 0.02], Account(0, 0, 0), 0.1)
    ours = {
        "name": "stack",
        "sockets": 1000,
        "connect_s": 0.01,
        "connect_processor_s": 0.01,
        "refused": {"429": 2},
        "server_kb": 16.0,
        "clients_kb": 60.0,
        "idle_percent": 0.5,
        "one_by_one": fast,
        "streamed": fast,
        "to_user": fast,
        "heartbeats": None,
        "lost_sockets": 0,
    }
    figures = [Figures(**ours), Figures(**(ours | {"name": name} | changed))]
    lines, met = table(figures, 10)
    assert met is is_met
    assert any("2 x 429" in line for line in lines)
