"""What is told of a message: on the topics, to clients and in every read, from one description."""

from collections.abc import Mapping
from typing import Any

from chat4all.clock import rfc3339
from chat4all.domain.changes import CHANGES, VOID
from chat4all.domain.reactions import by_emoji
from chat4all.kafka.events import Event
from chat4all.kafka.topics import Topic
from chat4all.stores.messages import Message
from chat4all.tracing.current import current, following
from chat4all.tracing.trace_context import TraceContext, parsed

MESSAGE_ACCEPTED = "chat4all.message.accepted.v1"
CHANGE_ACCEPTED = "chat4all.change.accepted.v1"
PREVIEW_CHARACTERS = 100


def view(message: Message, status: str | None = None) -> dict[str, Any]:
    """A message in any read (design: section 3), in its newest state; `revision` where it has been changed."""
    document: dict[str, Any] = {
        "message_id": message.message_id,
        "conversation_id": message.conversation_id,
        "seq": int(message.seq),
        "sender_id": message.sender_id,
        "channel": message.channel,
        "type": message.type,
        "content": message.content,
        "reactions": by_emoji(message.reactions_of_users()),
        "created_at": rfc3339(int(message.created_at)),
    }
    if message.file:
        document["file"] = message.file
    if message.more_files:
        document["files"] = message.files()
    if message.reply_to:
        document["reply_to"] = message.reply_to
    if message.metadata:
        document["metadata"] = message.metadata
    if message.reactions_version is not None:
        document["reactions_version"] = int(message.reactions_version)
    if message.revision is not None:
        document["revision"] = int(message.revision)
    if message.edited_at is not None:
        document["edited_at"] = rfc3339(int(message.edited_at))
    if message.deleted_at is not None:
        document["deleted_at"] = rfc3339(int(message.deleted_at))
    if status is not None:
        document["status"] = status
    return document


def reactions_view(message: Message) -> dict[str, Any]:
    """Reactions of a message as they stand: what `reaction.updated` tells and a reaction is answered with.

    `reactions_version` grows with each change, whoever made it; 0: there never were any.
    """
    return {
        "message_id": message.message_id,
        "conversation_id": message.conversation_id,
        "reactions": by_emoji(message.reactions_of_users()),
        "reactions_version": int(message.reactions_version or 0),
    }


def entry_accepted(entry: Message) -> Event:
    """Event on chat4all.messages: an entry of the sequence was written, a message or a change of one."""
    kind = CHANGE_ACCEPTED if entry.type in CHANGES else MESSAGE_ACCEPTED
    with following(trace_of(entry)):
        return Event(Topic.MESSAGES, kind, entry.conversation_id, entry_data(entry), int(entry.created_at))


def trace_of(entry: Message) -> TraceContext | None:
    """That in which it was written; where that is under way, as it is now (an item keeps no `tracestate`)."""
    written, around = parsed(entry.traceparent), current()
    return around if written is not None and around is not None and around.trace_id == written.trace_id else written


def entry_data(entry: Message) -> dict[str, Any]:
    """Of a message its view, and the `channels` that were asked for; of a change what it changes, without the content.

    A void is {"seq", "type"}.
    """
    if entry.type in CHANGES:
        return {
            "conversation_id": entry.conversation_id,
            "seq": int(entry.seq),
            "type": entry.type,
            "message_id": entry.message_id,
            "changes_seq": int(entry.changes_seq),
            "base": int(entry.base),
            "sender_id": entry.sender_id,
            "created_at": rfc3339(int(entry.created_at)),
        }
    if entry.type == VOID:
        return {"seq": int(entry.seq), "type": VOID}
    data = view(entry)
    if entry.channels:
        data["channels"] = entry.channels
    return data


def preview(data: Mapping[str, Any]) -> dict[str, Any]:
    """What a list of conversations shows of the newest message (of its view), small enough for the head."""
    content = data["content"]
    text = content if isinstance(content, str) else ""
    if not text and data.get("file"):
        text = ", ".join(file["filename"] for file in data.get("files") or [data["file"]])
    shown = {
        "message_id": data["message_id"],
        "seq": data["seq"],
        "sender_id": data["sender_id"],
        "type": data["type"],
        "preview": text[:PREVIEW_CHARACTERS],
        "created_at": data["created_at"],
    }
    return shown | {name: data[name] for name in ("edited_at", "deleted_at") if name in data}
