"""The Telegram connector against the Bot API's real wire protocol, on a real engine."""

import json
import uuid
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from botocore.exceptions import ReadTimeoutError
from hypothesis import given, settings
from pynamodb.exceptions import UpdateError

from chat4all.accounts import AccountChanges, InboundRule, NewAccount
from chat4all.channels import delivery_log
from chat4all.channels.delivery_log import LONGEST_LEASE_MS, DeliveryLog
from chat4all.channels.fates import NotSent, ThrottledUntil, TryAgain, UnderWay
from chat4all.connections import Connections
from chat4all.conversations import Conversations
from chat4all.domain.circuit import CircuitRules
from chat4all.errors import DomainError, Invalid, NotFound, Unavailable
from chat4all.http.problem import status_of
from chat4all.kafka.schemas import DeliveryRequested, DeliveryUpdated
from chat4all.members import Members
from chat4all.passwords import Passwords
from chat4all.session_ends import SessionEnds
from chat4all.sessions import Sessions
from chat4all.stores.accounts import Account
from chat4all.stores.deliveries import Delivery
from chat4all.stores.identities import Identity
from chat4all.stores.members import Member
from chat4all.stores.messages import Message
from chat4all.stores.table import bind, engine_now_ms
from chat4all.users import Users
from chat4all.websocket.push import Push
from tests.contract.conftest import DynamoDb
from tests.contract.messaging import KeptPublisher, new_user
from tests.contract.telegram_world import Phone, World, request_record, running_world, until
from tests.unit.channels.channel_cases import cases_of
from tests.unit.channels.hostile import hostile

SECRET = "s-e_cret"
HEADER = "x-telegram-bot-api-secret-token"


@pytest.fixture
def world(dynamodb: DynamoDb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    users = Users(
        Passwords(),
        Sessions(2_592_000, 10),
        Members(Conversations(KeptPublisher())),
        SessionEnds(Connections(), Push("")),
    )
    bind(dynamodb.table_prefix)
    owner_id = users.create_guest("Owner")
    with running_world(tmp_path / "simulators", owner_id, users) as world:
        bind(dynamodb.table_prefix)
        yield world


def identity_of(account: dict[str, Any], phone: Phone) -> Identity:
    return until(lambda: _identity(account, phone), "the contact is known")


def _identity(account: dict[str, Any], phone: Phone) -> Identity | None:
    try:
        found = Identity.get(f"telegram:{account['id']}:{phone.id}", consistent_read=True)
    except Identity.DoesNotExist:
        return None
    return found if found.conversation_id else None


def message_at(conversation_id: str, seq: int) -> Message:
    return Message.get(conversation_id, seq, consistent_read=True)


def said(world: World, conversation_id: str, content: Any, **fields: Any) -> Message:
    """A message of the owner."""
    accepted = world.messaging.send(conversation_id, world.owner_id, content, **fields)
    return message_at(conversation_id, accepted.seq)


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
        ({"inbound": InboundRule(mirror_to="x")}, "unsupported", "/inbound/mirror_to"),
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
        lambda: (i := _identity(account, phone)) and i.conversation_id != first.conversation_id and i, "it moved"
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


# --- sending


@pytest.fixture
def chat(world: World) -> tuple[dict[str, Any], Phone, str]:
    """An account, a phone that has written "hello", and their conversation."""
    account = world.new_account()
    phone = world.new_phone(account)
    phone.says("hello")
    conversation = identity_of(account, phone).conversation_id
    until(lambda: world.answers == [200], "it is accepted")
    return account, phone, conversation


Chat = tuple[dict[str, Any], Phone, str]


def test_there_and_back_with_answers(world: World, chat: Chat) -> None:
    account, phone, conversation = chat
    hello = message_at(conversation, 1)
    answer = said(world, conversation, "Hello Ann!", reply_to=hello.message_id)
    reports = world.deliver(account, phone, answer)
    shown = phone.from_bot()[0]
    assert shown["text"] == "Hello Ann!"
    assert shown["reply_to_message_id"] == phone.messages()[0]["message_id"]
    report = DeliveryUpdated.model_validate(reports[0].data)
    assert (report.status, report.external_id) == ("sent", str(shown["message_id"]))

    other = world.messaging.conversation(world.owner_id, hello.sender_id)
    world.deliver(account, phone, said(world, other, "and in another conversation"))
    phone.says("goes there")
    until(lambda: world.texts(other)[-1] == "goes there", "the current conversation is where we last wrote")
    phone.says("an answer", reply_to_message_id=shown["message_id"])
    until(lambda: world.texts(conversation)[-1] == "an answer", "answers go to where the question stands")
    assert message_at(conversation, 3).reply_to == answer.message_id


def test_a_record_that_comes_again_is_not_sent_again(world: World, chat: Chat) -> None:
    account, phone, conversation = chat
    message = said(world, conversation, "once")
    first = world.deliver(account, phone, message)
    second = world.deliver(account, phone, message)
    assert [m["text"] for m in phone.from_bot()] == ["once"]
    assert first[0].data == second[0].data


def test_long_text_is_sent_in_parts(world: World, chat: Chat) -> None:
    account, phone, conversation = chat
    message = said(world, conversation, "x" * 9000)
    reports = world.deliver(account, phone, message)
    assert [len(m["text"]) for m in phone.from_bot()] == [4096, 4096, 808]
    assert [(r.data["part"], r.data["status"]) for r in reports] == [(0, "sent"), (1, "sent"), (2, "sent")]
    phone.says("re", reply_to_message_id=phone.from_bot()[2]["message_id"])
    until(lambda: world.texts(conversation)[-1] == "re", "the answer is there")
    assert message_at(conversation, 3).reply_to == message.message_id


def test_a_blocked_bot_is_a_failure_that_is_final(world: World, chat: Chat) -> None:
    account, phone, conversation = chat
    world.http.put(f"{phone.url}/block")
    message = said(world, conversation, "x" * 5000)
    for _ in range(2):
        reports = world.deliver(account, phone, message)
        assert [(r.data["part"], r.data["status"]) for r in reports] == [(0, "failed"), (1, "failed")]
        assert reports[0].data["reason"].startswith("recipient_gone: ")
    assert phone.from_bot() == []


def test_an_account_that_was_deleted(world: World, chat: Chat) -> None:
    account, phone, conversation = chat
    world.accounts.delete(world.owner_id, account["id"])
    reports = world.deliver(account, phone, said(world, conversation, "late"))
    assert reports[0].data["reason"].startswith("account_gone: ")


def test_a_throttle_is_not_waited_for_because_others_stand_behind(world: World, chat: Chat) -> None:
    account, phone, conversation = chat
    world.http.put(f"{world.simulators.url}/phones/api/settings", json={"rate_limits": True})
    burst = [said(world, conversation, str(number)) for number in range(6)]
    with pytest.raises(NotSent) as caught:
        deque((world.deliver(account, phone, message) for message in burst), maxlen=0)
    assert isinstance(caught.value.fate, ThrottledUntil)
    assert caught.value.wait_s == caught.value.fate.wait_s > 0


def test_on_the_last_try_what_was_not_sent_has_failed(world: World, chat: Chat) -> None:
    account, phone, conversation = chat
    message = said(world, conversation, "too late")
    record = replace(request_record(account, phone, message), is_last_try=True)
    world.publisher.take()
    world.connector.handle(record, lambda: 1000)
    (report,) = world.publisher.take()
    assert (report.data["status"], report.data["reason"].split(":")[0]) == ("failed", "expired")


def test_no_time_left_is_tried_again(world: World, chat: Chat) -> None:
    account, phone, conversation = chat
    message = said(world, conversation, "later")
    with pytest.raises(NotSent) as caught:
        world.connector.handle(request_record(account, phone, message), lambda: 1000)
    assert isinstance(caught.value.fate, TryAgain | ThrottledUntil)
    row = next(iter(Delivery.query(conversation, Delivery.delivery_key.startswith(f"{int(message.seq):012d}#"))))
    assert (row.status, int(row.attempts)) == ("accepted", 1)
    world.deliver(account, phone, message)
    row.refresh()
    assert (row.status, int(row.attempts), row.reason) == ("sent", 2, None)


def test_an_unreachable_telegram_is_tried_again(world: World, chat: Chat) -> None:
    account, phone, conversation = chat
    stored = Account.get(account["id"])
    stored.update([Account.settings.set(stored.settings | {"api_base": "http://127.0.0.1:9/telegram"})])
    with pytest.raises(NotSent) as caught:
        world.deliver(account, phone, said(world, conversation, "hi"))
    assert isinstance(caught.value.fate, TryAgain)


def test_an_account_that_fails_again_and_again_is_left_alone_until_it_is_mended(world: World, chat: Chat) -> None:
    account, phone, conversation = chat
    rules = CircuitRules(threshold=3, first_open_s=300, longest_open_s=300)
    world.connector = world.new_connector(rules)
    stored = Account.get(account["id"])
    stored.update([Account.settings.set(stored.settings | {"api_base": "http://127.0.0.1:9/telegram"})])
    message = said(world, conversation, "hi")
    fates = []
    for _ in range(4):
        with pytest.raises(NotSent) as caught:
            world.deliver(account, phone, message)
        fates.append(caught.value)
    assert [type(error.fate) for error in fates] == [TryAgain, TryAgain, TryAgain, ThrottledUntil]
    assert 200 < fates[-1].wait_s <= 360
    shown = world.accounts.get(world.owner_id, account["id"])["breaker"]
    assert (shown["state"], shown["failures"]) == ("open", 3)
    assert world.accounts.list(world.owner_id, 50, None)["items"][0]["breaker"] == shown
    mended = AccountChanges(settings={"api_base": world.api_base})
    assert world.accounts.update(world.owner_id, account["id"], mended)["breaker"]["state"] == "closed"
    world.connector = world.new_connector(rules)  # as after a second
    world.deliver(account, phone, message)
    assert [m["text"] for m in phone.from_bot()] == ["hi"]


def test_what_telegram_took_while_dynamodb_was_away_is_not_sent_again(
    world: World, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    account, phone, conversation = chat
    message = said(world, conversation, "once")
    away = UpdateError("away", cause=ReadTimeoutError(endpoint_url="x"))
    with monkeypatch.context() as patched:
        patched.setattr(DeliveryLog, "sent", lambda *_: (_ for _ in ()).throw(away))
        times = iter([60_000, 60_000, 60_000, 1000])
        with pytest.raises(UpdateError):
            world.connector.handle(request_record(account, phone, message), lambda: next(times))
    world.deliver(account, phone, message)
    assert [m["text"] for m in phone.from_bot()] == ["once"]


def test_two_invocations_with_the_same_record_send_once(
    world: World, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a rebalance, while the first is still waiting for the provider's answer."""
    account, phone, conversation = chat
    message = said(world, conversation, "once")
    request = DeliveryRequested.model_validate(request_record(account, phone, message).event["data"])
    DeliveryLog(request).begin(0)
    with pytest.raises(UnderWay):
        world.deliver(account, phone, message)
    assert phone.from_bot() == []
    monkeypatch.setattr(delivery_log, "engine_now_ms", lambda: engine_now_ms() + LONGEST_LEASE_MS + 1)  # it has died
    world.deliver(account, phone, message)
    world.deliver(account, phone, message)
    assert [m["text"] for m in phone.from_bot()] == ["once"]
