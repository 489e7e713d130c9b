"""Whether a call is WhatsApp's (developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview)."""

from chat4all.channels.meta.webhook import challenge, is_authentic

__all__ = ["BODY_MAX", "challenge", "is_authentic"]

BODY_MAX = 3 * 1024 * 1024
"""Bytes: "webhooks payloads can be up to 3 MB"."""
