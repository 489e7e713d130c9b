"""Sending over Telegram: the connector against the Bot API's real wire protocol, on a real engine."""

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError
from pynamodb.exceptions import UpdateError

from chat4all.accounts import AccountChanges
from chat4all.channels import delivery_log
from chat4all.channels.delivery_log import LONGEST_LEASE_MS, DeliveryLog
from chat4all.channels.fates import NotSent, ThrottledUntil, TryAgain, UnderWay
from chat4all.domain.circuit import CircuitRules
from chat4all.kafka.schemas import DeliveryRequested, DeliveryUpdated
from chat4all.stores.accounts import Account
from chat4all.stores.deliveries import Delivery
from chat4all.stores.table import engine_now_ms
from tests.contract.channel_world import until
from tests.contract.conftest import DynamoDb
from tests.contract.telegram_world import Phone, World, identity_of, message_at, new_world, request_record, said


@pytest.fixture
def world(dynamodb: DynamoDb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    with new_world(dynamodb, tmp_path / "simulators") as world:
        yield world


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


def test_writes_that_come_late_take_nothing_back(world: World, chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    """DynamoDB may carry out what it was asked for after the asker has given up, and others have gone on."""
    account, phone, conversation = chat
    message = said(world, conversation, "once")
    log = DeliveryLog(DeliveryRequested.model_validate(request_record(account, phone, message).event["data"]))
    given_up = log.begin(0)
    monkeypatch.setattr(delivery_log, "engine_now_ms", lambda: engine_now_ms() + LONGEST_LEASE_MS + 1)
    log.begin(0)
    log.tried(0, "late: of the first try", given_up)
    log.tried(0, "late: of one that came to no claim")
    with pytest.raises(UnderWay):
        world.deliver(account, phone, message)
    monkeypatch.setattr(delivery_log, "engine_now_ms", lambda: engine_now_ms() + 2 * LONGEST_LEASE_MS + 2)
    world.deliver(account, phone, message)
    log.tried(0, "late: of the first try", given_up)
    assert log.failed(0, "late: of the first try").status == "sent"
    world.deliver(account, phone, message)
    assert [m["text"] for m in phone.from_bot()] == ["once"]
