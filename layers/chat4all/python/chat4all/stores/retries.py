"""Retries: records that failed, outside their partition's way, in lanes that keep their order."""

from typing import Any, ClassVar

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chat4all.stores.table import Connection, Table


class DueLanes(GlobalSecondaryIndex["RetryLane"]):
    """Lanes by the time of their next try."""

    class Meta:
        index_name = "due"
        projection = KeysOnlyProjection()

    due_shard = UnicodeAttribute(hash_key=True)
    next_at = NumberAttribute(range_key=True)


class RetryLane(Table):
    """What must stay in order among itself, as long as something of it is parked: its first record is the one that failed."""

    noun: ClassVar[str] = "retry-lanes"

    class Meta(Connection):
        pass

    lane = UnicodeAttribute(hash_key=True)
    """`<consumer>#<what is kept in order>`."""
    due_shard = UnicodeAttribute()
    next_at: Any = NumberAttribute()
    """Milliseconds since 1970. Who works on a lane moves it on first: a lease, as the visibility timeout of a queue."""
    claimed_until: Any = NumberAttribute(null=True)
    """The same as `next_at` while that is a lease: operators must not shorten it."""
    version = NumberAttribute(default=0)
    """Grows with each record that is parked, so that a lane is not taken for empty while one arrives."""
    head = UnicodeAttribute()
    """Position of the record that the next three speak of."""
    tries: Any = NumberAttribute(default=0)
    errors: Any = NumberAttribute(default=0)
    """Those of the tries that ended in an error of ours."""
    cause = UnicodeAttribute()

    due = DueLanes()


class ParkedRecord(Table):
    """One record of Kafka as it came."""

    noun: ClassVar[str] = "parked-records"

    class Meta(Connection):
        pass

    lane = UnicodeAttribute(hash_key=True)
    position = UnicodeAttribute(range_key=True)
    """`<partition>@<offset>`, padded: the order in the lane."""
    topic = UnicodeAttribute()
    partition = NumberAttribute()
    offset = NumberAttribute()
    timestamp = NumberAttribute()
    timestamp_type = UnicodeAttribute()
    key = UnicodeAttribute(null=True)
    """In base64, as Lambda gives it and wants it back; the same for the value."""
    value = UnicodeAttribute()
    headers: Any = JSONAttribute(default=list)
    parked_at = NumberAttribute()
    """Milliseconds since 1970."""
