"""Addresses that users show to be theirs, and where the conversations go that were a guest's."""

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chat4all import identities
from chat4all.channels.inbound import Contact, Inbound, InboundEdit, InboundReactions, InboundUnsend
from chat4all.clock import now_ms
from chat4all.errors import Conflict, DomainError, Invalid, NotFound, RateLimited, Unavailable
from chat4all.history import History
from chat4all.identities import LinkBody, VerifyBody, WhichOnes
from chat4all.stores.link_requests import LinkRequest, way_of
from chat4all.stores.members import Member
from chat4all.stores.messages import Message
from chat4all.stores.users import UniqueName, User, username_key
from tests.contract.conftest import DynamoDb
from tests.contract.linking_world import LinkingWorld, members_of, new_contact, new_user


@pytest.fixture
def world(dynamodb: DynamoDb) -> LinkingWorld:
    return LinkingWorld.on(dynamodb)


# --- codes


def test_a_code_goes_to_the_address_and_links_it(world: LinkingWorld) -> None:
    ana, carla = new_user(), new_contact()
    asked = world.asks(ana, carla)
    code = world.code(ana)
    assert code not in str(asked), "Kafka does not hold it"
    world.carry(asked)
    world.carry(asked)
    said = "".join(text for _, text, _ in world.provider.sent)
    assert {address for address, _, _ in world.provider.sent} == {carla.address}
    assert said.count(f"{code[:4]}-{code[4:]}") == 1, "sent once, however often it is asked for"
    linked = world.identities.verify(ana, "telegram", VerifyBody(code=f" {code[:4].lower()}-{code[4:]} "))
    assert (linked["status"], linked["address"], linked["account_id"]) == ("linked", carla.address, world.account.id)
    assert world.identities.list(ana, "telegram")["items"] == [linked]
    assert world.identities.list(ana, "whatsapp")["items"] == []


def test_the_answer_does_not_tell_whether_the_address_is_known(world: LinkingWorld) -> None:
    known, unknown = new_contact(), new_contact()
    world.hears(known, "hi")
    answers = []
    for contact in (known, unknown):
        body = LinkBody(account_id=str(world.account.id), address=contact.address)
        answer = world.identities.request(new_user(), "telegram", body)
        answers.append({name: value for name, value in answer.items() if name not in ("address", "expires_at")})
    assert answers[0] == answers[1]
    assert "write to the account" in answers[0]["how"]


def test_after_five_wrong_codes_the_right_one_is_of_no_use(world: LinkingWorld) -> None:
    ana, carla = new_user(), new_contact()
    world.asks(ana, carla)
    for _ in range(5):
        with pytest.raises(Invalid) as wrong:
            world.identities.verify(ana, "telegram", VerifyBody(code="AAAAAAAA"))
        assert wrong.value.code == "wrong_code"
    with pytest.raises(Conflict) as refused:
        world.identities.verify(ana, "telegram", VerifyBody(code=world.code(ana)))
    assert refused.value.code == "code_used_up"
    assert world.links(ana, carla)["status"] == "linked", "another code may be asked for"


def test_a_code_ends_after_ten_minutes_and_by_a_newer_one(world: LinkingWorld) -> None:
    ana, carla = new_user(), new_contact()
    world.asks(ana, carla)
    old = world.code(ana)
    world.asks(ana, carla)
    with pytest.raises(Invalid):
        world.identities.verify(ana, "telegram", VerifyBody(code=old))
    request = LinkRequest.get(ana, way_of("telegram", world.account.id))
    request.update([LinkRequest.expires_at.set(now_ms() // 1000 - 1)])
    with pytest.raises(NotFound) as gone:
        world.identities.verify(ana, "telegram", VerifyBody(code=world.code(ana)))
    assert gone.value.code == "no_code"


def test_codes_are_of_one_user(world: LinkingWorld) -> None:
    ana, eve, carla = new_user(), new_user("eve"), new_contact()
    world.asks(ana, carla)
    with pytest.raises(NotFound):
        world.identities.verify(eve, "telegram", VerifyBody(code=world.code(ana)))
    world.asks(eve, carla)
    with pytest.raises(Invalid):
        world.identities.verify(eve, "telegram", VerifyBody(code=world.code(ana)))


def test_who_asks_too_often_must_wait_by_user_and_by_address(
    world: LinkingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identities, "USER_BURST", 2)
    ana, carla = new_user(), new_contact()
    for _ in range(2):
        world.asks(ana, new_contact())
    with pytest.raises(RateLimited):
        world.asks(ana, new_contact())
    for _ in range(3):
        world.asks(new_user(), carla)
    with pytest.raises(RateLimited):
        world.asks(new_user(), carla)


@pytest.mark.parametrize(
    ("channel", "address", "error"),
    [
        ("telegram", "@carla", Invalid),
        ("telegram", "-100123", Invalid),
        ("fax", "1", NotFound),
        ("in_app", "1", NotFound),
        ("whatsapp", "+55 11", Invalid),
    ],
)
def test_what_is_no_address_is_refused(
    world: LinkingWorld, channel: str, address: str, error: type[DomainError]
) -> None:
    with pytest.raises(error):
        world.identities.request(new_user(), channel, LinkBody(account_id=str(world.account.id), address=address))


def test_an_account_of_another_channel_is_none(world: LinkingWorld) -> None:
    body = LinkBody(account_id=str(world.account.id), address="+351 910 000 000")
    with pytest.raises(Invalid) as refused:
        world.identities.request(new_user(), "whatsapp", body)
    assert refused.value.errors[0].pointer == "/account_id"


# --- what linking does


def test_the_guests_places_become_the_users_and_what_was_said_stays(world: LinkingWorld) -> None:
    ana, carla = new_user(), new_contact()
    said = world.hears(carla, "hi")
    guest, conversation = str(said.sender_id), str(said.conversation_id)
    world.links(ana, carla)
    found = members_of(conversation)
    assert set(found) == {world.owner, ana}
    assert (found[ana].in_app, [a["address"] for a in found[ana].addresses]) == (1, [carla.address])
    assert User.get(guest).linked_to == ana
    shown = world.users.public(guest, world.owner)
    assert (shown["display_name"], shown["linked_to"]) == ("Carla", ana)
    again = world.hears(carla, "me again")
    assert (again.conversation_id, again.sender_id) == (conversation, ana)
    world.says(conversation, "yes")
    assert [(e.data["recipient_id"], e.data["address"]) for e in world.route(conversation)] == [(ana, carla.address)]


def test_member_and_guest_at_once_are_one_member_with_the_address(world: LinkingWorld) -> None:
    ana, carla = new_user(), new_contact()
    group = world.messaging.conversation(world.owner, ana, new_user(), roles=("owner", "reader", "member"))
    world.account.inbound = {"conversation": group}
    world.account.save()
    guest = str(world.hears(carla, "hi").sender_id)
    world.links(ana, carla)
    found = members_of(group)
    assert guest not in found
    assert (found[ana].role, len(found[ana].addresses)) == ("reader", 1)
    world.says(group, "to all")
    assert [e.data["recipient_id"] for e in world.route(group)] == [ana]


def test_the_users_own_conversations_reach_the_address_from_then_on(world: LinkingWorld) -> None:
    ana, bob, carla = new_user(), new_user("bob"), new_contact()
    conversation = world.messaging.conversation(ana, bob)
    world.says(conversation, "before", bob)
    world.links(ana, carla)
    world.says(conversation, "after", bob)
    assert [e.data["message"]["content"] for e in world.route(conversation)] == ["after"]


@pytest.mark.parametrize("routed", [False, True])
@pytest.mark.parametrize("is_member", [False, True])
def test_what_is_under_way_arrives_once(world: LinkingWorld, *, routed: bool, is_member: bool) -> None:
    ana, carla = new_user(), new_contact()
    said = world.hears(carla, "hi")
    conversation = str(said.conversation_id)
    if is_member:
        Member(conversation, ana, role="member", joined_at=1).save()
    world.route(conversation)
    first = world.says(conversation, "under way")
    asked = world.route(conversation) if routed else []
    world.links(ana, carla)
    if not routed:
        asked = world.route(conversation)
    assert [(e.data["recipient_id"], e.data["message_id"]) for e in asked] == [(said.sender_id, first)]
    world.carry(asked)
    second = world.says(conversation, "after")
    later = world.route(conversation)
    assert [(e.data["recipient_id"], e.data["message_id"]) for e in later] == [(ana, second)]
    world.carry(later)
    assert [text.rpartition(": ")[2] for _, text, _ in world.provider.sent] == ["under way", "after"]
    statuses = History().status(world.owner, first)["recipients"]
    assert [(r["user_id"], r["status"]) for r in statuses if r["user_id"] != ana] == [(said.sender_id, "sent")]


def test_the_contact_changes_what_they_said_as_a_guest(world: LinkingWorld) -> None:
    ana, carla = new_user(), new_contact()
    said = world.hears(carla, "hi", external_id="e1")
    answer = world.says(str(said.conversation_id), "yes")
    world.carry(world.route(str(said.conversation_id)))
    sent_id = str(len(world.provider.sent) - 1)
    assert world.take(InboundReactions(sent_id, carla, ("👍",), time_ms=1)) is None
    world.links(ana, carla)
    assert world.take(InboundEdit("e1", carla, "hello", time_ms=5)) is None
    assert world.take(InboundReactions(sent_id, carla, ("❤️",), time_ms=2)) is None
    history = History()
    assert history.get(world.owner, str(said.message_id))["content"] == "hello"
    assert history.get(world.owner, answer)["reactions"] == {"❤️": [ana]}
    assert world.take(InboundUnsend("e1", carla)) is None
    assert "deleted_at" in history.get(world.owner, str(said.message_id))


def test_a_repeat_of_what_was_said_as_a_guest_is_the_same_message(world: LinkingWorld) -> None:
    ana, carla = new_user(), new_contact()
    said = world.hears(carla, "hi", external_id="r1")
    world.links(ana, carla)
    assert world.take(Inbound("r1", carla, "text", "hi")) is None
    found = [m.message_id for m in Message.query(said.conversation_id) if m.type == "text"]
    assert found == [said.message_id]


def test_somebody_who_has_not_written_yet_is_the_user_when_they_do(world: LinkingWorld) -> None:
    ana, carla = new_user(), new_contact()
    world.links(ana, carla)
    said = world.hears(carla, "hi")
    assert said.sender_id == ana
    found = members_of(str(said.conversation_id))
    assert (set(found), found[ana].in_app) == ({world.owner, ana}, 1)


def test_of_two_users_at_once_one_has_it_and_the_other_409(world: LinkingWorld) -> None:
    carla = new_contact()
    conversation = str(world.hears(carla, "hi").conversation_id)
    users = [new_user(f"u{number}") for number in range(4)]
    for user in users:
        if user is not users[3]:
            world.asks(user, carla)

    def outcome(act: Callable[[], Any]) -> str:
        try:
            act()
        except Conflict as error:
            return str(error.code)
        return "linked"

    bodies = {user: VerifyBody(code=world.code(user)) for user in users[:3]}
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(lambda u: outcome(lambda: world.identities.verify(u, "telegram", bodies[u])), users[:3]))
    assert sorted(found) == ["address_taken", "address_taken", "linked"]
    winner = users[found.index("linked")]
    assert set(members_of(conversation)) == {world.owner, winner}


def test_accounts_of_one_channel_stay_apart(world: LinkingWorld) -> None:
    ana, carla, other = new_user(), new_contact(), world.new_account()
    world.hears(carla, "hi")
    there = world.hears(carla, "hi", other)
    world.links(ana, carla)
    assert world.identity(carla).user_id == ana
    assert world.identity(carla, other).user_id == there.sender_id != ana
    world.links(ana, carla, other)
    items = world.identities.list(ana, "telegram")["items"]
    assert {item["account_id"] for item in items} == {world.account.id, other.id}


def test_what_is_broken_off_at_any_step_is_finished_by_the_next_message(
    world: LinkingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    for step in itertools.count(1):
        ana, carla = new_user(), new_contact()
        said = world.hears(carla, "hi")
        own = world.messaging.conversation(ana, world.owner)
        world.asks(ana, carla)
        steps = itertools.count(1)
        change = world.members.change

        def die(*args: Any, step: int = step, steps: Any = steps, change: Any = change) -> None:
            if next(steps) == step:
                raise Unavailable("dies")
            change(*args)

        with monkeypatch.context() as patched:
            patched.setattr(world.members, "change", die)
            try:
                world.identities.verify(ana, "telegram", VerifyBody(code=world.code(ana)))
                died = False
            except Unavailable:
                died = True
        after = world.hears(carla, "after")
        assert (after.conversation_id, after.sender_id) == (said.conversation_id, ana)
        assert set(members_of(str(said.conversation_id))) == {world.owner, ana}
        assert [a["address"] for a in members_of(own)[ana].addresses] == [carla.address]
        if not died:
            assert step > 2
            return


# --- letting go


def test_unlinking_leaves_the_user_in_the_app_and_makes_a_new_guest(world: LinkingWorld) -> None:
    ana, carla = new_user(), new_contact()
    said = world.hears(carla, "hi")
    conversation = str(said.conversation_id)
    world.links(ana, carla)
    world.identities.unlink(ana, "telegram", WhichOnes())
    assert members_of(conversation)[ana].addresses == []
    world.says(conversation, "only in the app")
    assert world.route(conversation) == []
    again = world.hears(carla, "who is there?")
    assert again.sender_id not in (ana, said.sender_id)
    assert again.conversation_id != conversation
    assert User.get(again.sender_id).kind == "guest"
    assert world.identities.list(ana, "telegram")["items"] == []
    with pytest.raises(NotFound):
        world.identities.unlink(ana, "telegram", WhichOnes())


def test_only_what_is_named_is_let_go(world: LinkingWorld) -> None:
    ana, carla, other = new_user(), new_contact(), world.new_account()
    world.links(ana, carla)
    world.links(ana, carla, other)
    world.identities.unlink(ana, "telegram", WhichOnes(account_id=str(other.id)))
    assert [item["account_id"] for item in world.identities.list(ana, "telegram")["items"]] == [world.account.id]
    with pytest.raises(NotFound):
        world.identities.unlink(ana, "telegram", WhichOnes(address="77"))


def test_another_user_may_link_what_was_let_go(world: LinkingWorld) -> None:
    ana, bob, carla = new_user(), new_user("bob"), new_contact()
    conversation = str(world.hears(carla, "hi").conversation_id)
    world.links(ana, carla)
    world.identities.unlink(ana, "telegram", WhichOnes())
    world.links(bob, carla)
    assert world.hears(carla, "hi").sender_id == bob
    assert set(members_of(conversation)) == {world.owner, ana}


def test_who_is_erased_lets_go_of_their_addresses(world: LinkingWorld) -> None:
    ana, carla = new_user(), new_contact()
    world.links(ana, carla)
    UniqueName(username_key(User.get(ana).username), user_id=ana).save()
    world.users.delete(ana)
    assert world.hears(carla, "hi").sender_id != ana


def test_an_owner_who_links_their_own_address_talks_to_themselves(world: LinkingWorld) -> None:
    carla = new_contact()
    world.links(world.owner, carla)
    said = world.hears(carla, "a note")
    assert set(members_of(str(said.conversation_id))) == {world.owner}


def test_a_name_makes_nobody_the_same(world: LinkingWorld) -> None:
    first, second = (world.hears(Contact(str(number), "Carla"), "hi") for number in (701, 702))
    assert first.sender_id != second.sender_id
