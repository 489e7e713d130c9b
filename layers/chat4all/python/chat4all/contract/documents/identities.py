"""Addresses on channels."""

from typing import Annotated, Literal

from pydantic import Field

from chat4all.contract.documents.document import Document, Time, Uuid, example
from chat4all.contract.documents.samples import ACCOUNT, LATER, NOW


class Identity(Document):
    """An address on a channel: linked, or waiting for its code."""

    model_config = example(
        {
            "channel": "whatsapp",
            "account_id": ACCOUNT,
            "address": "5511912345678",
            "status": "linked",
            "linked_at": NOW,
        }
    )

    channel: str
    account_id: Uuid
    address: str
    """As the provider knows it."""
    status: Literal["linked", "pending"]
    linked_at: Time | None = None
    expires_at: Time | None = None
    """Of the code."""
    tries_left: Annotated[int, Field(ge=0)] | None = None


class IdentityList(Document):
    """What is linked, and what waits for its code."""

    items: list[Identity]


class IdentityRequest(Identity):
    """What is waited for; the same whether anybody is known by that address, and whether the code could be sent."""

    model_config = example(
        {
            "channel": "whatsapp",
            "account_id": ACCOUNT,
            "address": "5511912345678",
            "status": "pending",
            "expires_at": LATER,
            "tries_left": 5,
            "how": "Where no code comes within a minute, write to the account from this address and ask again.",
        }
    )

    how: str
    """What to do where no code comes, for people."""
