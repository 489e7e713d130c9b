"""Endpoints of outgoing webhooks, and what became of deliveries to them."""

from typing import Annotated, Literal

from pydantic import Field

from chat4all.contract.documents.document import Cursor, Document, Time, Uuid, example
from chat4all.contract.documents.samples import CONVERSATION, NOW
from chat4all.domain.webhook import DeliveryStatus, EventName

WEBHOOK = "0199f3a5-7d20-7c44-9e1f-2a4c6e8f0b1d"
DELIVERY = "0199f3a5-9b31-7d02-8c5e-4f6a8b0c2d3e"
EVENT = "0199f3a5-9b31-7a11-b2c3-d4e5f6a7b8c9"
_WEBHOOK = {
    "id": WEBHOOK,
    "url": "https://example.com/hooks/chat",
    "events": ["message.created", "message.status"],
    "status": "enabled",
    "description": "Orders",
    "created_at": NOW,
    "updated_at": NOW,
}
_DELIVERY = {
    "id": DELIVERY,
    "event_id": EVENT,
    "event_type": "message.created",
    "conversation_id": CONVERSATION,
    "status": "delivered",
    "attempts": [{"at": NOW, "status_code": 200, "duration_ms": 84}],
    "created_at": NOW,
}


class Webhook(Document):
    """An endpoint: a server of the user's that gets what their WebSockets get."""

    model_config = example(_WEBHOOK)

    id: Uuid
    url: str
    events: list[EventName]
    status: Literal["enabled", "disabled"]
    disabled_reason: Literal["gone", "failing"] | None = None
    """Where we did it: it answered 410, or failed for 5 days."""
    description: str | None = None
    created_at: Time
    updated_at: Time


class WebhookWithSecret(Webhook):
    """An endpoint with the secret of its signatures, which is shown this once."""

    model_config = example(_WEBHOOK | {"secret": "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"})

    secret: str


class WebhookPage(Document):
    """Endpoints, the oldest first."""

    items: list[Webhook]
    next_cursor: Cursor


class WebhookTest(Document):
    """What is on its way."""

    model_config = example({"event_id": EVENT})

    event_id: Uuid
    """The `webhook-id` of the request."""


class DeliveryAttempt(Document):
    """One request."""

    at: Time
    """When it began."""
    duration_ms: Annotated[int, Field(ge=0)]
    status_code: int | None = None
    error: str | None = None
    """A stable word, a colon and a text, where no answer came."""


class WebhookDelivery(Document):
    """One event for one endpoint."""

    model_config = example(_DELIVERY)

    id: Uuid
    event_id: Uuid
    """The `webhook-id`, the same for each attempt and replay."""
    event_type: str
    conversation_id: Uuid | None
    """Null of what belongs to no conversation."""
    status: DeliveryStatus
    attempts: list[DeliveryAttempt]
    """The last 50, the newest last."""
    next_attempt_at: Time | None = None
    reason: str | None = None
    """Why it is tried no more, where it has failed; where it is pending, which error of the server keeps it from being sent."""
    created_at: Time


class WebhookDeliveryPage(Document):
    """Deliveries of the last 14 days, the newest first."""

    items: list[WebhookDelivery]
    next_cursor: Cursor


class WebhookReplay(Document):
    """How many deliveries are sent again."""

    model_config = example({"replayed": 12, "next_cursor": None})

    replayed: Annotated[int, Field(ge=0)]
    next_cursor: Cursor
    """Ask with it as `cursor` to go on: 200 at most are sent again at once."""
