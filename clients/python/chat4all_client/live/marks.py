"""Watermarks of the user: which ones the server is to be told. Pure."""

from dataclasses import dataclass, replace
from typing import Any

from chat4all_client.live.conversation import Conversation

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Due:
    """What to tell of a conversation; None: no news."""

    conversation_id: str
    delivered_seq: int | None
    read_seq: int | None

    def body(self) -> Json:
        """As POST …/receipts takes it."""
        marks = {"delivered_seq": self.delivered_seq, "read_seq": self.read_seq}
        return {name: seq for name, seq in marks.items() if seq is not None}


def due(held: Conversation, received: int) -> Due | None:
    """What the server does not know yet. What is read is delivered too; changes and own messages want no mark.

    Args:
        received: the last message of others that is held without a hole before it.
    """
    read = held.read_seq if held.read_seq > held.read_told else None
    delivered = received if received > max(held.delivered_told, read or 0) else None
    return Due(held.id, delivered, read) if (read, delivered) != (None, None) else None


def read_up_to(held: Conversation, seq: int) -> Conversation | None:
    """Read up to `seq`, as far as anything is held; None: that is no news."""
    reached = min(seq, max(held.numbers.through, *held.numbers.beyond, 0))
    return replace(held, read_seq=reached) if reached > held.read_seq else None
