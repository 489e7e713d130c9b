"""Whether a call is WhatsApp's (developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview)."""

from collections.abc import Mapping
from typing import Any

from chat4all.channels.meta import challenge as handshake
from chat4all.channels.meta.signature import is_signed

BODY_MAX = 3 * 1024 * 1024
"""Bytes: "webhooks payloads can be up to 3 MB"."""


def challenge(settings: Mapping[str, Any], query: Mapping[str, str]) -> str | None:
    """Meta's handshake; None: not with our verify_token."""
    return handshake.answer(settings.get("verify_token", ""), query)


def is_authentic(settings: Mapping[str, Any], headers: Mapping[str, str], body: bytes) -> bool:
    """Whether the account's app signed these very bytes."""
    return is_signed(settings.get("app_secret", ""), headers, body)
