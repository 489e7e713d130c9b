"""Routing rules on a real engine: the list and its order, what is refused, and what the router makes of them."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chat4all import rules_in_force
from chat4all.clock import now_ms
from chat4all.connections import Connections
from chat4all.domain.routing_rules import MIRRORS_MAX, RULES_MAX, NewRule, RuleChanges
from chat4all.errors import Conflict, Forbidden, Invalid, NotFound
from chat4all.kafka.events import Event
from chat4all.routing_rules import RoutingRules
from chat4all.rule_trials import RuleTrials, Trial
from chat4all.stores.deliveries import Delivery
from chat4all.stores.members import Member
from chat4all.stores.presence import Presence
from chat4all.stores.table import bind
from chat4all.validation import validate
from tests.contract.conftest import DynamoDb
from tests.contract.messaging import Messaging, new_user

DROP = {"drop": True}


@pytest.fixture
def rules(dynamodb: DynamoDb) -> RoutingRules:
    bind(dynamodb.table_prefix)
    return RoutingRules()


def new(rules: RoutingRules, owner: str, action: dict[str, Any] = DROP, **more: Any) -> dict[str, Any]:
    return rules.create(owner, validate(NewRule, {"action": action} | more))


def names(rules: RoutingRules, owner: str) -> list[Any]:
    items = rules.list(owner, 100, None)["items"]
    assert [each["position"] for each in items] == list(range(1, len(items) + 1))
    return [each["name"] for each in items]


def test_rules_are_put_in_moved_changed_and_taken_away(rules: RoutingRules) -> None:
    owner = new_user()
    a, c = new(rules, owner, name="a"), new(rules, owner, name="c")
    b = new(rules, owner, name="b", position=2, conditions={"words": ["refund"]})
    assert (b["position"], b["conditions"], b["action"], b["enabled"]) == (2, {"words": ["refund"]}, DROP, True)
    assert names(rules, owner) == ["a", "b", "c"]
    moved = rules.update(owner, c["id"], RuleChanges(position=1))
    assert (moved["position"], names(rules, owner)) == (1, ["c", "a", "b"])
    changed = rules.update(owner, b["id"], validate(RuleChanges, {"enabled": False, "name": None, "conditions": {}}))
    assert changed | {"updated_at": ""} == b | {
        "enabled": False,
        "name": None,
        "conditions": {},
        "position": 3,
        "updated_at": "",
    }
    rules.delete(owner, a["id"])
    assert [each["id"] for each in rules.list(owner, 100, None)["items"]] == [c["id"], b["id"]]
    assert rules.get(owner, b["id"])["position"] == 2


def test_a_list_has_pages(rules: RoutingRules) -> None:
    owner = new_user()
    for number in range(3):
        new(rules, owner, name=str(number))
    first = rules.list(owner, 2, None)
    second = rules.list(owner, 2, first["next_cursor"])
    assert [each["name"] for each in first["items"] + second["items"]] == ["0", "1", "2"]
    assert second["next_cursor"] is None


def test_of_others_there_are_none(rules: RoutingRules) -> None:
    rule = new(rules, new_user())
    stranger = new_user()
    for act in (
        lambda: rules.get(stranger, rule["id"]),
        lambda: rules.update(stranger, rule["id"], RuleChanges(enabled=False)),
        lambda: rules.delete(stranger, rule["id"]),
    ):
        with pytest.raises(NotFound):
            act()


def test_changes_at_once_are_changes_one_after_the_other(rules: RoutingRules) -> None:
    owner = new_user()
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda number: new(rules, owner, name=str(number), position=1), range(4)))
    assert sorted(names(rules, owner)) == ["0", "1", "2", "3"]
    assert len({each["id"] for each in made}) == 4


def test_what_is_too_much_is_refused(rules: RoutingRules) -> None:
    owner = new_user()
    with pytest.raises(Invalid, match="/position: the last position is 1"):
        new(rules, owner, position=2)
    with pytest.raises(Invalid, match="at most 2048"):
        new(rules, owner, conditions={"words": ["x" * 64] * 20, "recipients": [new_user() for _ in range(20)]})
    document = rules_in_force.RuleList(
        owner, rules=[{"id": str(n), "action": DROP} for n in range(RULES_MAX)], version=1
    )
    document.save()
    with pytest.raises(Conflict) as full:
        new(rules, owner)
    assert full.value.code == "too_many_rules"


def test_mirrors_go_only_where_their_owner_manages(rules: RoutingRules) -> None:
    ana, bob = new_user(), new_user()
    messaging = Messaging()
    own, others = messaging.conversation(ana, bob, roles=["admin", "owner"]), messaging.conversation(ana, bob)
    for target in (others, new_user()):
        with pytest.raises(Invalid) as refused:
            new(rules, ana, {"mirror_to": target})
        assert refused.value.errors[0].pointer == "/action/mirror_to"
    for _ in range(MIRRORS_MAX):
        new(rules, ana, {"mirror_to": own})
    with pytest.raises(Conflict) as too_many:
        new(rules, ana, {"mirror_to": own})
    assert too_many.value.code == "too_many_mirrors"


class Office:
    """Ana's group with Bob, who is on the app and on Telegram, and a guest on WhatsApp and Telegram."""

    def __init__(self, rules: RoutingRules) -> None:
        self.rules, self.messaging = rules, Messaging()
        self.ana, self.bob, self.guest = new_user(), new_user(), new_user()
        self.conversation = self.messaging.conversation(self.ana, roles=["owner"])
        self._join(self.bob, 1, "telegram")
        self._join(self.guest, 0, "whatsapp", "telegram")

    def _join(self, user: str, in_app: int, *channels: str) -> None:
        addresses = [{"channel": c, "account_id": new_user(), "address": user} for c in channels]
        member = Member(self.conversation, user, role="member", joined_at=now_ms(), in_app=in_app, addresses=addresses)
        member.save()

    def send(self, **fields: Any) -> list[Event]:
        """The record of a message."""
        self.messaging.send(self.conversation, self.ana, **fields)
        return self.messaging.publisher.take()

    def ways(self, events: list[Event]) -> set[tuple[str, str]]:
        """(recipient, channel) of the deliveries that were requested."""
        return {
            (self.name(e.data["recipient_id"]), e.data["channel"])
            for e in events
            if e.type == "chat4all.delivery.requested.v1"
        }

    def name(self, user_id: str) -> str:
        return {self.bob: "bob", self.guest: "guest"}[user_id]

    def online(self, user: str) -> None:
        Connections().opened(user, "connection")


@pytest.fixture
def office(rules: RoutingRules) -> Office:
    made = Office(rules)
    bind("contract-")
    return made


EVERYWHERE = {("bob", "telegram"), ("guest", "whatsapp"), ("guest", "telegram")}


def test_without_rules_it_goes_where_nobody_is_online(office: Office) -> None:
    assert office.ways(office.messaging.route(office.send())) == EVERYWHERE
    office.online(office.bob)
    assert office.ways(office.messaging.route(office.send())) == EVERYWHERE - {("bob", "telegram")}


def test_rules_do_not_learn_who_is_online_and_hides(office: Office) -> None:
    """Whose rules they are sees what they choose, and what they would."""
    target = office.messaging.conversation(office.ana, roles=["owner"])
    is_there = {"presence": "online", "recipients": [office.bob]}
    new(office.rules, office.ana, {"mirror_to": target}, conditions=is_there)
    new(office.rules, office.ana, {"channels": ["telegram"]}, conditions=is_there)
    trial = validate(Trial, {"conversation_id": office.conversation, "message": {"content": "x"}})

    def tried() -> tuple[bool, str, int]:
        found = RuleTrials(Connections()).try_out(office.ana, trial)
        (bob,) = (each for each in found["recipients"] if each["recipient_id"] == office.bob)
        return bob["online"], bob["choice"]["by"], len(found["mirrors"])

    def mirrored() -> int:
        asked = office.messaging.route(office.send())
        assert (("bob", "telegram") in office.ways(asked)) == (not hides), "the default looks at who is there"
        return sum(event.type == "chat4all.mirror.requested.v1" for event in asked)

    office.online(office.bob)
    hides = False
    assert (tried(), mirrored()) == ((True, "rule", 1), 1)
    Presence(office.bob).update([Presence.visibility.set("nobody")])
    hides = True
    assert (tried(), mirrored()) == ((False, "default", 0), 0)


def test_the_first_rule_that_holds_decides_for_each_recipient(office: Office) -> None:
    new(office.rules, office.ana, DROP, conditions={"recipients": [office.bob], "words": ["internal"]})
    new(office.rules, office.ana, {"channels": ["telegram"]}, conditions={"words": ["internal"]})
    assert office.ways(office.messaging.route(office.send(content="Internal: hi"))) == {("guest", "telegram")}
    assert office.ways(office.messaging.route(office.send(content="hi"))) == EVERYWHERE
    asked = office.send(content="internal", channels=("whatsapp",))
    assert office.ways(office.messaging.route(asked)) == {("guest", "whatsapp")}


def test_rules_of_others_do_not_hold(office: Office) -> None:
    new(office.rules, office.bob, DROP)
    assert office.ways(office.messaging.route(office.send())) == EVERYWHERE


def test_a_change_of_the_rules_is_known_within_ten_seconds(office: Office) -> None:
    time = [0.0]
    office.messaging.router._choices._rules = rules_in_force.RulesInForce(lambda: time[0])
    assert office.ways(office.messaging.route(office.send())) == EVERYWHERE
    new(office.rules, office.ana, DROP)
    time[0] = 10.0
    assert office.ways(office.messaging.route(office.send())) == set()


def test_what_was_chosen_stands_when_the_record_comes_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = new(office.rules, office.ana, {"channels": ["whatsapp"]}, conditions={"recipients": [office.guest]})
    office.online(office.bob)
    record = office.send()
    monkeypatch.setattr("chat4all.routing._advance", lambda *_: (_ for _ in ()).throw(RuntimeError("killed")))
    with pytest.raises(RuntimeError):
        office.messaging.route(record)
    assert office.ways(office.messaging.publisher.take()) == {("guest", "whatsapp")}
    monkeypatch.undo()
    bind("contract-")
    office.rules.delete(office.ana, rule["id"])
    Presence(office.bob).delete()
    office.messaging.router = Messaging(publisher=office.messaging.publisher).router
    assert office.ways(office.messaging.route(record)) == {("guest", "whatsapp")}
    assert len(list(Delivery.query(office.conversation))) == 1


def test_trying_tells_what_the_router_would_do(office: Office) -> None:
    rule = new(
        office.rules, office.ana, {"channels": ["telegram"]}, conditions={"recipients": [office.guest]}, name="tg"
    )
    target = office.messaging.conversation(office.ana, roles=["owner"])
    mirror = new(office.rules, office.ana, {"mirror_to": target})
    body = {"conversation_id": office.conversation, "message": {"content": "hello", "at": "2026-11-21T10:00:00+01:00"}}
    found = RuleTrials(Connections()).try_out(office.ana, validate(Trial, body))
    tried = {office.name(each["recipient_id"]): each for each in found["recipients"]}
    assert tried["guest"]["choice"] == {"by": "rule", "channels": ["telegram"], "rule_id": rule["id"]}
    assert tried["guest"]["explanation"] == "rule 1 (tg) holds: goes over telegram."
    assert tried["bob"]["choice"] == {"by": "default", "channels": ["telegram"]}
    assert [way["channel"] for way in tried["bob"]["routes"]] == ["in_app", "telegram"]
    assert tried["bob"]["rules"][0]["failed"][0]["condition"] == "recipients"
    assert found["mirrors"] == [{"conversation_id": target, "rule_id": mirror["id"], "allowed": True}]
    assert office.messaging.publisher.take() == []


def test_trying_with_facts_by_hand(office: Office) -> None:
    new(office.rules, office.ana, {"channels": ["messenger"]}, conditions={"presence": "offline"})
    somebody = {"recipient_id": office.bob, "channels": ["in_app", "messenger"], "online": True}
    another = somebody | {"recipient_id": office.guest, "online": False}
    body = {"recipients": [somebody, another], "message": {"type": "text", "content": "x"}}
    found = RuleTrials(Connections()).try_out(office.ana, validate(Trial, body))
    assert [each["choice"]["by"] for each in found["recipients"]] == ["default", "rule"]


def test_only_the_first_owner_tries_the_rules_of_a_conversation(office: Office) -> None:
    trials = RuleTrials(Connections())
    body: dict[str, Any] = {"conversation_id": office.conversation, "message": {"content": "x"}}
    with pytest.raises(Forbidden):
        trials.try_out(office.bob, validate(Trial, body))
    with pytest.raises(NotFound):
        trials.try_out(new_user(), validate(Trial, body))
    for message, at in (
        ({"content": "x", "sender_id": new_user()}, "/message/sender_id"),
        ({"content": ""}, "/message/content"),
        ({"content": {}, "type": "location"}, "/message/content/latitude"),
    ):
        with pytest.raises(Invalid) as wrong:
            trials.try_out(office.ana, validate(Trial, body | {"message": message}))
        assert wrong.value.errors[0].pointer == at
