"""Whether a call is Instagram's (developers.facebook.com/docs/instagram-platform/webhooks)."""

from chat4all.channels.meta.webhook import challenge, is_authentic

__all__ = ["BODY_MAX", "challenge", "is_authentic"]

BODY_MAX = 3 * 1024 * 1024
"""Bytes. Events are about 1 KB, and Meta puts at most 1,000 into a body (docs/graph-api/webhooks/getting-started)."""
