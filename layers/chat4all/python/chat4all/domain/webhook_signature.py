"""Signatures of outgoing webhooks: Standard Webhooks 1.0, symmetric (github.com/standard-webhooks, spec, "Signature scheme")."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable, Mapping

PREFIX = "whsec_"
KEY_MIN, KEY_MAX = 24, 64
"""Bytes of a key."""


def key_of(secret: str) -> bytes:
    """The key in a secret; raises ValueError, whose text has nothing of it."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not secret.startswith(PREFIX) or not KEY_MIN <= len(key) <= KEY_MAX:
        raise ValueError(f"must be {PREFIX} and base64 of {KEY_MIN} to {KEY_MAX} bytes")
    return key


def secret_of(key: bytes) -> str:
    """A key as it is shown."""
    return PREFIX + base64.b64encode(key).decode()


def signed_headers(webhook_id: str, time_s: int, body: bytes, secrets: Iterable[str]) -> Mapping[str, str]:
    """Headers of a request: with one signature for each secret, so that a receiver may still have the former one."""
    content = f"{webhook_id}.{time_s}.".encode() + body
    signatures = (hmac.new(key_of(secret), content, hashlib.sha256).digest() for secret in secrets)
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": str(time_s),
        "webhook-signature": " ".join(f"v1,{base64.b64encode(each).decode()}" for each in signatures),
    }
