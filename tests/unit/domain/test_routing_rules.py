"""Routing rules as tables: what a condition means, which rule wins, and how it is explained."""

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat4all.domain.routes import Recipient
from chat4all.domain.routing_rules import NewRule, Rule, RuleAction
from chat4all.domain.rule_choice import BY_DEFAULT, BY_RULE, BY_SENDER, Choice, choose, explain, mirrors
from chat4all.domain.rule_conditions import Said, failures
from chat4all.errors import Invalid
from chat4all.validation import validate

ANA, BOB, CARLA, PLACE, OTHER = (str(uuid.UUID(int=number, version=4)) for number in range(1, 6))
GUEST = Recipient(CARLA, in_app=False, addresses=(("whatsapp", "a", "1"), ("telegram", "b", "2")))
USER = Recipient(BOB, in_app=True, addresses=(("telegram", "b", "3"),))
APP_ONLY = Recipient(BOB, in_app=True)
MONDAY_NOON = int(datetime(2026, 11, 23, 12, tzinfo=UTC).timestamp() * 1000)


def said(content: Any = "Hello", at_ms: int = MONDAY_NOON, origin: str = "in_app", kind: str = "text") -> Said:
    return Said.of(PLACE, ANA, origin, kind, content, at_ms)


def rule(action: dict[str, Any], **conditions: Any) -> Rule:
    body = validate(NewRule, {"action": action, "conditions": conditions})
    return Rule(str(uuid.uuid4()), body.conditions, body.action)


DROP: dict[str, Any] = {"drop": True}
LISBON = {"time_zone": "Europe/Lisbon"}  # UTC in winter, an hour ahead in summer
NIGHT = LISBON | {"start": "22:00", "end": "06:00"}
MONDAY_AT_5 = MONDAY_NOON - 7 * 3_600_000
CONDITIONS: list[tuple[dict[str, Any], Said, Recipient, bool, str | None]] = [
    ({}, said(), GUEST, False, None),
    ({"senders": [ANA]}, said(), GUEST, False, None),
    ({"senders": [BOB]}, said(), GUEST, False, "senders"),
    ({"recipients": [BOB, CARLA]}, said(), GUEST, False, None),
    ({"recipients": [BOB]}, said(), GUEST, False, "recipients"),
    ({"origins": ["in_app"]}, said(), GUEST, False, None),
    ({"origins": ["telegram", "whatsapp"]}, said(), GUEST, False, "origins"),
    ({"types": ["file"]}, said("a caption", kind="file"), GUEST, False, None),
    ({"types": ["file"]}, said(), GUEST, False, "types"),
    ({"size": {"at_least": 5, "at_most": 5}}, said("Hello"), GUEST, False, None),
    ({"size": {"at_least": 6}}, said("Hello"), GUEST, False, "size"),
    ({"size": {"at_most": 4}}, said("Hello"), GUEST, False, "size"),
    ({"size": {"at_most": 0}}, said({"latitude": 1, "longitude": 1}, kind="location"), GUEST, False, None),
    ({"words": ["refund"]}, said("A REFUND, please"), GUEST, False, None),
    ({"words": ["money back", "refund"]}, said("I want my money\nback!"), GUEST, False, None),
    ({"words": ["refund"]}, said("refundable"), GUEST, False, "words"),
    ({"words": ["straße"]}, said("STRASSE 5"), GUEST, False, None),
    ({"words": ["ação"]}, said("Ac\u0327a\u0303o!"), GUEST, False, None),
    ({"hours": LISBON | {"start": "09:00", "end": "18:00"}}, said(), GUEST, False, None),
    ({"hours": LISBON | {"start": "12:00", "end": "12:01"}}, said(), GUEST, False, None),
    ({"hours": LISBON | {"start": "09:00", "end": "12:00"}}, said(), GUEST, False, "hours"),
    ({"hours": LISBON | {"days": ["sat", "sun"]}}, said(), GUEST, False, "hours"),
    ({"hours": {"time_zone": "Pacific/Kiritimati", "days": ["tue"]}}, said(), GUEST, False, None),
    ({"hours": NIGHT | {"days": ["sun"]}}, said(at_ms=MONDAY_AT_5), GUEST, False, None),
    ({"hours": NIGHT | {"days": ["mon"]}}, said(at_ms=MONDAY_AT_5), GUEST, False, "hours"),
    ({"hours": LISBON | {"start": "13:00", "end": "14:00"}}, said(at_ms=MONDAY_NOON - 180 * 86_400_000), GUEST, False, None),
    ({"presence": "offline"}, said(), USER, False, None),
    ({"presence": "offline"}, said(), USER, True, "presence"),
    ({"presence": "online"}, said(), USER, True, None),
]  # fmt: skip


@pytest.mark.parametrize(("conditions", "message", "recipient", "is_online", "failed"), CONDITIONS)
def test_a_condition_holds_or_says_why_not(
    conditions: dict[str, Any], message: Said, recipient: Recipient, is_online: bool, failed: str | None
) -> None:
    found = [f.condition for f in failures(rule(DROP, **conditions), message, recipient, is_online=is_online)]
    assert found == ([failed] if failed else [])


FALLBACK = {"fallback": {"chain": ["in_app", "whatsapp", "telegram"], "wait_s": 60}}
CHOICES: list[tuple[list[Rule], Recipient, bool, dict[str, Any]]] = [
    ([], GUEST, False, {"by": BY_DEFAULT, "channels": ("whatsapp", "telegram")}),
    ([], USER, True, {"by": BY_DEFAULT, "channels": ()}),
    ([rule({"channels": ["telegram"]})], GUEST, False, {"by": BY_RULE, "channels": ("telegram",)}),
    ([rule({"channels": ["all"]})], USER, True, {"by": BY_RULE, "channels": ("telegram",)}),
    ([rule({"channels": ["in_app"]})], USER, False, {"by": BY_RULE, "channels": ()}),
    ([rule({"channels": ["in_app"]})], GUEST, False, {"by": BY_DEFAULT, "channels": ("whatsapp", "telegram")}),
    ([rule({"channels": ["messenger"]})], GUEST, False, {"by": BY_DEFAULT, "channels": ("whatsapp", "telegram")}),
    ([rule(DROP)], GUEST, False, {"by": BY_RULE, "channels": (), "is_dropped": True}),
    ([rule(FALLBACK)], GUEST, False, {"channels": ("whatsapp",), "chain": ("whatsapp", "telegram"), "wait_s": 60}),
    ([rule(FALLBACK)], USER, True, {"channels": (), "chain": ("in_app", "telegram"), "wait_s": 60}),
    ([rule(DROP, senders=[BOB]), rule({"channels": ["telegram"]}), rule(DROP)], GUEST, False, {"channels": ("telegram",)}),
    ([rule({"mirror_to": OTHER}), rule(DROP)], GUEST, False, {"is_dropped": True}),
]  # fmt: skip


@pytest.mark.parametrize(("rules", "recipient", "is_online", "chosen"), CHOICES)
def test_the_first_rule_that_holds_wins_and_nobody_is_left_without_the_message_by_another_than_drop(
    rules: list[Rule], recipient: Recipient, is_online: bool, chosen: dict[str, Any]
) -> None:
    choice = choose(rules, said(), recipient, is_online=is_online)
    assert {name: getattr(choice, name) for name in chosen} == chosen
    assert Choice.read(recipient.user_id, choice.document()) == choice


def test_the_senders_own_channels_go_before_rules() -> None:
    asked = Said(PLACE, ANA, "in_app", "text", 1, " x ", MONDAY_NOON, asked=("telegram",))
    choice = choose([rule(DROP)], asked, GUEST, is_online=False)
    assert (choice.by, choice.channels) == (BY_SENDER, ("telegram",))
    assert explain([rule(DROP)], asked, GUEST, is_online=False)["rules"] == []


def test_a_rule_that_is_switched_off_does_not_hold() -> None:
    off = Rule("off", rule(DROP).conditions, RuleAction(drop=True), is_enabled=False)
    assert choose([off], said(), GUEST, is_online=False).by == BY_DEFAULT


def test_mirrors_add_up_and_never_mirror_what_a_mirror_said() -> None:
    first, second, third = (
        rule({"mirror_to": OTHER}),
        rule({"mirror_to": CARLA}, recipients=[BOB]),
        rule({"mirror_to": OTHER}),
    )
    assert mirrors([first, second, third], said(), [GUEST, APP_ONLY], ()) == {OTHER: first.id, CARLA: second.id}
    assert mirrors([second], said(), [GUEST], ()) == {}
    assert mirrors([rule({"mirror_to": PLACE})], said(), [GUEST], ()) == {}
    again = Said(PLACE, ANA, "in_app", "text", 1, " x ", MONDAY_NOON, is_mirrored=True)
    assert mirrors([first], again, [GUEST], ()) == {}


def test_it_is_explained_in_words_and_in_data() -> None:
    rules = [rule({"channels": ["whatsapp"]}, types=["file"]), rule({"mirror_to": OTHER}), rule(FALLBACK)]
    explained = explain(rules, said(), GUEST, is_online=False)
    assert explained["rules"] == [
        {
            "rule_id": rules[0].id,
            "name": None,
            "position": 1,
            "holds": False,
            "failed": [{"condition": "types", "detail": "it is of type text, not file"}],
        },
        {"rule_id": rules[2].id, "name": None, "position": 3, "holds": True, "failed": []},
    ]
    assert explained["explanation"] == (
        "rule 1 does not hold (it is of type text, not file); rule 3 holds: "
        "whatsapp, then telegram, each 60 s after the one before has not reached the recipient."
    )


WRONG: list[tuple[dict[str, Any], str]] = [
    ({}, "/action"),
    ({"action": {}}, "/action"),
    ({"action": {"drop": True, "channels": ["telegram"]}}, "/action"),
    ({"action": {"drop": False}}, "/action/drop"),
    ({"action": {"channels": []}}, "/action/channels"),
    ({"action": {"channels": ["telegram", "telegram"]}}, "/action/channels"),
    ({"action": {"channels": ["sms"]}}, "/action/channels/0"),
    ({"action": {"mirror_to": "x"}}, "/action/mirror_to"),
    ({"action": {"fallback": {"chain": ["in_app"], "wait_s": 60}}}, "/action/fallback/chain"),
    ({"action": {"fallback": {"chain": ["in_app", "whatsapp"], "wait_s": 4}}}, "/action/fallback/wait_s"),
    ({"action": {"fallback": {"chain": ["in_app", "whatsapp"], "wait_s": 86_401}}}, "/action/fallback/wait_s"),
    ({"action": DROP, "conditions": {"words": ["?!"]}}, "/conditions/words/0"),
    ({"action": DROP, "conditions": {"words": []}}, "/conditions/words"),
    ({"action": DROP, "conditions": {"senders": ["me"]}}, "/conditions/senders/0"),
    ({"action": DROP, "conditions": {"size": {"at_least": 2, "at_most": 1}}}, "/conditions/size"),
    ({"action": DROP, "conditions": {"hours": {}}}, "/conditions/hours/time_zone"),
    ({"action": DROP, "conditions": {"hours": {"time_zone": "Europe/Atlantis"}}}, "/conditions/hours/time_zone"),
    ({"action": DROP, "conditions": {"hours": {"time_zone": "../etc/passwd"}}}, "/conditions/hours/time_zone"),
    ({"action": DROP, "conditions": {"hours": {"time_zone": "Africa"}}}, "/conditions/hours/time_zone"),
    ({"action": DROP, "conditions": {"hours": LISBON | {"start": "25:00"}}}, "/conditions/hours/start"),
    ({"action": DROP, "conditions": {"hours": LISBON | {"start": "10:00", "end": "10:00"}}}, "/conditions/hours"),
    ({"action": DROP, "conditions": {"mood": "good"}}, "/conditions/mood"),
    ({"action": DROP, "position": 0}, "/position"),
    ({"action": DROP, "name": ""}, "/name"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "at"), WRONG)
def test_what_is_wrong_is_said_with_its_place(body: dict[str, Any], at: str) -> None:
    with pytest.raises(Invalid) as error:
        validate(NewRule, body)
    assert at in [each.pointer for each in error.value.errors]


_channels = st.sampled_from(["in_app", "telegram", "whatsapp", "messenger", "instagram"])
_actions = st.one_of(
    st.builds(lambda c: {"channels": c}, st.lists(_channels, min_size=1, max_size=5, unique=True)),
    st.builds(
        lambda c, w: {"fallback": {"chain": c, "wait_s": w}},
        st.lists(_channels, min_size=2, max_size=5, unique=True),
        st.integers(5, 86_400),
    ),
    st.just(DROP),
    st.just({"mirror_to": OTHER}),
)
_some_conditions = st.fixed_dictionaries(
    {},
    optional={
        "senders": st.just([ANA]),
        "recipients": st.sampled_from([[BOB], [CARLA]]),
        "origins": st.lists(_channels, min_size=1, max_size=5),
        "types": st.lists(st.sampled_from(["text", "file"]), min_size=1, max_size=2),
        "words": st.lists(st.sampled_from(["a", "b c", "ß"]), min_size=1, max_size=3),
        "presence": st.sampled_from(["online", "offline"]),
        "hours": st.fixed_dictionaries(
            {"time_zone": st.sampled_from(["UTC", "America/Sao_Paulo", "Asia/Kolkata"]), "start": st.just("20:00")},
            optional={"end": st.sampled_from(["06:00", "21:30"]), "days": st.just(["mon", "fri"])},
        ),
    },
)
_rules = st.lists(
    st.builds(lambda action, conditions: rule(action, **conditions), _actions, _some_conditions), max_size=8
)
_recipients = st.builds(
    lambda in_app, channels: Recipient(BOB, in_app, tuple((c, "a", "1") for c in channels)),
    st.booleans(),
    st.lists(_channels.filter(lambda c: c != "in_app"), max_size=4),
)
_said = st.builds(said, st.text(), st.integers(0, 4_102_444_800_000), _channels)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_rules, _said, _recipients, st.booleans())
def test_there_is_always_one_choice_and_it_is_explained(
    rules: list[Rule], message: Said, recipient: Recipient, is_online: bool
) -> None:
    choice = choose(rules, message, recipient, is_online=is_online)
    explained = explain(rules, message, recipient, is_online=is_online)
    assert explained["choice"] == choice.document()
    assert Choice.read(BOB, choice.document()) == choice
    ways = {channel for channel, _, _ in recipient.addresses}
    assert set(choice.channels) <= ways
    assert set(choice.chain) <= ways | ({"in_app"} if recipient.in_app else set())
    held = [each["rule_id"] for each in explained["rules"] if each["holds"]]
    assert held == ([choice.rule_id] if choice.by == BY_RULE else [])
    assert all(each["failed"] for each in explained["rules"] if not each["holds"])
    if (ways or recipient.in_app) and not choice.is_dropped:
        assert choice.channels or recipient.in_app, "only a drop keeps a message from somebody who can be reached"
