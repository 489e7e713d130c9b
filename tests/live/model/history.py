"""Reading a conversation of the model, as chat4all.history does: pages by numbers, with changes and how far they are complete."""

import copy
from typing import Any

from tests.live.model.entries import MESSAGE, REACT, VOID, Conversation

Json = dict[str, Any]


def view(conversation: Conversation, seq: int) -> Json:
    """The message as it is now, with its status."""
    return copy.deepcopy(conversation.messages[seq]) | {"status": "sent" if seq <= conversation.routed else "accepted"}


def reactions(conversation: Conversation, seq: int) -> Json:
    """The reactions to a message, as they are now."""
    message = conversation.messages[seq]
    told = {"reactions": copy.deepcopy(message["reactions"]), "reactions_version": message.get("reactions_version", 0)}
    return {"message_id": message["message_id"], "conversation_id": conversation.id, **told}


def newest_first(conversation: Conversation, before: int, limit: int) -> Json:
    """GET …/messages?before_seq: `next_cursor` says only that there is more."""
    found = [seq for seq in sorted(conversation.messages, reverse=True) if seq < before]
    more = len(found) > limit
    return {"items": [view(conversation, seq) for seq in found[:limit]], "next_cursor": "more" if more else None}


def missed(conversation: Conversation, after: int, limit: int) -> tuple[list[Json], int, bool]:
    """Frames of a sync behind `after`, up to where they are complete, and whether there may be more."""
    page, through = [], after
    while len(page) < limit and (through + 1) in conversation.entries:
        entry = conversation.entries[through + 1]
        if not entry.applied:
            break  # nobody may say that they hold it
        through += 1
        page.append(through)
    frames: list[Json] = []
    changed: dict[tuple[int, bool], int] = {}
    for seq in page:
        entry = conversation.entries[seq]
        if entry.kind == MESSAGE:
            message = view(conversation, seq)
            frames.append(_frame("sync.message", conversation, seq, message))
        elif entry.kind != VOID and entry.target not in page and conversation.standing(seq) >= seq:
            changed[(entry.target, entry.kind == REACT)] = seq
    frames += [told(conversation, seq) for seq in changed.values()]
    return sorted(frames, key=lambda frame: int(frame["seq"])), through, len(page) == limit


def told(conversation: Conversation, seq: int) -> Json:
    """The event of an entry, with what it is about as that is now."""
    entry = conversation.entries[seq]
    if entry.kind == MESSAGE:
        return _frame("message.created", conversation, seq, view(conversation, seq))
    if entry.kind == REACT:
        return _frame("reaction.updated", conversation, seq, reactions(conversation, entry.target))
    message = {name: value for name, value in view(conversation, entry.target).items() if name != "status"}
    verb = "deleted" if "deleted_at" in message else "updated"
    return _frame(f"message.{verb}", conversation, seq, message)


def _frame(kind: str, conversation: Conversation, seq: int, data: Json) -> Json:
    return {
        "type": kind,
        "conversation_id": conversation.id,
        "seq": seq,
        "time": "2026-01-01T00:00:00.000Z",
        "data": data,
    }
