"""What every channel's webhook does, shown by the fifth one (tests/channels/sms)."""

import json
import uuid
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat4all import admission
from chat4all.channels.happenings import Happenings
from chat4all.channels.inbound import Item
from chat4all.clock import now_ms
from chat4all.errors import Forbidden, Invalid, NotFound, RateLimited, Unavailable
from chat4all.stores.accounts import Account
from chat4all.stores.identities import Identity, address_key
from chat4all.stores.messages import Message
from tests.contract.conftest import DynamoDb
from tests.contract.sms_world import KEY, SmsWorld, delivery, running_sms_world, signature


@pytest.fixture
def world(dynamodb: DynamoDb) -> Iterator[SmsWorld]:
    with running_sms_world(dynamodb) as world:
        yield world


def entry(account: Account, text: Any, external_id: str = "m1", address: str = "351") -> dict[str, Any]:
    return {"id": external_id, "to": account.settings["number"], "from": address, "text": text}


def texts(conversation_id: str) -> list[Any]:
    return [m.content for m in Message.query(conversation_id, consistent_read=True) if m.type != "void"]


def test_a_message_of_a_new_contact_is_in_a_conversation_with_the_owner_once(world: SmsWorld) -> None:
    account = world.new_account()
    said = world.hears(account, "351", "Olá", "m1")
    world.post(account, {"messages": [entry(account, "Olá")]})
    assert (said.content, said.channel, texts(said.conversation_id)) == ("Olá", "sms", ["Olá"])


def test_the_handshake_is_answered_to_its_provider_only(world: SmsWorld) -> None:
    account = world.new_account()
    assert world.receiver.challenge(account.id, {"code": KEY}) == "sms-ok"
    for account_id, query in ((account.id, {"code": "x"}), (account.id, {}), (str(uuid.uuid4()), {"code": KEY})):
        with pytest.raises(Forbidden):
            world.receiver.challenge(account_id, query)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "invalid_json"),
        (b"[]", "nothing_told"),
        (b"{}", "nothing_told"),
        (b" " * 100_001, "body_too_large"),
        (b"[" * 90_000, "invalid_json"),
    ],
)
def test_what_is_no_body_of_the_providers_is_refused_and_nothing_is_kept(
    world: SmsWorld, body: bytes, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        world.post(world.new_account(), body)
    assert (refused.value.code, world.payloads.kept) == (code, {})


def test_who_does_not_sign_these_very_bytes_learns_nothing(world: SmsWorld) -> None:
    account = world.new_account()
    body = json.dumps({"messages": [entry(account, "x")]}).encode()
    for account_id, header in (
        (account.id, {}),
        (account.id, {"x-sms-signature": signature(body, "other")}),
        (account.id, {"x-sms-signature": signature(body + b" ")}),
        (str(uuid.uuid4()), {"x-sms-signature": signature(body)}),
    ):
        with pytest.raises(NotFound) as refused:
            world.receiver.receive(account_id, header, body)
        assert refused.value.detail == "No such account, or not from its provider"
    assert (world.messaging.publisher.take(), world.payloads.kept) == ([], {})


def test_one_bad_item_keeps_back_none_of_the_others(world: SmsWorld) -> None:
    account = world.new_account()
    items = [
        entry(account, "one"),
        entry(account, "", "m2"),
        entry(account, 5, "m3"),
        {"id": "m4"},
        entry(account, "two", "m5"),
    ]
    world.post(account, {"messages": items, "faxes": [{"id": "f1", "to": account.settings["number"]}]})
    said = [e.data["content"] for e in world.messaging.publisher.take() if e.type == "chat4all.message.accepted.v1"]
    assert said == ["one", "two"]
    kept = {key.rpartition("/")[2]: kind for key, kind in world.payloads.kept.items()}
    assert kept == {
        "messages-m2.json": "refused_invalid",
        "messages-m3.json": "refused_invalid",
        "messages-3.json": "unreadable",
        "faxes-f1.json": "faxes",
    }
    assert json.loads(world.payloads.bodies[f"sms/{account.id}/messages-m2.json"]) == items[1]


def test_what_cannot_be_stored_now_is_asked_for_again_and_holds_back_only_its_contact(
    world: SmsWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = world.new_account()
    taken: list[str] = []
    take = Happenings.take

    def take_or_not(self: Happenings, account: Account, item: Item) -> str | None:
        if item.name == "messages-m1":
            raise Unavailable("away")
        taken.append(item.name)
        return take(self, account, item)

    document = {"messages": [entry(account, "1"), entry(account, "2", "m2"), entry(account, "3", "m3", "352")]}
    with monkeypatch.context() as patched:
        patched.setattr(Happenings, "take", take_or_not)
        with pytest.raises(Unavailable):
            world.post(account, document)
    assert taken == ["messages-m3"]
    world.post(account, document)
    accepted = [e.data for e in world.messaging.publisher.take() if e.type == "chat4all.message.accepted.v1"]
    assert list(dict.fromkeys(data["content"] for data in accepted)) == ["3", "1", "2"]
    assert len({data["message_id"] for data in accepted}) == 3


def test_a_mistake_of_ours_keeps_the_payload_and_is_no_5xx(world: SmsWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    account = world.new_account()

    def fail(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Happenings, "take", fail)
    world.post(account, {"messages": [entry(account, "x")]})
    assert list(world.payloads.kept.values()) == ["failed_ZeroDivisionError"]


def test_an_item_of_another_account_goes_there_if_the_same_secret_signs_for_it(world: SmsWorld) -> None:
    called, sister, stranger = world.new_account(), world.new_account(), world.new_account(key="other")
    nobody = Account(settings={"number": "999"})
    world.post(
        called,
        {
            "messages": [
                entry(who, who.settings["number"], who.settings["number"]) for who in (sister, stranger, nobody)
            ]
        },
    )
    accepted = [e.data for e in world.messaging.publisher.take() if e.type == "chat4all.message.accepted.v1"]
    assert [data["content"] for data in accepted] == [sister.settings["number"]]
    assert Identity.get(address_key("sms", sister.id, "351"), consistent_read=True).account_id == sister.id
    assert list(world.payloads.kept.values()) == ["of_another_account"] * 2
    assert all(key.startswith(f"sms/{called.id}/") for key in world.payloads.kept)


@pytest.mark.parametrize("key", ["9" * 3000, "\ud800", "\0", "é"])
def test_an_item_of_an_account_that_cannot_be_is_kept_and_not_asked_for_again(world: SmsWorld, key: str) -> None:
    called = world.new_account()
    world.post(called, {"messages": [entry(Account(settings={"number": key}), "x")]})
    assert list(world.payloads.kept.values()) == ["of_another_account"]


def test_no_account_tells_of_what_another_has_sent(world: SmsWorld) -> None:
    account, stranger, sister = world.new_account(), world.new_account(key="other"), world.new_account()
    said = world.says(world.hears(account, "351", "hi", "m1").conversation_id, "yes")
    world.deliver(account, "351", said)
    told = {"id": "s1", "to": "351", "state": "rejected", "at": 1, "through": now_ms()}
    world.post(stranger, {"reports": [told | {"from": stranger.settings["number"]}]}, key="other")
    world.post(stranger, {"reports": [told | {"from": account.settings["number"]}]}, key="other")
    world.post(account, {"reports": [told | {"from": sister.settings["number"]}]})
    assert (world.apply(), delivery("351", said).status) == ([], "sent")
    assert world.report(account, "351", "s1", "delivered")


def test_what_one_call_has_no_time_for_is_taken_by_the_next(world: SmsWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chat4all.channels.receiver.ACCOUNT_RATE", 0.01)
    monkeypatch.setattr("chat4all.channels.receiver.ACCOUNT_BURST", 9)
    account = world.new_account()
    messages = [entry(account, str(n), f"m{n}", f"35{n}") for n in range(3)]
    taken: list[str] = []
    take = Happenings.take

    def take_slowly(self: Happenings, account: Account, item: Item) -> str | None:
        taken.append(item.name)
        kind = take(self, account, item)
        monkeypatch.setattr("chat4all.admission._COMMIT_S", 3600.0)
        return kind

    monkeypatch.setattr(Happenings, "take", take_slowly)
    for _ in range(2):
        monkeypatch.setattr("chat4all.admission._COMMIT_S", 0.0)
        with admission.request(60, 60), pytest.raises(Unavailable):
            world.post(account, {"messages": messages})
    monkeypatch.setattr("chat4all.admission._COMMIT_S", 0.0)
    with admission.request(60, 60):
        world.post(account, {"messages": messages})
    assert taken == ["messages-m0", "messages-m1", "messages-m2"]


def test_statuses_leave_room_for_messages(world: SmsWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chat4all.channels.receiver.ACCOUNT_RATE", 0.01)
    monkeypatch.setattr("chat4all.channels.receiver.ACCOUNT_BURST", 1)
    account = world.new_account()
    number = account.settings["number"]
    reports = [{"id": f"s{n}", "to": "351", "from": number, "state": "delivered", "at": n} for n in range(1, 4)]
    world.post(account, {"reports": reports})
    world.post(account, {"reports": reports, "messages": [entry(account, "x")]})
    with pytest.raises(RateLimited):
        world.post(account, {"messages": [entry(account, "y", "m2")]})


def test_an_echo_of_what_we_sent_is_nothing_and_another_one_is_kept(world: SmsWorld) -> None:
    account = world.new_account()
    said = world.says(world.hears(account, "351", "hi", "m1").conversation_id, "yes")
    world.deliver(account, "351", said)
    number = account.settings["number"]
    world.post(account, {"sent": [{"id": "s1", "to": "351"}, {"id": "s9", "to": number}]})
    assert list(world.payloads.kept.values()).count("echo") == 1


NAMES = st.sampled_from(["messages", "reports", "sent", "id", "to", "from", "text", "state", "at", "x"])
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
BODIES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=5), max_leaves=20
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=BODIES | st.binary(max_size=200))
def test_no_signed_body_is_a_5xx(world: SmsWorld, body: Any) -> None:
    if world.fuzzed is None:
        world.fuzzed = world.new_account()
    with suppress(Invalid):
        world.post(world.fuzzed, body)
