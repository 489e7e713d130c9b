"""What scripts/bench realtime takes, counts and checks."""

import argparse
import resource

import pytest

from tests.benchmarks.realtime.__main__ import _sockets
from tests.benchmarks.realtime.arrivals import Account, Arrivals, account
from tests.benchmarks.realtime.room import NoRoom, make_room, source_addresses

ALL = ["a", "b", "c"]


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ([[(1, "a"), (2, "b"), (3, "c")]], Account(0, 0, 0)),
        ([[(1, "a"), (3, "c")], []], Account(4, 0, 0)),
        ([[(1, "a"), (1, "a"), (2, "b"), (3, "c")]], Account(0, 1, 0)),
        ([[(1, "a"), (3, "c"), (2, "b")]], Account(0, 0, 1)),
        ([[(0, "of before"), (1, "a"), (2, "b"), (3, "c")]], Account(0, 0, 0)),
    ],
)
def test_what_became_of_messages(told, found):
    assert account(told, ALL) == found
    assert found.is_clean == (found == Account(0, 0, 0))


async def test_a_message_has_arrived_when_every_listener_has_it():
    arrivals = Arrivals(2)
    frame = '{"type": "message.created", "seq": 4, "data": {"content": "hi"}}'
    arrivals.of(0)(frame, 1.0)
    arrivals.of(0)('{"type": "typing", "data": {}}', 1.5)
    assert not await arrivals.until_all_have(["hi"], 0.0)
    arrivals.of(1)(frame, 2.0)
    assert await arrivals.until_all_have(["hi"], 0.0)
    assert arrivals.times == {"hi": [1.0, 2.0]}


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
