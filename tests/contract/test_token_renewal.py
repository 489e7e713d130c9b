"""A connection goes on with a new token, and ends with the last one it was given."""

import json
import uuid
from typing import Any

import pytest

from chat4all.bootstrap import App
from chat4all.clock import ms_of, now_ms
from chat4all.connections import Connections
from chat4all.domain.user import Registration
from chat4all.errors import Invalid, Unauthenticated
from chat4all.heartbeats import EXPIRING_MS
from chat4all.stores.presence import Presence
from chat4all.stores.sessions import Session
from chat4all.websocket.caller import Caller
from tests.benchmarks.units import CountedUnits
from tests.contract.good_connections import good_of
from tests.contract.handlers import invoke
from tests.contract.presence_world import PresenceWorld, presence_world

PASSWORD = "correct horse battery"


class Device:
    """A connection of a user who has signed in, which was opened with a token that ends in `left_ms`."""

    def __init__(self, world: PresenceWorld, left_ms: int, registration: Registration | None = None) -> None:
        self.world = world
        self.registration = registration or _registration()
        if registration is None:
            world.app.users.register(self.registration)
        self.token, self.user_id, self.session_id, self.token_ends = self.sign_in()
        self.connection_id = f"device-{uuid.uuid4()}"
        self.caller = Caller(self.user_id, self.connection_id, self.session_id, world.now + left_ms)
        world.connections.opened(self.user_id, self.connection_id, self.session_id, self.caller.expires_at)

    def sign_in(self) -> tuple[str, str, str, int]:
        """A new access token: itself, its user, its session and its end."""
        grant = self.world.app.tokens.sign_in(self.registration.username, PASSWORD, "192.0.2.9")
        known = self.world.app.access_tokens.verify(grant.access_token)
        return grant.access_token, known.user_id, str(known.session_id), known.expires_at

    def frame(self, body: str = '{"action": "heartbeat", "id": 1}') -> Any:
        """What the function answers to a frame of this connection."""
        authorizer = {"user_id": self.user_id, "session_id": self.session_id, "expires_at": str(self.caller.expires_at)}
        context = {"connectionId": self.connection_id, "apiId": "x", "domainName": "x", "stage": "live"}
        context |= {"eventType": "MESSAGE", "requestId": "r", "routeKey": "heartbeat"}
        event = {"requestContext": context | {"authorizer": authorizer}, "body": body, "isBase64Encoded": False}
        return invoke("websocket_actions", event)

    @property
    def stands_until(self) -> int:
        """As it is kept."""
        return int(Presence.get(self.user_id).connections.as_dict()[self.connection_id]["until"])


@pytest.fixture
def world(deployed: App, monkeypatch: pytest.MonkeyPatch) -> PresenceWorld:
    return presence_world(deployed, monkeypatch)


def test_a_connection_is_good_until_the_end_of_the_token_it_was_given_last(world: PresenceWorld) -> None:
    device = Device(world, left_ms=10_000)
    answer = world.beats(device.caller)
    assert ms_of(answer["token_expires_at"]) == device.caller.expires_at
    renewed = world.beats(device.caller, token=device.token)
    assert ms_of(renewed["token_expires_at"]) == device.token_ends
    world.now += 10_001
    assert good_of(world.connections, [device.user_id]) == {device.user_id: [device.connection_id]}
    assert world.connections.good_until(device.caller) == device.token_ends
    assert ms_of(world.beats(device.caller)["token_expires_at"]) == device.token_ends


def test_a_frame_costs_nothing_more_but_once_in_each_environment(world: PresenceWorld) -> None:
    device = Device(world, left_ms=10_000)
    elsewhere = Connections()
    world.beats(device.caller, token=device.token)
    world.now += 10_001
    with CountedUnits(Presence.client()) as counted:
        world.connections.good_until(device.caller)
        assert counted.units["read"] == 0
        assert [elsewhere.good_until(device.caller) for _ in range(3)] == [device.token_ends] * 3
    assert counted.units == {"read": 1}


def test_an_expired_connection_is_told_nothing_but_that_and_closed(world: PresenceWorld) -> None:
    device = Device(world, left_ms=600_000)
    gateway = world.gateway
    assert json.loads(device.frame()["body"])["type"] == "ack"
    world.now += 600_000
    assert good_of(world.connections, [device.user_id]) == {}
    (found,) = world.connections.open_of([device.user_id])[device.user_id]
    assert (found.id, found.is_expired) == (device.connection_id, True)
    assert world.connections.good_until(device.caller) <= world.now
    gateway.frames.clear()
    world.app.session_ends.expire(device.user_id, found.id)
    ((_, frame),) = gateway.frames
    assert json.loads(frame)["error"]["code"] == "token_expired"
    assert gateway.closed == [device.connection_id]
    assert world.connections.open_of([device.user_id]) == {}


def test_the_function_goes_by_the_token_that_was_given_last(
    world: PresenceWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = Device(world, left_ms=60_000)
    renewal = json.dumps({"action": "heartbeat", "id": 1, "data": {"token": device.token}})
    assert json.loads(device.frame(renewal)["body"])["type"] == "ack"
    later = Caller(device.user_id, device.connection_id, device.session_id, now_ms() - 1)
    device.caller = later
    assert json.loads(device.frame()["body"])["type"] == "ack"
    other = Device(world, left_ms=60_000)
    other.caller = Caller(other.user_id, other.connection_id, other.session_id, now_ms() - 1)
    Presence(other.user_id).update([Presence.connections[other.connection_id]["until"].set(now_ms() - 1)])
    assert "body" not in other.frame()
    assert world.gateway.closed == [other.connection_id]


@pytest.mark.parametrize(("left_ms", "warned"), [(EXPIRING_MS - 1, True), (EXPIRING_MS + 60_000, False)])
def test_a_client_is_told_that_its_token_ends_soon(world: PresenceWorld, left_ms: int, warned: bool) -> None:
    device = Device(world, left_ms=left_ms)
    world.beats(device.caller)
    frames = [json.loads(frame) for _, frame in world.gateway.frames]
    assert [(f["type"], f.keys()) for f in frames] == [("token.expiring", {"type", "time", "data"})] * warned
    assert all(ms_of(f["data"]["expires_at"]) == device.caller.expires_at for f in frames)
    world.gateway.frames.clear()
    world.beats(device.caller, token=device.token)
    assert world.gateway.frames == []


def test_tokens_that_live_a_minute_are_renewed_once_a_heartbeat(world: PresenceWorld) -> None:
    device = Device(world, left_ms=10_000)
    world.now = device.token_ends - 60_000
    world.beats(device.caller, token=device.token)
    assert world.gateway.frames == [], "a client that renews when it is told to would do nothing else"
    world.beats(device.caller)
    assert len(world.gateway.frames) == 1


def test_a_token_that_ends_sooner_takes_nothing_away(world: PresenceWorld) -> None:
    device = Device(world, left_ms=3_600_000)
    answer = world.beats(device.caller, token=device.token)
    assert ms_of(answer["token_expires_at"]) == device.caller.expires_at == device.stands_until


def test_tokens_that_are_not_good_are_refused_and_the_connection_stands(world: PresenceWorld) -> None:
    device, other = Device(world, 600_000), Device(world, 10_000)
    Session(other.session_id).delete()
    for token, code in (("x", "invalid_token"), (other.token, "session_ended")):
        with pytest.raises(Invalid) as refused:
            world.beats(device.caller, token=token)
        assert (refused.value.errors[0].pointer, refused.value.code) == ("/token", code)
    third = Device(world, 10_000)
    with pytest.raises(Invalid, match="another user's"):
        world.beats(device.caller, token=third.token)
    assert device.stands_until == device.caller.expires_at
    for body in ({"token": ""}, {"token": 1}, {"token": "x" * 9000}, {"other": 1}):
        reply = json.loads(device.frame(json.dumps({"action": "heartbeat", "data": body}))["body"])
        assert reply["error"]["errors"][0]["pointer"] == f"/data/{next(iter(body))}"


def test_a_connection_ends_with_the_session_on_whose_token_it_stands(world: PresenceWorld) -> None:
    device = Device(world, 10_000)
    token, _, session_id, _ = device.sign_in()
    world.beats(device.caller, token=token)
    assert world.connections.sessions_of(device.user_id) == {device.connection_id: session_id}
    world.app.session_ends.close(device.user_id, device.session_id)
    assert world.gateway.closed == []
    world.app.session_ends.close(device.user_id, session_id)
    assert world.gateway.closed == [device.connection_id]


def test_a_session_that_ends_while_a_connection_takes_its_token_ends_the_connection(
    world: PresenceWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = Device(world, 10_000)
    token, _, session_id, _ = device.sign_in()
    renewed = world.connections.renewed

    def ended_meanwhile(*given: Any) -> Any:
        Session(session_id).delete()
        return renewed(*given)

    monkeypatch.setattr(world.connections, "renewed", ended_meanwhile)
    with pytest.raises(Unauthenticated):
        world.beats(device.caller, token=token)
    assert world.gateway.closed == [device.connection_id]
    assert world.connections.open_of([device.user_id]) == {}


def test_a_connection_whose_session_has_ended_is_not_known_again(world: PresenceWorld) -> None:
    """Its end was told, its closing failed, and it goes on sending."""
    device = Device(world, 10_000)
    world.connections.forget(device.user_id, device.connection_id)
    Session(device.session_id).delete()
    with pytest.raises(Unauthenticated):
        world.beats(device.caller)
    assert world.gateway.closed == [device.connection_id]


def _registration() -> Registration:
    name = f"user-{uuid.uuid4().hex[:12]}"
    return Registration(username=name, email=f"{name}@example.com", password=PASSWORD)
