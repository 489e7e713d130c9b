"""Heads: where each conversation's sequence stands. Small and apart from the conversation, as each message writes it."""

from typing import ClassVar

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chat4all.stores.table import Connection, Table


class Head(Table):
    """The moving end of a conversation: 1 item, under 1 KB, so that each write costs one unit."""

    noun: ClassVar[str] = "heads"

    class Meta(Connection):
        pass

    conversation_id = UnicodeAttribute(hash_key=True)
    last_seq = NumberAttribute(default=0)
    """The highest number taken. A number taken is not yet a message written."""
    routed_through = NumberAttribute(default=0)
    """Every message up to here has been handed to its recipients' channels."""
    member_count = NumberAttribute()
    members_version = NumberAttribute(default=1)
    """Grows with every change of members or of their channels; consumers cache members by it."""
    last_message = UnicodeAttribute(null=True)
    """JSON {message_id, seq, sender_id, type, preview, created_at} of the newest routed message."""
    last_activity_at = NumberAttribute()
    """Milliseconds since 1970: of the newest routed message, else of the creation."""
