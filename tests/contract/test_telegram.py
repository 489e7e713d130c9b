"""Accounts on Telegram, and what arrives there: the Bot API's real wire protocol, on a real engine."""

import json
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings

from chat4all.accounts import AccountChanges, InboundRule, NewAccount
from chat4all.errors import DomainError, Invalid, NotFound, Unavailable
from chat4all.http.problem import status_of
from chat4all.stores.identities import Identity
from chat4all.stores.members import Member
from tests.contract.channel_world import until
from tests.contract.conftest import DynamoDb
from tests.contract.messaging import new_user
from tests.contract.telegram_world import World, identity_of, known_identity, message_at, new_world
from tests.unit.channels.channel_cases import cases_of
from tests.unit.channels.hostile import hostile

SECRET = "s-e_cret"
HEADER = "x-telegram-bot-api-secret-token"


@pytest.fixture
def world(dynamodb: DynamoDb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    with new_world(dynamodb, tmp_path / "simulators") as world:
        yield world


# --- accounts


def test_secrets_go_in_and_never_come_out(world: World) -> None:
    account = world.new_account(webhook_secret=SECRET)
    assert account["settings"] == {"api_base": world.api_base, "bot_token": "set", "webhook_secret": "set"}
    assert world.accounts.get(world.owner_id, account["id"])["settings"]["bot_token"] == "set"
    assert [a["id"] for a in world.accounts.list(world.owner_id, 50, None)["items"]] == [account["id"]]


def test_others_do_not_see_it(world: World) -> None:
    account = world.new_account()
    stranger = new_user()
    for act in (
        lambda: world.accounts.get(stranger, account["id"]),
        lambda: world.accounts.delete(stranger, account["id"]),
        lambda: world.accounts.update(stranger, account["id"], AccountChanges(name="Mine")),
    ):
        with pytest.raises(NotFound):
            act()


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"channel": "sms"}, "unsupported_channel", "/channel"),
        ({"settings": {}}, "invalid", "/settings/bot_token"),
        ({"settings": {"bot_token": "x"}}, "invalid", "/settings/bot_token"),
        ({"settings": {"bot_token": f"1:{'a' * 35}", "page_id": "1"}}, "invalid", "/settings/page_id"),
        ({"settings": {"bot_token": f"1:{'a' * 35}", "webhook_secret": "é"}}, "invalid", "/settings/webhook_secret"),
        (
            {"settings": {"bot_token": f"1:{'a' * 35}", "api_base": "http://169.254.169.254/x"}},
            "host_not_allowed",
            "/settings/api_base",
        ),
        ({"settings": {"bot_token": f"1:{'a' * 35}", "api_base": "file:///x"}}, "invalid", "/settings/api_base"),
        ({"inbound": InboundRule(conversation="x")}, "invalid", "/inbound/conversation"),
        ({"inbound": InboundRule(conversation=str(uuid.uuid4()))}, "invalid", "/inbound/conversation"),
        ({"inbound": InboundRule(mirror_to="x")}, "invalid", "/inbound/mirror_to"),
    ],
)
def test_what_an_account_may_not_be(world: World, changes: dict[str, Any], code: str, pointer: str) -> None:
    fields = {
        "channel": "telegram",
        "name": "Shop",
        "settings": {"bot_token": f"1:{'a' * 35}", "api_base": world.api_base},
    } | changes
    with pytest.raises(Invalid) as caught:
        world.accounts.create(world.owner_id, NewAccount(**fields))
    assert (caught.value.code, caught.value.errors[0].pointer) == (code, pointer)
    assert world.accounts.list(world.owner_id, 50, None)["items"] == []


def test_a_token_that_telegram_refuses_is_not_kept(world: World) -> None:
    world.http.get(f"{world.api_base}/bot5:{'a' * 35}/getMe")
    with pytest.raises(Invalid, match="Unauthorized") as caught:
        world.new_account(bot_token=f"5:{'b' * 35}")
    assert caught.value.code == "provider_refused"
    assert world.accounts.list(world.owner_id, 50, None)["items"] == []


def test_a_telegram_that_cannot_be_reached(world: World) -> None:
    world.accounts._settings = world.accounts._settings.__class__(
        public_url=world.webhook_url, provider_hosts="127.0.0.1:9"
    )
    with pytest.raises(Unavailable):
        world.new_account(api_base="http://127.0.0.1:9/telegram")
    assert world.accounts.list(world.owner_id, 50, None)["items"] == []


def test_a_new_token_moves_the_webhook(world: World) -> None:
    account = world.new_account()
    world.accounts.update(
        world.owner_id, account["id"], AccountChanges(name="Moved", settings={"bot_token": f"99:{'z' * 35}"})
    )
    bots = {b["id"]: b for b in world.http.get(f"{world.simulators.url}/phones/api/bots").json()["items"]}
    assert bots[account["bot_id"]]["webhook_url"] == ""
    assert bots[99]["webhook_url"].endswith(f"/channels/telegram/{account['id']}/webhook")
    world.accounts.delete(world.owner_id, account["id"])
    with pytest.raises(NotFound):
        world.accounts.get(world.owner_id, account["id"])


# --- receiving


def test_a_new_contact_gets_a_private_conversation(world: World) -> None:
    account = world.new_account()
    phone = world.new_phone(account)
    phone.says("hello")
    identity = identity_of(account, phone)
    until(lambda: world.texts(identity.conversation_id) == ["hello"], "the message is there")
    members = {m.user_id: m for m in Member.query(identity.conversation_id)}
    assert set(members) == {world.owner_id, identity.user_id}
    assert members[identity.user_id].addresses == [
        {"channel": "telegram", "account_id": account["id"], "address": str(phone.id)}
    ]
    message = message_at(identity.conversation_id, 1)
    assert (message.channel, message.sender_id) == ("telegram", identity.user_id)


def test_in_order_and_once_when_webhooks_are_repeated(world: World) -> None:
    account = world.new_account()
    phone = world.new_phone(account)
    world.refuse = 7
    texts = [f"number {n}" for n in range(20)]
    for text in texts:
        phone.says(text)
    until(lambda: world.answers.count(200) >= 20, "all are accepted")
    assert world.texts(identity_of(account, phone).conversation_id) == texts
    assert world.answers.count(503) == 7


def test_one_guest_and_one_conversation_for_eight_webhooks_at_once(world: World) -> None:
    account = world.new_account(webhook_secret=SECRET)
    update = {
        "update_id": 1,
        "message": {
            "message_id": 1,
            "from": {"id": 5, "is_bot": False, "first_name": "Eve"},
            "chat": {"id": 5, "type": "private"},
            "date": 1,
            "text": "hi",
        },
    }

    def post(number: int) -> int:
        document = update | {"update_id": number, "message": update["message"] | {"message_id": number}}  # type: ignore[operator]
        return httpx.post(
            f"{world.webhook_url}/channels/telegram/{account['id']}/webhook",
            json=document,
            headers={"X-Telegram-Bot-Api-Secret-Token": SECRET},
            timeout=20,
        ).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(post, range(1, 9))) == {200}
    owned = list(Member.by_user.query(world.owner_id))
    assert len(owned) == 1
    assert len(world.texts(owned[0].conversation_id)) == 8


def test_a_claim_of_the_dead_is_taken_over(world: World) -> None:
    account = world.new_account()
    phone = world.new_phone(account)
    Identity(
        f"telegram:{account['id']}:{phone.id}",
        channel="telegram",
        account_id=account["id"],
        address=str(phone.id),
        display_name="Ann",
        claimed_at=1,
        created_at=1,
    ).save()
    phone.says("anybody?")
    identity = identity_of(account, phone)
    until(lambda: world.texts(identity.conversation_id) == ["anybody?"], "the message is there")


def test_contacts_can_join_a_conversation(world: World) -> None:
    conversation = world.messaging.conversation(world.owner_id, new_user(), roles=["owner", "member"])
    account = world.new_account(conversation)
    ann, bob = world.new_phone(account), world.new_phone(account, "Bob")
    ann.says("I am Ann")
    until(lambda: world.texts(conversation) == ["I am Ann"], "Ann is in")
    bob.says("I am Bob")
    until(lambda: world.texts(conversation) == ["I am Ann", "I am Bob"], "Bob is in")
    assert len(list(Member.query(conversation))) == 4


def test_a_contact_whose_conversation_is_gone_gets_another(world: World) -> None:
    account = world.new_account()
    phone = world.new_phone(account)
    phone.says("one")
    first = identity_of(account, phone)
    until(lambda: world.texts(first.conversation_id) == ["one"], "one is there")
    for member in Member.query(first.conversation_id):
        member.delete()
    phone.says("two")
    second = until(
        lambda: (i := known_identity(account, phone)) and i.conversation_id != first.conversation_id and i, "it moved"
    )
    until(lambda: world.texts(second.conversation_id) == ["two"], "two is there")
    assert second.user_id == first.user_id


def test_what_is_not_known_yet_is_kept(world: World) -> None:
    account = world.new_account()
    phone = world.new_phone(account)
    phone.says("hello")
    world.http.put(f"{phone.url}/block")
    until(lambda: list(world.payloads.kept.values()) == ["bot_blocked"], "it is kept")
    assert all(key.startswith(f"telegram/{account['id']}/") for key in world.payloads.kept)


def test_locations_and_contacts(world: World) -> None:
    account = world.new_account()
    phone = world.new_phone(account)
    phone.says(location={"latitude": 1.5, "longitude": 2})
    phone.says(contact={"phone_number": "+1", "first_name": "Grace"})
    conversation = identity_of(account, phone).conversation_id
    expected = [{"latitude": 1.5, "longitude": 2.0}, {"name": "Grace", "phone": "+1"}]
    until(lambda: world.texts(conversation) == expected, "both are there")


@pytest.mark.parametrize("secret", [None, "", "wrong", "sécret"])
def test_wrong_secret(world: World, secret: str | None) -> None:
    account = world.new_account(webhook_secret=SECRET)
    with pytest.raises(NotFound):
        world.receiver.receive(account["id"], {} if secret is None else {HEADER: secret}, b"not even read")


@pytest.mark.parametrize(
    ("body", "code"),
    [(b"{", "invalid_json"), (b"[]", "nothing_told"), (b"{}", "nothing_told"), (b" " * 1_000_001, "body_too_large")],
)
def test_a_body_that_is_no_update(world: World, body: bytes, code: str) -> None:
    account = world.new_account(webhook_secret=SECRET)
    with pytest.raises(Invalid) as caught:
        world.receiver.receive(account["id"], {HEADER: SECRET}, body)
    assert caught.value.code == code


def test_hostile_updates_are_taken_kept_or_refused(world: World) -> None:
    """With the secret, so that nothing but their shape is wrong: never an error of ours."""
    account = world.new_account(webhook_secret=SECRET)
    updates = [case["payload"] for case in cases_of("telegram")]

    @settings(max_examples=30, deadline=None)
    @given(hostile(updates))
    def try_it(update: Any) -> None:
        status = 200
        try:
            world.receiver.receive(account["id"], {HEADER: SECRET}, json.dumps(update).encode())
        except DomainError as error:
            status = status_of(error).value
        assert status < 500

    try_it()
    assert "failed" not in {kind.partition("_")[0] for kind in world.payloads.kept.values()}, world.payloads.kept


def test_unknown_account(world: World) -> None:
    with pytest.raises(NotFound):
        world.receiver.receive(str(uuid.uuid4()), {HEADER: SECRET}, b"{}")
