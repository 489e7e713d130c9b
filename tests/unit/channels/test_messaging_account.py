"""What accounts hold, and how Meta is asked whether it takes them."""

from collections.abc import Iterator
from typing import Any

import pytest

from chat4all.channels.instagram import account as instagram
from chat4all.channels.messenger import account as messenger
from chat4all.errors import Invalid, Unavailable
from chat4all.validation import validate
from tests.unit.channels.recorded_server import Answer, RecordedServer, recorded_server

SECRETS = {"access_token": "EAAB", "app_secret": "s", "verify_token": "v"}
URL = "https://chat.example/channels/x/1/webhook"


@pytest.fixture
def server() -> Iterator[RecordedServer]:
    with recorded_server() as server:
        yield server


def stored(channel: Any, own: dict[str, str], server: RecordedServer) -> dict[str, Any]:
    checked = validate(channel.Settings, {**SECRETS, **own, "api_base": server.url})
    found: dict[str, Any] = channel.complete(checked)
    return found


CHANNELS = [
    pytest.param(messenger, {"page_id": "77"}, {"id": "77"}, "id", id="messenger"),
    pytest.param(instagram, {"ig_id": "77"}, {"id": "5", "user_id": "77"}, "user_id", id="instagram"),
]


@pytest.mark.parametrize(("channel", "own", "me", "field"), CHANNELS)
def test_registering(server: RecordedServer, channel: Any, own: dict[str, str], me: dict[str, str], field: str) -> None:
    settings = stored(channel, own, server)
    server.answers = [Answer(me), Answer({"success": True})]
    channel.register(settings, URL)
    asked, subscribed = server.asked
    assert asked.method == "GET"
    assert asked.path.startswith(f"/v26.0/me?fields={field}")
    assert ("&appsecret_proof=" in asked.path) is (channel is messenger)
    assert asked.headers["authorization"] == "Bearer EAAB"
    assert subscribed.method == "POST"
    assert subscribed.path.startswith("/v26.0/77/subscribed_apps?subscribed_fields=messages%2C")
    assert channel.key(settings) == "77"
    assert settings["human_agent"] is False


@pytest.mark.parametrize(("channel", "own", "me", "field"), CHANNELS)
def test_a_token_of_another(
    server: RecordedServer, channel: Any, own: dict[str, str], me: dict[str, str], field: str
) -> None:
    server.answers = [Answer({**me, field: "78"})]
    with pytest.raises(Invalid) as caught:
        channel.register(stored(channel, own, server), URL)
    assert caught.value.code == "provider_refused"
    assert caught.value.errors[0].pointer == f"/settings/{next(iter(own))}"
    assert len(server.asked) == 1


def test_refusals_and_troubles(server: RecordedServer) -> None:
    settings = stored(messenger, {"page_id": "77"}, server)
    server.answers = [Answer({"error": {"message": "Invalid OAuth access token EAAB", "code": 190}}, 400)]
    with pytest.raises(Invalid) as caught:
        messenger.register(settings, URL)
    assert caught.value.errors[0].pointer == "/settings/access_token"
    assert "EAAB" not in caught.value.detail
    server.answers = [Answer({}, 500)]
    with pytest.raises(Unavailable):
        messenger.register(settings, URL)
    with pytest.raises(Unavailable):
        messenger.unregister(settings)


@pytest.mark.parametrize(("channel", "own", "me", "field"), CHANNELS)
def test_unregistering(
    server: RecordedServer, channel: Any, own: dict[str, str], me: dict[str, str], field: str
) -> None:
    server.answers = [Answer({"success": True})]
    channel.unregister(stored(channel, own, server))
    (asked,) = server.asked
    assert (asked.method, asked.path) == ("DELETE", "/v26.0/77/subscribed_apps")


@pytest.mark.parametrize(
    ("settings", "pointer"),
    [
        ({**SECRETS}, "/page_id"),
        ({**SECRETS, "page_id": "x"}, "/page_id"),
        ({**SECRETS, "page_id": "77", "access_token": "a b"}, "/access_token"),
        ({**SECRETS, "page_id": "77", "verify_token": ""}, "/verify_token"),
        ({**SECRETS, "page_id": "77", "human_agent": "yes"}, "/human_agent"),
        ({**SECRETS, "page_id": "77", "ig_id": "5"}, "/ig_id"),
    ],
)
def test_wrong_settings(settings: dict[str, Any], pointer: str) -> None:
    with pytest.raises(Invalid) as caught:
        validate(messenger.Settings, settings)
    assert [error.pointer for error in caught.value.errors] == [pointer]
