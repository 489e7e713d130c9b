"""Rate limits: one number for each thing that is limited."""

from typing import ClassVar

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chat4all.stores.table import Connection, Table


class RateLimit(Table):
    """The bucket of one key."""

    noun: ClassVar[str] = "rate-limits"

    class Meta(Connection):
        pass

    key = UnicodeAttribute(hash_key=True)
    tat = NumberAttribute()
    """Theoretical arrival time, milliseconds since 1970 (domain.gcra)."""
    expires_at = NumberAttribute()
    """Seconds since 1970 after which DynamoDB may delete it: an old bucket is an empty one."""
