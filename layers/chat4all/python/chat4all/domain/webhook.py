"""Outgoing webhooks as their owners ask for them: endpoints, their events and secrets, and replays (docs/webhooks.md)."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from chat4all.clock import ms_of
from chat4all.domain.message import Id
from chat4all.domain.one_line import is_one_line
from chat4all.domain.webhook_signature import key_of
from chat4all.domain.webhook_url import URL_MAX
from chat4all.pages import Limit
from chat4all.validation import Input, Parameters

WEBHOOKS_MAX = 10
"""Of a user."""
ALL = "*"
TEST, DISABLED_EVENT = "webhook.test", "webhook.disabled"
"""What the product tells of endpoints themselves: that somebody tries one out, and that another one was disabled."""
EVENTS = (
    "message.created",
    "message.updated",
    "message.deleted",
    "message.status",
    "reaction.updated",
    "receipt.updated",
    "conversation.updated",
    "member.updated",
    DISABLED_EVENT,
)
"""What an endpoint may choose: what its owner's WebSockets get, without what is over in seconds (typing, presence)."""
ENABLED, DISABLED = "enabled", "disabled"
PENDING, DELIVERED, FAILED = "pending", "delivered", "failed"
OVERLAP_S, OVERLAP_MAX_S = 24 * 3600, 7 * 24 * 3600

EventName = Literal[
    "message.created",
    "message.updated",
    "message.deleted",
    "message.status",
    "reaction.updated",
    "receipt.updated",
    "conversation.updated",
    "member.updated",
    "webhook.disabled",
    "*",
]
DeliveryStatus = Literal["pending", "delivered", "failed"]


def _distinct(events: list[EventName]) -> list[EventName]:
    if len(set(events)) < len(events):
        raise ValueError("names an event twice")
    return events


def _secret(value: str) -> str:
    key_of(value)
    return value


def _one_line(value: str) -> str:
    if not is_one_line(value):
        raise ValueError("must not have control characters, line breaks, or marks that nobody sees")
    return value


def _time(value: str) -> str:
    try:
        ms_of(value)
    except (ValueError, OverflowError):
        raise ValueError("must be a time of RFC 3339, such as 2026-11-21T04:30:00Z") from None
    return value


Url = Annotated[str, StringConstraints(min_length=1, max_length=URL_MAX)]
Events = Annotated[list[EventName], Field(min_length=1, max_length=len(EVENTS) + 1), AfterValidator(_distinct)]
Secret = Annotated[str, StringConstraints(max_length=128), AfterValidator(_secret)]
Description = Annotated[str, StringConstraints(min_length=1, max_length=256), AfterValidator(_one_line)]
Time = Annotated[str, StringConstraints(max_length=64), AfterValidator(_time)]


class NewWebhook(Input):
    """Body of POST /v1/webhooks."""

    url: Url
    events: Events
    secret: Secret | None = None
    """`whsec_` and base64 of 24 to 64 bytes; made where it is left out."""
    description: Description | None = None


class WebhookChanges(Input):
    """Body of PATCH /v1/webhooks/{id}; what is left out stays as it is, and a description that is null goes."""

    url: Url | None = None
    events: Events | None = None
    status: Literal["enabled", "disabled"] | None = None
    description: Description | None = None


class NewSecret(Input):
    """Body of POST /v1/webhooks/{id}/secret."""

    secret: Secret | None = None
    overlap_s: Annotated[int, Field(ge=0, le=OVERLAP_MAX_S)] = OVERLAP_S
    """So long what is sent is signed with the former secret too."""


class Replay(Input):
    """Body of POST /v1/webhooks/{id}/replay: one delivery, or those whose events are of a time."""

    delivery_id: Id | None = None
    from_: Annotated[Time | None, Field(alias="from")] = None
    to: Time | None = None
    """Not part of it."""
    status: DeliveryStatus | None = None
    cursor: Annotated[str, StringConstraints(min_length=1, max_length=256)] | None = None
    """`next_cursor` of the answer before, to go on where it ended."""

    @model_validator(mode="after")
    def _is_one_or_a_range(self) -> Self:
        times = (self.from_, self.to)
        if (self.delivery_id is None) == (times == (None, None)) or (None in times and times != (None, None)):
            raise ValueError("give delivery_id, or from and to")
        if self.delivery_id is not None and (self.status is not None or self.cursor is not None):
            raise ValueError("status and cursor belong to a range")
        if self.from_ is not None and self.to is not None and ms_of(self.from_) >= ms_of(self.to):
            raise ValueError("to must be later than from")
        return self


class DeliveryQuery(Parameters):
    """Query of GET /v1/webhooks/{id}/deliveries."""

    limit: Limit = 50
    cursor: str | None = None
    status: DeliveryStatus | None = None
