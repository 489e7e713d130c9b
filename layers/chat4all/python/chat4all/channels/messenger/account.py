"""What a Messenger account holds: a Facebook page (docs/graph-api/reference/page/subscribed_apps)."""

from collections.abc import Mapping
from typing import Any

from chat4all.channels.meta.account import SECRETS, GraphId, completed
from chat4all.channels.meta.graph import OFFICIAL
from chat4all.channels.meta.messaging.account import MessagingSettings, Registration

__all__ = ["SECRETS", "Settings", "complete", "key", "register", "unregister"]


class Settings(MessagingSettings):
    """Settings of an account; `access_token` is the page's."""

    page_id: GraphId


_REGISTRATION = Registration(
    channel="Messenger",
    official=OFFICIAL,
    account_setting="page_id",
    own_id="id",
    has_proof=True,
    fields=(
        *("messages", "messaging_postbacks", "message_deliveries", "message_reads", "message_echoes"),
        *("message_reactions", "message_edits", "messaging_referrals"),
    ),
)


def complete(settings: Settings) -> dict[str, Any]:
    """Settings as they are stored."""
    return completed(settings)


def key(settings: Mapping[str, Any]) -> str:
    """The page's id."""
    return str(settings["page_id"])


def register(settings: dict[str, Any], webhook_url: str) -> None:  # noqa: ARG001 - a person gives it in the App Dashboard
    """Check the token, and subscribe the app to the page; raises Invalid, Unavailable."""
    _REGISTRATION.register(settings)


def unregister(settings: dict[str, Any]) -> None:
    """Unsubscribe the app from the page; raises Unavailable."""
    _REGISTRATION.unregister(settings)
