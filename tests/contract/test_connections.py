"""Presence: open connections of many users in one read."""

import uuid

import pytest

from chat4all.clock import now_ms
from chat4all.connections import CONNECTIONS_MAX, MAX_AGE_MS, OPENING_MS, Connections
from chat4all.domain.presence import HOLDS_MS
from chat4all.errors import RateLimited
from chat4all.stores.presence import Presence
from chat4all.stores.table import bind
from tests.contract.conftest import DynamoDb
from tests.contract.good_connections import good_of


@pytest.fixture
def connections(dynamodb: DynamoDb) -> Connections:
    bind(dynamodb.table_prefix)
    return Connections()


def test_devices_come_and_go(connections: Connections) -> None:
    ana, bob, nobody = (str(uuid.uuid4()) for _ in range(3))
    connections.opened(ana, "Aa+/=1")
    connections.opened(ana, "B2=")
    connections.opened(bob, "C3=")
    found = good_of(connections, [ana, bob, nobody])
    assert {user: set(ids) for user, ids in found.items()} == {ana: {"Aa+/=1", "B2="}, bob: {"C3="}}
    connections.closed(ana, "Aa+/=1")
    connections.forget(bob, "C3=")
    connections.forget(bob, "C3=")
    assert good_of(connections, [ana, bob]) == {ana: ["B2="]}
    assert good_of(connections, []) == {}


def test_a_connection_older_than_any_can_be_is_not_open(connections: Connections) -> None:
    ana = str(uuid.uuid4())
    connections.opened(ana, "old=")
    Presence(ana).update([Presence.connections["old="].set({"at": Presence.get(ana).last_seen_at - MAX_AGE_MS - 1})])
    assert good_of(connections, [ana]) == {}


def test_of_a_connection_that_is_not_known_there_is_no_sign_of_life(connections: Connections) -> None:
    ana = str(uuid.uuid4())
    assert connections.seen(ana, "x=") is None
    connections.opened(ana, "x=")
    assert connections.seen(ana, "x=") is not None
    connections.forget(ana, "x=")
    assert connections.seen(ana, "x=") is None
    assert good_of(connections, [ana]) == {}


def test_a_connection_that_is_only_opening_is_not_forgotten_when_found_gone(connections: Connections) -> None:
    ana = str(uuid.uuid4())
    connections.opened(ana, "new=")
    connections.opened(ana, "old=")
    Presence(ana).update([Presence.connections["old="].set({"at": Presence.get(ana).last_seen_at - OPENING_MS - 1})])
    for connection_id in ("new=", "old=", "none="):
        connections.found_gone(ana, connection_id)
    assert good_of(connections, [ana]) == {ana: ["new="]}


def test_nobody_opens_more_than_so_many_and_those_that_cannot_be_open_any_more_make_room(
    connections: Connections,
) -> None:
    ana = str(uuid.uuid4())
    full = {f"c{number}": {"at": now_ms()} for number in range(CONNECTIONS_MAX)}
    Presence(ana, connections=full).save()
    with pytest.raises(RateLimited, match="100 open connections"):
        connections.opened(ana, "one-more")
    assert connections.seen(ana, "c7")
    connections.closed(ana, "c7")
    connections.opened(ana, "one-more")
    Presence(ana).update([Presence.connections["c9"].set({"at": now_ms() - MAX_AGE_MS - 1, "seen": now_ms()})])
    connections.opened(ana, "another")
    assert set(good_of(connections, [ana])[ana]) == full.keys() - {"c7", "c9"} | {"one-more", "another"}


def test_connections_that_died_and_were_not_reported_make_room_when_they_have_been_silent(
    connections: Connections,
) -> None:
    ana, now = str(uuid.uuid4()), now_ms()
    entry = {"at": now - 600_000, "until": now + 1_200_000}
    silent = {f"dead{number}": entry | {"seen": now - HOLDS_MS - 1} for number in range(CONNECTIONS_MAX - 1)}
    beating = {"lives": entry | {"seen": now - HOLDS_MS + 30_000}}
    Presence(ana, connections=silent | beating).save()
    connections.opened(ana, "new")
    connections.opened(ana, "newer")
    assert set(good_of(connections, [ana])[ana]) == {"lives", "new", "newer"}
    assert connections.seen(ana, "dead7") is None, "its heartbeat has it known again, and sync"
