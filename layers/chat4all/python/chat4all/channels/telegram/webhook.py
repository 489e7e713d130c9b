"""Whether a call is Telegram's (core.telegram.org/bots/api#setwebhook, `secret_token`)."""

import hmac
from collections.abc import Mapping
from typing import Any

BODY_MAX = 1_000_000
"""Bytes. Updates are some KB: a text of 4,096 units, and the message it answers."""
_HEADER = "x-telegram-bot-api-secret-token"


def challenge(settings: Mapping[str, Any], query: Mapping[str, str]) -> str | None:  # noqa: ARG001
    """Telegram has no handshake: no GET is its own."""
    return None


def is_authentic(settings: Mapping[str, Any], headers: Mapping[str, str], body: bytes) -> bool:  # noqa: ARG001
    """Whether the call has the secret that we gave with setWebhook: Telegram signs nothing, so `body` proves nothing."""
    expected = str(settings["webhook_secret"]).encode()
    return hmac.compare_digest(expected, headers.get(_HEADER, "").encode(errors="replace"))
