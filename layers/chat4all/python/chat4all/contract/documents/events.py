"""What clients are told live: `data` of each event, and of each action's ack."""

from typing import Annotated, Any, Literal

from pydantic import Field

from chat4all.contract.documents.conversations import LastMessage
from chat4all.contract.documents.document import Document, Nullable, Seq, Time, Uuid, example
from chat4all.contract.documents.messages import Message, Reactions, Status
from chat4all.contract.documents.presence import Heartbeat
from chat4all.contract.documents.samples import ANA, BEN, CONVERSATION, LATER, MESSAGE, NOW
from chat4all.domain.conversation import RoleName

Truncated = list[str]


class MessageTold(Message):
    """A message; one that is too large for a frame comes without some fields."""

    content: Annotated[Any, Nullable] = None
    """As in any read."""
    reactions: dict[str, list[Uuid]] | None = None  # type: ignore[assignment] # may be left out, as no other read has it
    channels: list[str] | None = None
    """That its sender asked for."""
    truncated: Truncated | None = None
    """Fields that were left out: get them by GET /v1/messages/{id}."""


class ReactionsTold(Reactions):
    """All reactions of a message."""

    reactions: dict[str, list[Uuid]] | None = None  # type: ignore[assignment] # may be left out, as no other read has it

    truncated: Truncated | None = None


class StatusTold(Document):
    """A message, or what went to one recipient, has another status."""

    model_config = example({"message_id": MESSAGE, "status": "delivered", "recipient_id": ANA, "channel": "whatsapp"})

    message_id: Uuid
    status: Status
    recipient_id: Uuid | None = None
    channel: str | None = None
    reason: str | None = None
    note: str | None = None
    file_id: Uuid | None = None
    """What the part carries."""


class ReceiptTold(Document):
    """A member's watermarks. Of two, the higher version is newer."""

    model_config = example({"user_id": BEN, "delivered_seq": 12, "read_seq": 12, "version": 4})

    user_id: Uuid
    delivered_seq: Seq
    read_seq: Seq
    version: Annotated[int, Field(ge=0)]


class ConversationTold(Document):
    """The conversation as all of its members see it, or only that it was deleted."""

    model_config = example({"id": CONVERSATION, "deleted": True})

    id: Uuid
    deleted: Literal[True] | None = None
    type: Literal["private", "group"] | None = None
    title: Annotated[str | None, Nullable] = None
    metadata: dict[str, Any] | None = None
    created_by: Uuid | None = None
    created_at: Time | None = None
    updated_at: Time | None = None
    last_activity_at: Time | None = None
    last_message: Annotated[LastMessage | None, Nullable] = None
    last_seq: Seq | None = None
    member_count: Annotated[int, Field(ge=0)] | None = None
    members: list[dict[str, Any]] | None = None
    truncated: Truncated | None = None


class MemberTold(Document):
    """Somebody joined, left, or has another role."""

    model_config = example({"user_id": BEN, "role": "member", "joined": True, "version": 3})

    user_id: Uuid
    role: RoleName
    joined: bool
    version: Annotated[int, Field(ge=0)]


class TypingTold(Document):
    """Somebody is writing."""

    model_config = example({"user_id": BEN, "expires_in": 6})

    user_id: Uuid
    expires_in: Annotated[int, Field(ge=0)]
    """Seconds for which it is shown; 0: no more."""


class SyncDone(Document):
    """A sync is over."""

    model_config = example({"conversations": {CONVERSATION: 12}, "other": [], "more": False})

    conversations: dict[str, Seq]
    """How far each is complete now. One that is missing is the caller's no more."""
    other: list[Uuid]
    """Further conversations of the caller: ask for them with 0."""
    more: bool
    """Ask again, from where you stand."""
    next: str | None = None
    """There are more ids than `other` names: ask with it as `after`."""


class TokenExpiring(Document):
    """The token on which the connection stands ends soon: send another one with a heartbeat."""

    model_config = example({"expires_at": LATER})

    expires_at: Time


class WebhookDisabledTold(Document):
    """An endpoint of the user's was disabled."""

    model_config = example({"webhook_id": MESSAGE, "reason": "failing"})

    webhook_id: Uuid
    reason: str


class SyncAck(Document):
    """How many messages came before it."""

    model_config = example({"messages": 3})

    messages: Annotated[int, Field(ge=0)]


class SocketHeartbeat(Heartbeat):
    """The answer to a sign of life of a connection."""

    model_config = example({"time": NOW, "interval": 30, "token_expires_at": LATER})

    token_expires_at: Time
    sync: Literal[True] | None = None
    """Nothing was pushed for a while: sync."""
