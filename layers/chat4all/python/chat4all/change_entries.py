"""Entries that change a message: numbered, written, applied and published, whatever kind of change it is.

chat4all.changing says what a death after each of these steps leaves.
"""

from typing import Any

from chat4all import entries
from chat4all.applied_changes import apply, erase_earlier, forget, standing_of
from chat4all.clock import now_ms
from chat4all.domain.changes import DELETE
from chat4all.errors import Unavailable
from chat4all.kafka.publisher import Publisher
from chat4all.stores.messages import Message

_ATTEMPTS = 5


def write_change(
    publisher: Publisher, shards: int, target: Message, user_id: str, kind: str, content: Any
) -> Message | None:
    """Write the entry, apply it to `target` and publish it; the message as it is then, None where it was overtaken.

    Raises:
        Unavailable: it is not known whether it was written, or applied (the router sees to what is written).
    """
    entry = _entry(shards, target, user_id, kind, content)
    changed = apply(entry, target)
    if changed is None:
        forget(entry)
    elif kind == DELETE:
        erase_earlier(changed.conversation_id, int(entry.base))
    # An entry that was overtaken has its number too, which the router must pass.
    entries.publish(publisher, entry)
    return changed


def _entry(shards: int, target: Message, user_id: str, kind: str, content: Any) -> Message:
    for _ in range(_ATTEMPTS):
        entry = Message(
            target.conversation_id,
            entries.take_number(target.conversation_id),
            type=kind,
            message_id=target.message_id,
            sender_id=user_id,
            content=content,
            created_at=now_ms(),
            changes_seq=int(target.seq),
            base=standing_of(target, kind, user_id),
        )
        if entries.write(entry, shards):
            return entry
    raise Unavailable("The conversation is too busy; nothing was changed. Try again.")
