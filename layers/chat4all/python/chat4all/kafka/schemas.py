"""Schemas of what the topics carry: `data` of each CloudEvent type. docs/schemas/ holds them as JSON Schema.

A consumer accepts fields that it does not know (a newer producer), and puts aside what lacks those that it needs.
"""

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from chat4all.kafka.topics import OUTBOUND, Topic

Seq = Annotated[int, Field(ge=1, lt=2**53)]
Uuid = Annotated[str, Field(pattern="^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
Word = Annotated[str, Field(min_length=1, max_length=256)]
LINK_CODE_REQUESTED = "chat4all.link_code.requested.v1"
NAME_REQUESTED = "chat4all.name.requested.v1"
FILE_CHECK_REQUESTED = "chat4all.file_check.requested.v1"
WEBHOOK_DELIVERY_REQUESTED = "chat4all.webhook_delivery.requested.v1"


class Data(BaseModel):
    """Base of all event data."""

    model_config = ConfigDict(extra="allow")


class MessageAccepted(Data):
    """`chat4all.message.accepted.v1` on chat4all.messages: written, not yet routed."""

    message_id: Uuid
    conversation_id: Uuid
    seq: Seq
    sender_id: Uuid
    channel: Word
    type: str
    content: Any
    created_at: str
    reply_to: Uuid | None = None
    metadata: dict[str, Any] | None = None
    file: dict[str, Any] | None = None
    """Of type file: file_id, filename, content_type, size, kind, status; of several files the first."""
    files: list[dict[str, Any]] | None = None
    """Of several files: all of them."""
    channels: list[str] | None = None


class ChangeAccepted(Data):
    """`chat4all.change.accepted.v1` on chat4all.messages: a change of a message was written, not yet told.

    The content is in the table.
    """

    conversation_id: Uuid
    seq: Seq
    """Its own number in the conversation, and the message's `revision` once it is applied."""
    type: Literal["edit", "delete", "react", "file_settled"]
    message_id: Uuid
    """The message that it changes, at `changes_seq`."""
    changes_seq: Seq
    base: Annotated[int, Field(ge=0, lt=2**53)]
    """The revision that it was made from; of a reaction the number of its user's last one."""
    sender_id: Uuid
    """Who changed it."""
    created_at: str


class ClientEvent(Data):
    """`chat4all.<noun>.<past verb>.v1` on chat4all.events: what the members in `audience` are told."""

    audience: list[Uuid]
    """User ids."""
    client_type: Word
    """`type` of the WebSocket event."""
    seq: Seq | None = None
    data: dict[str, Any]


class DeliveryRequested(Data):
    """`chat4all.delivery.requested.v1` on chat4all.outbound.<channel>: send this to that address."""

    conversation_id: Uuid
    seq: Seq
    message_id: Uuid
    sender_id: Uuid
    sender_name: str | None = None
    recipient_id: Uuid
    channel: Word
    account_id: Uuid
    address: Word
    part: Annotated[int, Field(ge=0, lt=1000)] = 0
    message: dict[str, Any]
    """type, content, reply_to, created_at, and file and files (as MessageAccepted has them) where there are any."""


class ChannelActionRequested(Data):
    """`chat4all.channel_action.requested.v1` on chat4all.outbound.<channel>: do this about what went there, or to them."""

    conversation_id: Uuid
    seq: Seq
    """Of edit, retract and react the change's own number; of read and typing that of the contact's message."""
    message_id: Uuid
    """What is changed, was read, or is being answered."""
    message_seq: Seq
    action: Literal["edit", "retract", "react", "read", "typing"]
    sender_id: Uuid
    """Who does it."""
    sender_name: str | None = None
    """As in DeliveryRequested."""
    recipient_id: Uuid
    channel: Word
    account_id: Uuid
    address: Word


class LinkCodeRequested(Data):
    """`chat4all.link_code.requested.v1` on chat4all.outbound.<channel>: send the code of a link request, which is made there."""

    request_id: Uuid
    user_id: Uuid
    channel: Word
    account_id: Uuid
    address: Word
    expires_at: Annotated[int, Field(ge=0)]
    """Seconds since 1970."""


class NameRequested(Data):
    """`chat4all.name.requested.v1` on chat4all.outbound.<channel>: ask the provider what this contact is called."""

    channel: Word
    account_id: Uuid
    address: Word


class MediaRequested(Data):
    """`chat4all.media.requested.v1` on chat4all.inbound_media: fetch this file, which a contact sent."""

    file_id: Uuid
    conversation_id: Uuid
    channel: Word
    account_id: Uuid
    address: Word
    media: dict[str, Any]
    """channels.inbound.Media: kind, id or url, content_type, filename, size, sha256."""


class FileCheckRequested(Data):
    """`chat4all.file_check.requested.v1` on chat4all.file_checks: go on with the check of this upload.

    Where to go on is in the table.
    """

    file_id: Uuid


class FallbackRequested(Data):
    """`chat4all.fallback.requested.v1` on chat4all.rule_actions: try the next channel, if the recipient is not reached."""

    conversation_id: Uuid
    seq: Seq
    sender_id: Uuid
    sender_name: str | None = None
    recipient_id: Uuid
    rule_id: Uuid | None = None
    chain: Annotated[list[Word], Field(min_length=2, max_length=10)]
    step: Annotated[int, Field(ge=1, lt=10)]
    """Which of `chain` is next."""
    wait_s: Annotated[int, Field(ge=0)]
    due_at: int
    """Milliseconds since 1970; so is the next."""
    wake_at: int
    """When to look at it again: `due_at`, or before it where that is far."""


class MirrorRequested(Data):
    """`chat4all.mirror.requested.v1` on chat4all.rule_actions: say that message in another conversation too."""

    conversation_id: Uuid
    seq: Seq
    owner_id: Uuid
    """Who says it there."""
    target_id: Uuid


class WebhookDeliveryRequested(Data):
    """`chat4all.webhook_delivery.requested.v1` on chat4all.webhooks: send this delivery, which is in the table."""

    webhook_id: Uuid
    owner_id: Uuid
    delivery_id: Uuid


class DeliveryUpdated(Data):
    """`chat4all.delivery.updated.v1` on chat4all.status_updates: what became of a delivery."""

    conversation_id: Uuid
    seq: Seq
    message_id: Uuid
    sender_id: Uuid
    recipient_id: Uuid
    channel: Word
    account_id: Uuid
    part: Annotated[int, Field(ge=0, lt=1000)] = 0
    status: Literal["accepted", "sent", "delivered", "read", "failed"]
    reason: str | None = None
    note: str | None = None
    """In what it differs from what was asked, such as a link in the place of a file."""
    external_id: str | None = None
    time: int
    """Milliseconds since 1970."""


SCHEMAS: dict[str, type[Data]] = {
    "chat4all.message.accepted.v1": MessageAccepted,
    "chat4all.change.accepted.v1": ChangeAccepted,
    "chat4all.message.created.v1": ClientEvent,
    "chat4all.message.updated.v1": ClientEvent,
    "chat4all.message.deleted.v1": ClientEvent,
    "chat4all.message.status_changed.v1": ClientEvent,
    "chat4all.reaction.updated.v1": ClientEvent,
    "chat4all.receipt.updated.v1": ClientEvent,
    "chat4all.typing.started.v1": ClientEvent,
    "chat4all.typing.stopped.v1": ClientEvent,
    "chat4all.presence.updated.v1": ClientEvent,
    "chat4all.conversation.updated.v1": ClientEvent,
    "chat4all.member.updated.v1": ClientEvent,
    "chat4all.webhook.disabled.v1": ClientEvent,
    "chat4all.delivery.requested.v1": DeliveryRequested,
    "chat4all.delivery.updated.v1": DeliveryUpdated,
    "chat4all.media.requested.v1": MediaRequested,
    FILE_CHECK_REQUESTED: FileCheckRequested,
    "chat4all.channel_action.requested.v1": ChannelActionRequested,
    LINK_CODE_REQUESTED: LinkCodeRequested,
    NAME_REQUESTED: NameRequested,
    "chat4all.fallback.requested.v1": FallbackRequested,
    "chat4all.mirror.requested.v1": MirrorRequested,
    WEBHOOK_DELIVERY_REQUESTED: WebhookDeliveryRequested,
}
"""Every event type, with the shape of its data."""

TOPIC_TYPES: dict[Topic, frozenset[str]] = {
    Topic.MESSAGES: frozenset({"chat4all.message.accepted.v1", "chat4all.change.accepted.v1"}),
    Topic.EVENTS: frozenset(name for name, shape in SCHEMAS.items() if shape is ClientEvent),
    Topic.STATUS_UPDATES: frozenset({"chat4all.delivery.updated.v1"}),
    Topic.INBOUND_MEDIA: frozenset({"chat4all.media.requested.v1"}),
    Topic.FILE_CHECKS: frozenset({FILE_CHECK_REQUESTED}),
    Topic.WEBHOOKS: frozenset({WEBHOOK_DELIVERY_REQUESTED}),
    Topic.RULE_ACTIONS: frozenset({"chat4all.fallback.requested.v1", "chat4all.mirror.requested.v1"}),
    **{
        topic: frozenset(
            {
                *("chat4all.delivery.requested.v1", "chat4all.channel_action.requested.v1"),
                *(LINK_CODE_REQUESTED, NAME_REQUESTED),
            }
        )
        for topic in OUTBOUND
    },
}
"""Which types each topic carries."""


def json_schemas() -> dict[str, str]:
    """File name and text of the JSON Schema of each event type's data (docs/schemas/)."""
    return {
        f"{kind}.json": json.dumps({"$id": kind} | shape.model_json_schema(), indent=2) + "\n"
        for kind, shape in SCHEMAS.items()
    }
