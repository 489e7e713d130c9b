"""Conversations: what they are called and of which kind."""

from typing import ClassVar

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chat4all.stores.table import Connection, Table


class Conversation(Table):
    """One conversation: 1 item."""

    noun: ClassVar[str] = "conversations"

    class Meta(Connection):
        pass

    id = UnicodeAttribute(hash_key=True)
    type = UnicodeAttribute()
    """private (exactly 2 members) or group (3 to 100)."""
    title = UnicodeAttribute(null=True)
    metadata = UnicodeAttribute(null=True)
    """JSON object of the caller's own."""
    created_by = UnicodeAttribute()
    created_at = NumberAttribute()
    """Milliseconds since 1970."""
    updated_at = NumberAttribute()
    fingerprint = UnicodeAttribute(null=True)
    """SHA-256 of what was asked for with an Idempotency-Key: the same key with something else is refused."""
