"""Messages, and what became of them."""

from typing import Annotated, Any, Literal

from pydantic import Field

from chat4all.contract.documents.document import Cursor, Document, Seq, Time, Uuid, example
from chat4all.contract.documents.files import MessageFile
from chat4all.contract.documents.samples import ANA, BEN, CONVERSATION, MESSAGE, NOW

Status = Literal["accepted", "sent", "delivered", "read", "failed"]
"""It only rises; failed is final."""
_MESSAGE = {
    "message_id": MESSAGE,
    "conversation_id": CONVERSATION,
    "seq": 12,
    "sender_id": BEN,
    "channel": "in_app",
    "type": "text",
    "content": "See you at eight",
    "reactions": {"👍": [ANA]},
    "reactions_version": 1,
    "created_at": NOW,
    "status": "read",
}


class Accepted(Document):
    """The promise that a message reaches every recipient."""

    model_config = example(
        {
            "status": "accepted",
            "message_id": MESSAGE,
            "conversation_id": CONVERSATION,
            "seq": 12,
            "created_at": NOW,
        }
    )

    status: Literal["accepted"]
    message_id: Uuid
    conversation_id: Uuid
    seq: Seq
    created_at: Time


class Message(Document):
    """A message in its newest state."""

    model_config = example(_MESSAGE)

    message_id: Uuid
    conversation_id: Uuid
    seq: Seq
    sender_id: Uuid
    channel: str
    """Where it came from."""
    type: str
    """text, file, location or contact; what comes over a channel may be of another one."""
    content: Any
    """A text (of a file its caption), or the location's or contact's fields; null of one that was unsent."""
    reactions: dict[str, list[Uuid]]
    """Who reacted, by emoji."""
    created_at: Time
    file: MessageFile | None = None
    """Of several the first."""
    files: list[MessageFile] | None = None
    """All, where there are several."""
    reply_to: Uuid | None = None
    metadata: dict[str, Any] | None = None
    reactions_version: Annotated[int, Field(ge=0)] | None = None
    """Grows with each reaction; none: there never were any."""
    revision: Seq | None = None
    """Number of the change that made this state; none: as it was sent."""
    edited_at: Time | None = None
    deleted_at: Time | None = None
    status: Status | None = None
    """The lowest over all recipients who can report it; left out where a change is answered."""


class MessageChange(Document):
    """A message from before this page that was changed in it."""

    seq: Seq
    """The change's own number."""
    type: Literal["message.updated", "message.deleted", "reaction.updated"]
    time: Time
    message: Message


class MessagePage(Document):
    """A page of the history."""

    model_config = example({"items": [_MESSAGE], "next_cursor": None})

    items: list[Message]
    next_cursor: Cursor
    changes: list[MessageChange] | None = None
    """With `after_seq`."""
    complete_through: Seq | None = None
    """With `after_seq`: nothing will come any more up to here."""


class Reactions(Document):
    """Reactions of a message as they stand."""

    model_config = example(
        {
            "message_id": MESSAGE,
            "conversation_id": CONVERSATION,
            "reactions": {"👍": [ANA]},
            "reactions_version": 1,
        }
    )

    message_id: Uuid
    conversation_id: Uuid
    reactions: dict[str, list[Uuid]]
    reactions_version: Annotated[int, Field(ge=0)]


class Receipt(Document):
    """The caller's watermarks."""

    model_config = example({"conversation_id": CONVERSATION, "user_id": ANA, "delivered_seq": 12, "read_seq": 12})

    conversation_id: Uuid
    user_id: Uuid
    delivered_seq: Seq
    read_seq: Seq


class Typing(Document):
    """For how long it is shown."""

    model_config = example({"expires_in": 6})

    expires_in: Annotated[int, Field(ge=0)]
    """Seconds; 0: it is over."""
