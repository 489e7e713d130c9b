"""Messenger's webhooks in our words. Pure."""

from typing import Any

from chat4all.channels.inbound import Item
from chat4all.channels.meta.messaging import parse as messaging


def items(document: Any) -> list[Item]:
    """All that a body tells, in its order; `account_key` is the page's id. Never raises."""
    return messaging.items(document, "page")
