"""What an Instagram account holds: a professional account (docs/instagram-platform/instagram-api-with-instagram-login)."""

from collections.abc import Mapping
from typing import Any

from chat4all.channels.instagram.send import OFFICIAL
from chat4all.channels.meta.account import SECRETS, GraphId, completed
from chat4all.channels.meta.messaging.account import MessagingSettings, Registration

__all__ = ["SECRETS", "Settings", "complete", "key", "register", "unregister"]


class Settings(MessagingSettings):
    """Settings of an account; `access_token` is the Instagram user's."""

    ig_id: GraphId
    """`user_id` of GET /me, which webhooks have as `entry.id`; its `id` is another one, of this app alone."""


_REGISTRATION = Registration(
    channel="Instagram",
    official=OFFICIAL,
    account_setting="ig_id",
    own_id="user_id",
    has_proof=False,
    fields=("messages", "messaging_postbacks", "messaging_seen", "message_reactions", "messaging_referral"),
)


def complete(settings: Settings) -> dict[str, Any]:
    """Settings as they are stored."""
    return completed(settings)


def key(settings: Mapping[str, Any]) -> str:
    """The professional account's id."""
    return str(settings["ig_id"])


def register(settings: dict[str, Any], webhook_url: str) -> None:  # noqa: ARG001 - a person gives it in the App Dashboard
    """Check the token, and subscribe the app to the account; raises Invalid, Unavailable."""
    _REGISTRATION.register(settings)


def unregister(settings: dict[str, Any]) -> None:
    """Unsubscribe the app from the account; raises Unavailable."""
    _REGISTRATION.unregister(settings)
