"""Presence on a real engine: who is online, who is shown it, and who is told of it, whatever devices do at once."""

import random
import uuid
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest

from chat4all.bootstrap import App
from chat4all.client_events import websocket_frame
from chat4all.domain.presence import HOLDS_MS, TOLD_MS
from chat4all.domain.user import ProfileChanges, Registration
from chat4all.errors import NotFound, Unauthenticated, Unavailable
from chat4all.kafka.events import decode, encode
from chat4all.presence import CONTACTS_MAX, Presences
from chat4all.stores.members import Member
from chat4all.stores.presence import Presence
from tests.benchmarks.units import CountedUnits
from tests.contract.good_connections import good_of
from tests.contract.handlers import request
from tests.contract.messaging import KeptPublisher
from tests.contract.presence_world import PresenceWorld, presence_world, users


@pytest.fixture
def world(deployed: App, monkeypatch: pytest.MonkeyPatch) -> PresenceWorld:
    return presence_world(deployed, monkeypatch)


def test_online_with_the_first_connection_and_offline_with_the_end_of_the_last(world: PresenceWorld) -> None:
    ana, bob = users(2)
    world.private(ana, bob)
    assert world.status(ana, bob) == "offline"
    world.comes(ana, "phone")
    world.comes(ana, "laptop")
    assert world.told() == [(ana, "online", [bob])], "not for each device"
    world.goes(ana, "phone")
    assert (world.status(ana, bob), world.told()) == ("online", [])
    world.goes(ana, "laptop")
    assert (world.status(ana, bob), world.told()) == ("offline", [(ana, "offline", [bob])])
    world.goes(ana, "laptop")
    assert world.told() == []


def test_what_kafka_did_not_take_is_told_by_the_next_sign_of_life(world: PresenceWorld) -> None:
    ana, bob = users(2)
    world.private(ana, bob)
    world.publisher.broken = True
    phone = world.comes(ana)
    world.beats(phone)
    world.publisher.broken = False
    assert world.told() == []
    world.beats(phone)
    assert world.told() == [(ana, "online", [bob])]
    world.beats(phone)
    assert world.told() == []


def test_a_sign_of_life_holds_90_s_and_no_end_needs_to_be_reported(world: PresenceWorld) -> None:
    ana, bob = users(2)
    world.private(ana, bob)
    phone = world.comes(ana)
    shown = world.presences.of(ana, bob)
    assert (shown["status"], shown["expires_in"]) == ("online", 90)
    world.now += HOLDS_MS - 1
    assert world.presences.of(ana, bob)["expires_in"] == 1
    world.now += 1
    gone = world.presences.of(ana, bob)
    assert (gone["status"], "expires_in" in gone, gone["last_seen_at"]) == ("offline", False, shown["last_seen_at"])
    world.beats(phone)
    assert world.presences.of(ana, bob)["expires_in"] == 90
    assert world.presences.of(ana, bob)["last_seen_at"] > shown["last_seen_at"]


def test_nobody_is_online_beyond_the_end_of_their_token(world: PresenceWorld) -> None:
    (ana,) = users(1)
    world.comes(ana, token_ms=10_000)
    assert world.presences.of(ana, ana)["expires_in"] == 10
    world.now += 10_000
    assert world.status(ana) == "offline"


def test_an_app_without_a_connection_is_online_by_its_heartbeats(world: PresenceWorld) -> None:
    ana, bob = users(2)
    conversation = world.private(ana, bob)
    answer = world.heartbeats.without_connection(ana, conversation)
    assert answer.keys() == {"time", "interval", "presence"}
    assert [shown["user_id"] for shown in answer["presence"]] == [bob]
    assert world.told() == [(ana, "online", [bob])]
    world.comes(ana)
    world.goes(ana)
    assert (world.status(ana, bob), world.told()) == ("online", [])
    world.now += HOLDS_MS
    assert world.status(ana, bob) == "offline"


def test_what_contacts_are_told_holds_five_minutes_and_is_said_again_before(world: PresenceWorld) -> None:
    ana, bob = users(2)
    world.private(ana, bob)
    phone = world.comes(ana)
    tellings = [0] * len(world.told())
    for second in range(30, 1200, 30):
        world.now += 30_000
        world.beats(phone)
        if world.told():
            tellings.append(second)
    assert len(tellings) == 1 + 1200 // 270
    assert all(later - before < TOLD_MS / 1000 for before, later in pairwise(tellings))


def test_a_frame_of_presence_belongs_to_no_conversation(world: PresenceWorld) -> None:
    ana, bob = users(2)
    world.private(ana, bob)
    world.comes(ana)
    (event,) = world.publisher.take()
    frame = websocket_frame(decode(event.topic, encode(event)))
    assert frame.keys() == {"type", "time", "data"}
    assert frame["data"].keys() == {"user_id", "status", "version", "last_seen_at", "expires_in"}
    assert (frame["type"], frame["data"]["expires_in"]) == ("presence.updated", 300)


def test_only_who_is_in_a_conversation_with_somebody_is_shown_anything(world: PresenceWorld) -> None:
    ana, bob, eve = users(3)
    group = world.group(ana, bob)
    world.comes(ana)
    assert world.status(ana, bob) == "online"
    answers = [request("presence", "GET", f"/v1/users/{who}/presence", caller=eve) for who in (ana, str(uuid.uuid4()))]
    assert {a.status for a in answers} == {404}
    assert len({str(a.body | {"instance": ""}) for a in answers}) == 1
    with pytest.raises(NotFound):
        world.presences.of_members(group, eve)
    Member(group, bob).delete()
    with pytest.raises(NotFound):
        world.presences.of(ana, bob)


def test_members_see_one_another_and_no_guest_has_a_presence(world: PresenceWorld) -> None:
    ana, bob, cy, guest = users(4)
    group = world.group(ana, bob, cy, guest)
    Member(group, guest, role="member", in_app=0, joined_at=1).save()
    phone = world.comes(ana)
    world.comes(bob)
    shown = world.beats(phone, conversation_id=group)["presence"]
    assert {s["user_id"]: s["status"] for s in shown} == {bob: "online", cy: "offline"}
    assert world.told() == [], "of a group nobody is told"


def test_what_is_shown_of_a_group_is_at_most_20_s_old(world: PresenceWorld) -> None:
    ana, bob = users(2)
    group = world.group(ana, bob)
    assert world.presences.of_members(group, ana)[0]["status"] == "offline"
    world.comes(bob)
    assert world.presences.of_members(group, ana)[0]["status"] == "offline"
    world.now += 20_001
    assert world.presences.of_members(group, ana)[0]["status"] == "online"


def test_who_hides_is_hidden_from_everybody_but_themselves(world: PresenceWorld) -> None:
    name = f"ana-{uuid.uuid4().hex[:12]}"
    registered = world.app.users.register(
        Registration(username=name, email=f"{name}@example.com", password="correct horse battery")
    )
    ana, (bob,) = registered["id"], users(1)
    assert registered["presence_visibility"] == "contacts"
    conversation = world.private(ana, bob)
    phone = world.comes(ana)
    assert world.told() == [(ana, "online", [bob])]
    hidden = world.app.users.update(ana, ProfileChanges(presence_visibility="nobody"))
    assert hidden["presence_visibility"] == "nobody"
    assert world.told() == [(ana, "hidden", [bob])]
    assert world.presences.of(ana, bob).keys() == {"user_id", "status", "version"}
    assert world.presences.of_members(conversation, bob)[0]["status"] == "hidden"
    assert (world.status(ana, bob), world.status(ana)) == ("hidden", "online")
    seen = world.presences.of(ana, bob)
    world.goes(ana)
    phone = world.comes(ana)
    world.beats(phone)
    assert world.told() == []
    assert world.presences.of(ana, bob) == seen, "a version that grows would tell of each heartbeat"
    online = world.connections.online([ana])
    assert (online.ids, online.shown) == ({ana}, set())
    world.app.users.update(ana, ProfileChanges(presence_visibility="contacts"))
    assert world.told() == [(ana, "online", [bob])]
    assert world.presences.of(ana, bob)["version"] > seen["version"]
    world.now += 20_001
    assert world.presences.of_members(conversation, bob)[0]["status"] == "online"
    world.app.users.delete(ana)
    kept = {name for name, value in Presence.get(ana).to_simple_dict().items() if value}
    assert kept == {"user_id", "visibility", "deleted_at"}, "the rest is personal"
    for come_back in (lambda: world.heartbeats.without_connection(ana, None), lambda: world.comes(ana)):
        with pytest.raises((Unauthenticated, Unavailable)):
            come_back()


def test_a_frame_that_comes_after_the_end_of_its_connection_brings_nobody_back(world: PresenceWorld) -> None:
    ana, bob = users(2)
    world.private(ana, bob)
    phone = world.comes(ana)
    world.goes(ana)
    world.gateway.gone.add("phone")
    world.beats(phone)
    assert world.status(ana, bob) == "offline"
    assert [status for _, status, _ in world.told()] == ["online", "offline"]
    assert good_of(world.connections, [ana]) == {}


def test_a_connection_that_was_forgotten_by_mistake_is_known_again(world: PresenceWorld) -> None:
    (ana,) = users(1)
    phone = world.comes(ana)
    world.connections.forget(ana, "phone")
    assert world.status(ana) == "offline"
    world.beats(phone)
    assert world.status(ana) == "online"
    assert good_of(world.connections, [ana]) == {ana: ["phone"]}
    assert Presence.get(ana).connections.as_dict()["phone"]["until"] == phone.expires_at


def test_of_devices_that_come_at_once_one_is_told_of(world: PresenceWorld) -> None:
    ana, bob = users(2)
    world.private(ana, bob)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: world.comes(ana, f"device-{number}"), range(8)))
    assert world.told() == [(ana, "online", [bob])]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: world.goes(ana, f"device-{number}"), range(8)))
    assert world.told() == [(ana, "offline", [bob])]


@pytest.mark.parametrize("seed", range(8))
def test_whatever_devices_do_at_once_the_last_that_is_told_is_true(world: PresenceWorld, seed: int) -> None:
    """Versions say which was last, as a client goes by them: events of two environments may be produced in either order."""
    ana, bob = users(2)
    world.private(ana, bob)
    dice = random.Random(seed)

    def live(device: str, steps: list[str]) -> None:
        for step in steps:
            if step == "comes":
                world.comes(ana, device)
            elif step == "goes":
                world.goes(ana, device)
            else:
                world.presences.tell(world.connections.seen(ana, device))

    lives = [[dice.choice(["comes", "goes", "beats"]) for _ in range(6)] for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(live, [f"device-{number}" for number in range(4)], lives))
    events = [event.data["data"] for event in world.publisher.take()]
    versions = [event["version"] for event in events]
    assert len(set(versions)) == len(versions)
    last = max(events, key=lambda event: event["version"], default={"status": "offline"})
    assert last["status"] == world.status(ana)


def test_a_telling_that_fails_costs_nobody_the_connection(world: PresenceWorld) -> None:
    ana, bob = users(2)
    world.private(ana, bob)
    world.publisher.broken = True
    phone = world.comes(ana)
    assert world.beats(phone).keys() == {"time", "interval", "token_expires_at"}
    assert world.status(ana, bob) == "online"


def test_so_many_contacts_are_told_and_no_more(world: PresenceWorld) -> None:
    (ana,) = users(1)
    for other in users(CONTACTS_MAX + 5):
        world.private(ana, other)
    world.comes(ana)
    ((_, _, audience),) = world.told()
    assert len(audience) == CONTACTS_MAX


def test_those_who_are_told_are_partners_of_private_conversations_made_by_the_api(deployed: App) -> None:
    from chat4all.conversations import Conversations, Create

    ana, bob, cy = (registered(deployed) for _ in range(3))
    conversations = Conversations(KeptPublisher())
    private = conversations.create(Create(ana, "private", [bob]))["id"]
    conversations.create(Create(ana, "group", [bob, cy]))
    assert {m.user_id for m in Member.by_partner.query(ana)} == {bob}
    assert {m.user_id for m in Member.by_partner.query(bob)} == {ana}
    assert list(Member.by_partner.query(cy)) == []
    conversations.delete(ana, private)
    assert list(Member.by_partner.query(ana)) == []


def test_the_functions_answer(deployed: App) -> None:
    ana, bob = registered(deployed), registered(deployed)
    conversation = str(uuid.uuid4())
    for user in (ana, bob):
        Member(conversation, user, role="member", joined_at=1).save()
    deployed.__dict__["presences"] = Presences(KeptPublisher())
    assert request("presence", "POST", "/v1/presence/heartbeat", caller=bob).body.keys() == {"time", "interval"}
    asked = {"conversation_id": conversation}
    beaten = request("presence", "POST", "/v1/presence/heartbeat", caller=ana, json_body=asked)
    assert [shown["user_id"] for shown in beaten.body["presence"]] == [bob]
    got = request("presence", "GET", f"/v1/users/{bob}/presence", caller=ana)
    assert (got.status, got.body["status"]) == (200, "online")
    assert request("presence", "GET", "/v1/users/x/presence", caller=ana).status == 404
    for body, pointer in (({"conversation_id": "x"}, "/conversation_id"), ({"token": "x"}, "/token")):
        wrong = request("presence", "POST", "/v1/presence/heartbeat", caller=ana, json_body=body)
        assert (wrong.status, wrong.body["errors"][0]["pointer"]) == (400, pointer)
    absent = {"conversation_id": str(uuid.uuid4())}
    assert request("presence", "POST", "/v1/presence/heartbeat", caller=ana, json_body=absent).status == 404


def test_routing_goes_by_the_same_rule(world: PresenceWorld) -> None:
    """A connection whose end was lost would else keep messages from somebody's phone for two hours."""
    ana, bob, cy = users(3)
    world.comes(ana)
    world.heartbeats.without_connection(bob, None)
    assert world.connections.online([ana, bob, cy]).ids == {ana, bob}
    world.now += HOLDS_MS
    assert world.connections.online([ana, bob, cy]).ids == frozenset()
    assert set(good_of(world.connections, [ana])) == {ana}, "what is pushed goes to every connection that may be open"


def test_what_presence_costs(world: PresenceWorld) -> None:
    """In DynamoDB units; docs/decisions/0035 has them."""
    ana, *others = users(41)
    conversation = world.private(ana, others[0])
    for other in others[1:20]:
        world.private(ana, other)
    group = world.group(ana, *others)

    def cost(act: object) -> tuple[float, float]:
        with CountedUnits(Member.client()) as counted:
            act()  # type: ignore[operator]
        return counted.units["write"], counted.units["read"]

    phone = world.comes(ana, "another")
    world.goes(ana, "another")
    assert cost(lambda: world.comes(ana)) == (2, 0.5), "told to 20 contacts"
    assert cost(lambda: world.comes(ana, "laptop")) == (1, 0)
    phone = world.comes(ana)
    assert cost(lambda: world.beats(phone)) == (1, 0)
    assert cost(lambda: world.heartbeats.without_connection(ana, None)) == (1, 0)
    assert cost(lambda: world.beats(phone, conversation_id=conversation)) == (1, 1.5)
    assert cost(lambda: world.presences.of_members(group, ana)) == (0, 2 + 39 * 0.5)
    assert cost(lambda: world.presences.of_members(group, ana)) == (0, 2), "for who looks at it in the same 20 s"
    assert cost(lambda: world.presences.of(others[0], ana)) == (0, 4)
    assert cost(lambda: world.goes(ana, "laptop")) == (1, 0)
    world.now += HOLDS_MS
    assert cost(lambda: world.goes(ana)) == (2, 0.5)
    user = registered(world.app)
    world.private(user, ana)
    hiding = ProfileChanges(presence_visibility="nobody")
    assert cost(lambda: world.app.users.update(user, hiding)) == (5, 3.5)


def registered(app: App) -> str:
    """A new user; the id."""
    name = f"user-{uuid.uuid4().hex[:12]}"
    wanted = Registration(username=name, email=f"{name}@example.com", password="correct horse battery")
    return str(app.users.register(wanted)["id"])
