"""Conversations and members."""

from typing import Annotated, Any, Literal

from pydantic import Field

from chat4all.contract.documents.document import Cursor, Document, Seq, Time, Uuid, example
from chat4all.contract.documents.samples import ANA, BEN, CONVERSATION, EARLIER, MESSAGE, NOW
from chat4all.domain.conversation import RoleName

_LAST = {
    "message_id": MESSAGE,
    "seq": 12,
    "sender_id": BEN,
    "type": "text",
    "preview": "See you at eight",
    "created_at": NOW,
}
_MEMBER = {
    "user_id": ANA,
    "role": "owner",
    "channels": ["in_app", "whatsapp"],
    "delivered_seq": 12,
    "read_seq": 11,
    "joined_at": EARLIER,
}
_CONVERSATION = {
    "id": CONVERSATION,
    "type": "group",
    "title": "Choir",
    "metadata": {"colour": "blue"},
    "created_by": ANA,
    "created_at": EARLIER,
    "updated_at": EARLIER,
    "last_activity_at": NOW,
    "last_message": _LAST,
    "last_seq": 12,
    "member_count": 3,
    "unread_count": 1,
    "delivered_seq": 12,
    "read_seq": 11,
}


class Member(Document):
    """A user in a conversation."""

    model_config = example(_MEMBER)

    user_id: Uuid
    role: RoleName
    channels: list[str]
    """On which they are reached."""
    delivered_seq: Seq
    """Everything up to there has reached them."""
    read_seq: Seq
    joined_at: Time


class MemberPage(Document):
    """Members, by user id."""

    items: list[Member]
    next_cursor: Cursor


class LastMessage(Document):
    """The newest message in short."""

    model_config = example(_LAST)

    message_id: Uuid
    seq: Seq
    sender_id: Uuid
    type: str
    preview: str
    """Its first 100 characters; of files without a caption their names."""
    created_at: Time
    edited_at: Time | None = None
    deleted_at: Time | None = None


class ConversationSummary(Document):
    """A conversation in a list."""

    model_config = example(_CONVERSATION)

    id: Uuid
    type: Literal["private", "group"]
    title: str | None
    metadata: dict[str, Any]
    created_by: Uuid
    created_at: Time
    updated_at: Time
    last_activity_at: Time
    last_message: LastMessage | None
    last_seq: Seq
    """What is shown up to now."""
    member_count: Annotated[int, Field(ge=0)]
    unread_count: Annotated[int, Field(ge=0, le=100)]
    """Messages of others behind `read_seq`, counted up to 100."""
    delivered_seq: Seq
    """The caller's own, as `read_seq`."""
    read_seq: Seq


class Conversation(ConversationSummary):
    """A conversation with its members."""

    model_config = example(_CONVERSATION | {"members": [_MEMBER]})

    members: list[Member]


class ConversationPage(Document):
    """Conversations, newest activity first."""

    items: list[ConversationSummary]
    next_cursor: Cursor
