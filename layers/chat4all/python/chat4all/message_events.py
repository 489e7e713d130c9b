"""What is told of a message: on the topics, to clients and in every read, from one description."""

from typing import Any

from chat4all.clock import rfc3339
from chat4all.kafka.events import Event
from chat4all.kafka.topics import Topic
from chat4all.stores.messages import Message

MESSAGE_ACCEPTED = "chat4all.message.accepted.v1"
PREVIEW_CHARACTERS = 100


def view(message: Message, status: str | None = None) -> dict[str, Any]:
    """A message in any read (design: section 3)."""
    document: dict[str, Any] = {
        "message_id": message.message_id,
        "conversation_id": message.conversation_id,
        "seq": int(message.seq),
        "sender_id": message.sender_id,
        "channel": message.channel,
        "type": message.type,
        "content": message.content,
        "reactions": {},
        "created_at": rfc3339(int(message.created_at)),
    }
    if message.reply_to:
        document["reply_to"] = message.reply_to
    if message.metadata:
        document["metadata"] = message.metadata
    if status is not None:
        document["status"] = status
    return document


def message_accepted(message: Message) -> Event:
    """Event on chat4all.messages: a message was written. `data` is its view, and the `channels` that were asked for."""
    data = view(message)
    if message.channels:
        data["channels"] = message.channels
    return Event(Topic.MESSAGES, MESSAGE_ACCEPTED, message.conversation_id, data, int(message.created_at))


def preview(data: dict[str, Any]) -> dict[str, Any]:
    """What a list of conversations shows of the newest message (of its view), small enough for the head."""
    content = data["content"]
    text = content if isinstance(content, str) else ""
    return {
        "message_id": data["message_id"],
        "seq": data["seq"],
        "sender_id": data["sender_id"],
        "type": data["type"],
        "preview": text[:PREVIEW_CHARACTERS],
        "created_at": data["created_at"],
    }
