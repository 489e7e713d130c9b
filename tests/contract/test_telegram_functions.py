"""The functions of accounts and Telegram as Lambda calls them."""

import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chat4all.bootstrap import app
from chat4all.config import settings
from chat4all.retries.raw_record import unparked
from chat4all.stores.retries import ParkedRecord
from tests.contract import handlers
from tests.contract.conftest import DynamoDb
from tests.contract.handlers import invoke, request
from tests.contract.messaging import KeptPublisher
from tests.contract.provider_accounts import telegram_account

ROOT = Path(__file__).resolve().parents[2]
SECRET = "s-e_cret"


@pytest.fixture(autouse=True)
def publisher(dynamodb: DynamoDb, monkeypatch: pytest.MonkeyPatch) -> Iterator[KeptPublisher]:
    """Services on the engine, with a producer that keeps what it is given."""
    monkeypatch.setenv("TABLE_PREFIX", dynamodb.table_prefix)
    monkeypatch.setenv("CHANNEL_ACCOUNTS", "everybody")
    settings.cache_clear()
    app.cache_clear()
    kept = app().__dict__["publisher"] = app().__dict__["prompt_publisher"] = KeptPublisher()
    yield kept
    app.cache_clear()
    settings.cache_clear()


def sample(name: str) -> dict[str, Any]:
    return dict(json.loads((ROOT / "events" / f"{name}.json").read_text()))


def test_accounts_sample_event() -> None:
    answer = invoke("accounts", sample("accounts"))
    assert answer["statusCode"] == 200
    assert json.loads(answer["body"]) == {"items": [], "next_cursor": None}


def test_accounts_are_listed_read_renamed_and_paged() -> None:
    made = telegram_account(SECRET)
    path = f"/v1/accounts/{made.id}"
    shown = request("accounts", "GET", path, caller=made.owner_id)
    assert shown.status == 200
    assert shown.body["settings"] == {"bot_token": "set", "webhook_secret": "set"}
    assert shown.body["created_at"] == "1970-01-01T00:00:00.001Z"
    renamed = request("accounts", "PATCH", path, json_body={"name": "Bakery"}, caller=made.owner_id)
    assert (renamed.status, renamed.body["name"]) == (200, "Bakery")
    assert request("accounts", "GET", path, caller=str(uuid.uuid4())).status == 404
    assert request("accounts", "GET", "/v1/accounts/x", caller=made.owner_id).status == 404


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/channel"),
        ({"channel": "telegram", "name": "", "settings": {}}, "/name"),
        ({"channel": "telegram", "name": "x", "settings": {}, "owner_id": "y"}, "/owner_id"),
        ({"channel": "telegram", "name": "x", "settings": {"bot_token": 5}}, "/settings/bot_token"),
        ({"channel": "telegram", "name": "x", "settings": {}, "inbound": {"conversation": 1}}, "/inbound/conversation"),
    ],
)
def test_wrong_accounts_are_refused_with_a_pointer(body: dict[str, Any], pointer: str) -> None:
    answer = request("accounts", "POST", "/v1/accounts", json_body=body, caller=str(uuid.uuid4()))
    assert answer.status == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert pointer in {error["pointer"] for error in answer.body["errors"]}


def test_telegram_webhook_sample_event_is_for_nobody() -> None:
    answer = invoke("telegram_webhook", sample("telegram_webhook"))
    assert answer["statusCode"] == 404


def test_an_update_is_accepted_in_either_encoding(publisher: KeptPublisher) -> None:
    import base64

    made = telegram_account(SECRET)
    for number, encode in enumerate((False, True), start=134):
        event = sample("telegram_webhook")
        path = f"/channels/telegram/{made.id}/webhook"
        update = json.loads(event["body"])
        update["message"] |= {"message_id": number, "text": "Olá 👋"}
        body = json.dumps(update, ensure_ascii=False)
        event |= {"rawPath": path, "isBase64Encoded": encode}
        event["body"] = base64.b64encode(body.encode()).decode() if encode else body
        event["requestContext"]["http"]["path"] = path
        event["headers"]["x-telegram-bot-api-secret-token"] = "wrong"
        assert invoke("telegram_webhook", event)["statusCode"] == 404
        event["headers"]["x-telegram-bot-api-secret-token"] = SECRET
        assert invoke("telegram_webhook", event)["statusCode"] == 200
    accepted = [e.data for e in publisher.take() if e.type == "chat4all.message.accepted.v1"]
    assert [(d["seq"], d["content"], d["channel"]) for d in accepted] == [
        (1, "Olá 👋", "telegram"),
        (2, "Olá 👋", "telegram"),
    ]


def test_telegram_send_sample_event_reports_that_its_account_is_gone(
    publisher: KeptPublisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handlers.Context, "get_remaining_time_in_millis", lambda _: 60_000, raising=False)
    assert invoke("telegram_send", sample("telegram_send")) == {"batchItemFailures": []}
    (report,) = publisher.take()
    assert report.type == "chat4all.delivery.updated.v1"
    assert (report.data["status"], report.data["reason"].split(":")[0]) == ("failed", "account_gone")


def test_a_status_that_is_not_taken_parks_the_record_and_a_retry_tells_it(
    publisher: KeptPublisher, dynamodb: DynamoDb, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handlers.Context, "get_remaining_time_in_millis", lambda _: 60_000, raising=False)
    dynamodb.clear("parked-records")
    publisher.broken = True
    event = sample("telegram_send")
    assert invoke("telegram_send", event) == {"batchItemFailures": []}
    (parked,) = ParkedRecord.scan()
    assert parked.lane.startswith("telegram_send#")
    again = {"records": {"chat4all.outbound.telegram-0": [unparked(parked)]}, "retry": {"last": False}}
    assert "PublishFailed" in invoke("telegram_send", again)["troubles"][0]["cause"]
    publisher.broken = False
    assert invoke("telegram_send", again) == {"batchItemFailures": [], "troubles": []}
    assert len(publisher.take()) == 1
    dynamodb.clear("retry-lanes")


def test_who_knows_the_secret_cannot_say_more_than_an_account_may(
    publisher: KeptPublisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chat4all.channels.receiver.ACCOUNT_RATE", 0.01)
    monkeypatch.setattr("chat4all.channels.receiver.ACCOUNT_BURST", 2)
    made, update = telegram_account(SECRET), json.loads(sample("telegram_webhook")["body"])
    path, headers = f"/channels/telegram/{made.id}/webhook", {"x-telegram-bot-api-secret-token": SECRET}
    answers = []
    for number in range(1, 4):
        update |= {"update_id": number, "message": update["message"] | {"message_id": number}}
        answers.append(request("telegram_webhook", "POST", path, json_body=update, headers=headers))
    assert [answer.status for answer in answers] == [200, 200, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert len([e for e in publisher.take() if e.type == "chat4all.message.accepted.v1"]) == 2
