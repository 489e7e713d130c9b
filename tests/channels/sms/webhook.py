"""Whether a call is the gateway's."""

import hmac
from collections.abc import Mapping
from typing import Any

BODY_MAX = 100_000


def challenge(settings: Mapping[str, Any], query: Mapping[str, str]) -> str | None:
    """The gateway asks `?code=<signing key>` once."""
    is_its_own = hmac.compare_digest(query.get("code", "").encode(), str(settings["signing_key"]).encode())
    return "sms-ok" if is_its_own else None


def is_authentic(settings: Mapping[str, Any], headers: Mapping[str, str], body: bytes) -> bool:
    """Its signature on these bytes."""
    expected = hmac.digest(str(settings["signing_key"]).encode(), body, "sha256").hex()
    return hmac.compare_digest(expected.encode(), headers.get("x-sms-signature", "").encode(errors="replace"))
