"""What an account of WhatsApp's holds, and what WhatsApp is told of us."""

import hashlib
import hmac
from collections.abc import Iterator
from typing import Any

import pytest

from chat4all.channels.meta.signature import signature
from chat4all.channels.whatsapp import account, webhook
from chat4all.errors import Invalid, Unavailable
from chat4all.validation import validate
from tests.unit.channels.recorded_server import Answer, RecordedServer, recorded_server

GIVEN = {"phone_number_id": "100", "access_token": "EAAToken", "app_secret": "s3cret"}
URL = "https://chat.example/channels/whatsapp/a1/webhook"
NUMBER = Answer({"id": "100", "display_phone_number": "+1 555"})
DONE = Answer({"success": True})


@pytest.fixture
def server() -> Iterator[RecordedServer]:
    with recorded_server() as running:
        yield running


def stored(**more: Any) -> dict[str, Any]:
    return account.complete(validate(account.Settings, GIVEN | more))


def test_settings_are_completed() -> None:
    made = stored(template={"name": "said", "language": "pt_BR"})
    assert made["template"] == {"name": "said", "language": "pt_BR"}
    assert len(made.pop("verify_token")) > 32
    assert stored(verify_token="mine")["verify_token"] == "mine"
    assert account.key(made) == "100"
    assert set(account.SECRETS) == {"access_token", "app_secret", "verify_token"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"phone_number_id": "../1"},
        {"phone_number_id": 100},
        {"access_token": ""},
        {"access_token": "a\r\nb"},
        {"app_secret": None},
        {"template": {"name": "Not So", "language": "en"}},
        {"template": {"name": "said"}},
        {"bot_token": "1:x"},
    ],
)
def test_wrong_settings(wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        validate(account.Settings, GIVEN | wrong)


def test_whatsapp_is_told(server: RecordedServer) -> None:
    settings = stored(api_base=server.url, waba_id="7", verify_token="mine")
    server.answers = [NUMBER, DONE]
    account.register(settings, URL)
    checked, subscribed, configured = server.asked
    proof = hmac.new(b"s3cret", b"EAAToken", hashlib.sha256).hexdigest()
    assert checked.path == f"/v26.0/100?fields=id%2Cdisplay_phone_number&appsecret_proof={proof}"
    assert (subscribed.method, subscribed.path) == ("POST", "/v26.0/7/subscribed_apps")
    assert (configured.method, configured.path) == ("POST", "/v26.0/100")
    assert configured.json == {"webhook_configuration": {"override_callback_uri": URL, "verify_token": "mine"}}


def test_without_a_business_account_nothing_is_subscribed(server: RecordedServer) -> None:
    server.answers = [NUMBER, DONE]
    account.register(stored(api_base=server.url), URL)
    assert [asked.path.partition("?")[0] for asked in server.asked] == ["/v26.0/100", "/v26.0/100"]


def test_whatsapp_is_told_to_call_nobody(server: RecordedServer) -> None:
    account.unregister(stored(api_base=server.url))
    (asked,) = server.asked
    assert asked.json == {"webhook_configuration": {"override_callback_uri": ""}}


def error(code: int, status: int) -> Answer:
    return Answer({"error": {"message": "m", "code": code}}, status)


@pytest.mark.parametrize(
    ("answers", "pointer"),
    [
        ([error(190, 401)], "/settings/access_token"),
        ([error(100, 400)], "/settings/phone_number_id"),
        ([Answer({"id": "100"})], "/settings/phone_number_id"),
        ([NUMBER, error(100, 400)], "/settings/waba_id"),
        ([NUMBER, DONE, error(2200, 400)], "/settings/phone_number_id"),
    ],
)
def test_refusals_say_what_and_where(server: RecordedServer, answers: list[Answer], pointer: str) -> None:
    server.answers = answers
    with pytest.raises(Invalid) as caught:
        account.register(stored(api_base=server.url, waba_id="7"), URL)
    assert caught.value.code == "provider_refused"
    assert caught.value.errors[0].pointer == pointer
    assert "WhatsApp refuses it: " in caught.value.detail


@pytest.mark.parametrize("answer", [Answer({}, 503), Answer(hangs_up=True), error(4, 400)])
def test_whatsapp_is_away(server: RecordedServer, answer: Answer) -> None:
    server.answers = [answer]
    with pytest.raises(Unavailable):
        account.register(stored(api_base=server.url), URL)


def test_a_url_that_is_too_long(server: RecordedServer) -> None:
    with pytest.raises(Invalid):
        account.register(stored(api_base=server.url), URL + "x" * 200)
    assert not server.asked


def test_webhook() -> None:
    settings = stored(verify_token="mine")
    assert webhook.is_authentic(settings, {"x-hub-signature-256": signature("s3cret", b"{}")}, b"{}")
    assert not webhook.is_authentic(settings, {"x-hub-signature-256": signature("s3cret", b"{}")}, b"{} ")
    assert not webhook.is_authentic({}, {"x-hub-signature-256": signature("", b"{}")}, b"{}")
    query = {"hub.mode": "subscribe", "hub.verify_token": "mine", "hub.challenge": "7"}
    assert webhook.challenge(settings, query) == "7"
    assert webhook.challenge(settings, query | {"hub.verify_token": "x"}) is None
    assert webhook.challenge({}, {}) is None
