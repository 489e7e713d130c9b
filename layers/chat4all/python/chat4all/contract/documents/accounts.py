"""The business's accounts on channels."""

from typing import Annotated, Any, Literal

from pydantic import Field

from chat4all.contract.documents.document import Cursor, Document, Time, Uuid, example
from chat4all.contract.documents.samples import ACCOUNT, ANA, NOW

_ACCOUNT = {
    "id": ACCOUNT,
    "owner_id": ANA,
    "channel": "telegram",
    "name": "Support bot",
    "settings": {"bot_token": "set", "webhook_secret": "set"},
    "inbound": {"conversation": "by_contact"},
    "created_at": NOW,
    "updated_at": NOW,
    "breaker": {"state": "closed", "failures": 0},
}


class Inbound(Document):
    """Where what arrives goes."""

    conversation: str
    """`by_contact`, or the id of a group."""
    mirror_to: str | None = None


class Breaker(Document):
    """Whether sends to the provider are held back for now."""

    state: Literal["closed", "open", "half_open"]
    failures: Annotated[int, Field(ge=0)]
    since: Time | None = None
    retry_at: Time | None = None
    reason: str | None = None


class Account(Document):
    """An account as its owner sees it: secrets are shown as `set`."""

    model_config = example(_ACCOUNT)

    id: Uuid
    owner_id: Uuid
    """Who made it: contacts' private conversations are with them."""
    channel: str
    name: str
    settings: dict[str, Any]
    inbound: Inbound
    created_at: Time
    updated_at: Time
    breaker: Breaker


class AccountPage(Document):
    """Accounts."""

    items: list[Account]
    next_cursor: Cursor
