"""What became of a message, for each recipient and each way to them."""

from typing import Annotated, Literal

from pydantic import Field

from chat4all.contract.documents.document import Document, Seq, Time, Uuid, example
from chat4all.contract.documents.messages import Status
from chat4all.contract.documents.samples import ACCOUNT, ANA, CONVERSATION, MESSAGE, NOW

_DELIVERY = {
    "channel": "whatsapp",
    "account_id": ACCOUNT,
    "part": 0,
    "status": "delivered",
    "attempts": 1,
    "updated_at": NOW,
    "external_id": "wamid.HBgM…",
}
_RECIPIENT = {
    "user_id": ANA,
    "status": "delivered",
    "channel": "whatsapp",
    "deliveries": [_DELIVERY, {"channel": "in_app", "status": "sent"}],
}


class Delivery(Document):
    """The fate of a part of a message on one way; of the app only `channel` and `status`."""

    model_config = example(_DELIVERY)

    channel: str
    status: Status
    account_id: Uuid | None = None
    part: Annotated[int, Field(ge=0)] | None = None
    attempts: Annotated[int, Field(ge=0)] | None = None
    updated_at: Time | None = None
    file_id: Uuid | None = None
    """What it carries."""
    external_id: str | None = None
    """The provider's."""
    reason: str | None = None
    """Why it failed: a stable word, a colon and a text."""
    note: str | None = None
    """In what it differs from what was asked, such as a link in the place of a file."""
    outdated: Literal[True] | None = None
    """The channel shows what the message said before it was changed."""


class FallbackStep(Document):
    """A channel of a fallback chain."""

    channel: str
    status: Literal["accepted", "sent", "delivered", "read", "failed", "waiting", "not_needed"]


class FallbackProgress(Document):
    """A fallback chain, and how far it is."""

    wait_s: Annotated[int, Field(ge=0)]
    chain: list[FallbackStep]


class RecipientStatus(Document):
    """Of one recipient: of all ways to them, the one that went furthest."""

    model_config = example(_RECIPIENT)

    user_id: Uuid
    status: Status
    channel: str
    deliveries: list[Delivery]
    reason: str | None = None
    """Why nothing was tried."""
    rule_id: Uuid | None = None
    """The routing rule that decided."""
    dropped: Literal[True] | None = None
    """The rule keeps it from this recipient."""
    fallback: FallbackProgress | None = None


class StatusReport(Document):
    """What became of a message."""

    model_config = example(
        {
            "message_id": MESSAGE,
            "conversation_id": CONVERSATION,
            "seq": 12,
            "status": "delivered",
            "recipients": [_RECIPIENT],
        }
    )

    message_id: Uuid
    conversation_id: Uuid
    seq: Seq
    status: Status
    """The lowest over the recipients who can report more."""
    recipients: list[RecipientStatus]
