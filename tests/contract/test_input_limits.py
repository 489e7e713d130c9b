"""How much each boundary takes. Gateways take 10 MB over HTTP and 128 KB a frame; functions take much less.

| where | what | limit |
|---|---|---|
| JSON and forms | body | 256 KiB (413) |
| | nesting | 32 |
| | numbers | finite; integers as the field says |
| | fields of a form | 50, each once |
| sign-in | name, password, refresh token | 254, 256, 512 characters |
| users | username, email, password, display name | 3 to 32, 254, 8 to 256, 80 characters |
| conversations | members, metadata | 100, bytes of JSON |
| messages | text | 16,384 characters |
| lists | limit, cursor | 1 to 100, what we made |
| provider webhooks | body | 1 MB |
"""

import json
import uuid
from typing import Any

import pytest

from chat4all.validation import BODY_MAX_BYTES
from tests.contract.handlers import request

pytestmark = pytest.mark.usefixtures("channel_accounts", "deployed")
ME = "0192f0c1-0000-7000-8000-0000000000aa"


@pytest.fixture
def channel_accounts(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is wrong is told to whoever may have accounts: here everybody."""
    monkeypatch.setenv("CHANNEL_ACCOUNTS", "everybody")


def large(size: int) -> str:
    """A JSON object of `size` bytes."""
    return json.dumps({"username": "x" * (size - len('{"username": ""}'))})


@pytest.mark.parametrize(
    ("function", "method", "path"),
    [
        ("users", "POST", "/v1/users"),
        ("users", "PATCH", "/v1/users/me"),
        ("tokens", "POST", "/auth/token"),
        ("tokens", "POST", "/auth/refresh"),
        ("tokens", "POST", "/auth/revoke"),
        ("conversations", "POST", "/v1/conversations"),
        ("members", "POST", f"/v1/conversations/{ME}/members"),
        ("messages_send", "POST", "/v1/messages"),
        ("receipts", "POST", f"/v1/conversations/{ME}/receipts"),
        ("accounts", "POST", "/v1/accounts"),
    ],
)
def test_no_body_over_256_kib_is_read(function: str, method: str, path: str) -> None:
    over = request(function, method, path, caller=ME, raw=large(BODY_MAX_BYTES + 1))
    assert (over.status, over.body["code"]) == (413, "too_large")
    assert str(BODY_MAX_BYTES) in over.body["detail"]
    assert request(function, method, path, caller=ME, raw=large(BODY_MAX_BYTES)).status == 400


def test_no_form_over_256_kib_is_read() -> None:
    over = request("tokens", "POST", "/token", raw="username=" + "x" * BODY_MAX_BYTES)
    assert (over.status, over.body["code"], over.body["error"]) == (413, "too_large", "invalid_request")


@pytest.mark.parametrize(
    ("function", "path", "field", "value"),
    [
        ("tokens", "/auth/token", "username", "x" * 255),
        ("tokens", "/auth/token", "password", "x" * 257),
        ("tokens", "/auth/refresh", "refresh_token", "x" * 513),
        ("tokens", "/auth/revoke", "refresh_token", "x" * 513),
        ("users", "/v1/users", "username", "x" * 33),
        ("users", "/v1/users", "email", "x" * 250 + "@example.com"),
        ("users", "/v1/users", "password", "x" * 257),
        ("users", "/v1/users", "display_name", "x" * 81),
        ("accounts", "/v1/accounts", "name", "x" * 129),
        ("messages_send", "/v1/messages", "conversation_id", "x" * 200),
        ("messages_send", "/v1/messages", "message_id", "x" * 200),
    ],
)
def test_a_field_that_is_too_long_is_named_and_not_repeated(function: str, path: str, field: str, value: str) -> None:
    answer = request(function, "POST", path, caller=ME, json_body={field: value})
    assert answer.status == 400
    assert f"/{field}" in [error["pointer"] for error in answer.body["errors"]]
    assert value not in json.dumps(answer.body)


@pytest.mark.parametrize(
    "raw",
    [
        '{"username": ' + "[" * 40 + "]" * 40 + "}",
        '{"username": ' + "[" * 60_000 + "]" * 60_000 + "}",
        '{"username": 1e999}',
        '{"username": ' + "9" * 5000 + "}",
        '{"username": NaN}',
    ],
)
def test_nesting_and_numbers_have_an_end(raw: str) -> None:
    answer = request("users", "POST", "/v1/users", raw=raw)
    assert (answer.status, answer.body["code"]) == (400, "invalid_json")


@pytest.mark.parametrize("number", [-1, 2**53, 10**40, 1.5, True])
def test_receipts_take_whole_numbers_that_can_be_a_seq(number: Any) -> None:
    path = f"/v1/conversations/{uuid.uuid4()}/receipts"
    answer = request("receipts", "POST", path, caller=ME, json_body={"read_seq": number})
    assert (answer.status, answer.body["code"]) == (400, "invalid")
