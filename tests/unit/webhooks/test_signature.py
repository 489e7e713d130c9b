"""Signatures that the verifier of the standard's own library accepts."""

import base64
import time

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from chat4all.domain.webhook_signature import key_of, secret_of, signed_headers

KEYS = [b"k" * 24, bytes(range(32)), b"\xff" * 64]
BODY = '{"type":"message.created","data":{"content":"Olá, \U0001f600 \\u0000"}}'.encode()


@pytest.mark.parametrize("key", KEYS, ids=len)
def test_the_librarys_verifier_accepts_what_we_sign(key: bytes) -> None:
    headers = signed_headers("0199f3a5-9b31-7a11-b2c3-d4e5f6a7b8c9", int(time.time()), BODY, [secret_of(key)])
    assert Webhook(secret_of(key)).verify(BODY, dict(headers))["type"] == "message.created"


def test_of_two_secrets_either_verifies_and_no_other() -> None:
    new, old, strange = (secret_of(key) for key in KEYS)
    headers = dict(signed_headers("id", int(time.time()), BODY, [new, old]))
    assert [word.partition(",")[0] for word in headers["webhook-signature"].split(" ")] == ["v1", "v1"]
    Webhook(new).verify(BODY, headers)
    Webhook(old).verify(BODY, headers)
    for changed in ({}, {"webhook-id": "other"}, {"webhook-timestamp": str(int(time.time()) + 1)}):
        with pytest.raises(WebhookVerificationError):
            Webhook(new if changed else strange).verify(BODY, headers | changed)
    with pytest.raises(WebhookVerificationError):
        Webhook(new).verify(BODY + b" ", headers)


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "whsec_",
        "whsec_####",
        secret_of(b"x" * 23),
        secret_of(b"x" * 65),
        secret_of(KEYS[0]).removeprefix("whsec_"),
        "whsec_" + base64.urlsafe_b64encode(b"\xff" * 24).decode(),
        secret_of(KEYS[0]) + "\n",
        f"WHSEC_{secret_of(KEYS[0])[6:]}",
    ],
)
def test_what_is_no_secret_is_refused_and_not_repeated(secret: str) -> None:
    with pytest.raises(ValueError, match="base64 of 24 to 64 bytes") as refused:
        key_of(secret)
    assert len(secret) < 10 or secret[6:].strip() not in str(refused.value)


def test_a_key_comes_back_from_its_secret() -> None:
    assert [key_of(secret_of(key)) for key in KEYS] == KEYS
