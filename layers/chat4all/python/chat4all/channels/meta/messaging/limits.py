"""When and how fast a business may write, the same on Messenger and Instagram.

Sources, all of developers.facebook.com/documentation/business-messaging/messenger-platform: policy (24 hours after what the
person did last; with the tag HUMAN_AGENT, which Meta grants to an app, 7 days) and overview/rate-limiting.
"""

from collections.abc import Mapping
from typing import Any

from chat4all.channels.meta.graph import CALL_MAX_MS

WINDOW_MS = 24 * 3600 * 1000
HUMAN_AGENT_MS = 7 * WINDOW_MS
HUMAN_AGENT: Mapping[str, Any] = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
RESERVE_MS = CALL_MAX_MS + 4_000
"""A call with all its timeouts, and what is written after it."""
RECIPIENT_RATE = (10.0, 20)
"""Ours: "your app may be rate limited if too many messages are sent to a single thread", and Meta does not say how many."""


def window(last_inbound_ms: int | None, now_ms: int, settings: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """`{}` within a day; the tag within a week where the account's setting `human_agent` is true; else None."""
    if last_inbound_ms is None:
        return None
    age_ms = now_ms - last_inbound_ms
    if age_ms < WINDOW_MS:
        return {}
    return HUMAN_AGENT if settings.get("human_agent") and age_ms < HUMAN_AGENT_MS else None
