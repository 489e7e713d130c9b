"""The audit log: entries of each log in the order of their time. Written once; no function may change or delete them."""

from typing import Any, ClassVar

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from chat4all.stores.table import Connection, Table


class EntriesByDay(GlobalSecondaryIndex["AuditItem"]):
    """What was done on a day, each entry once, for operators."""

    class Meta:
        index_name = "by_day"
        projection = AllProjection()

    day = UnicodeAttribute(hash_key=True)
    entry_id = UnicodeAttribute(range_key=True)


class AuditItem(Table):
    """One entry in one log."""

    noun: ClassVar[str] = "audit-log"

    class Meta(Connection):
        pass

    log = UnicodeAttribute(hash_key=True)
    """`user:<id>`, `conversation:<id>`, `account:<id>` or `deployment`."""
    entry_id = UnicodeAttribute(range_key=True)
    """UUIDv7: later entries sort later. The same in each log that an entry belongs to."""
    at = NumberAttribute()
    """Milliseconds since 1970."""
    action = UnicodeAttribute()
    outcome = UnicodeAttribute()
    actor: Any = UnicodeAttribute(null=True)
    code: Any = UnicodeAttribute(null=True)
    target: Any = UnicodeAttribute(null=True)
    source_address: Any = UnicodeAttribute(null=True)
    user_agent: Any = UnicodeAttribute(null=True)
    request_id: Any = UnicodeAttribute(null=True)
    connection_id: Any = UnicodeAttribute(null=True)
    details: Any = JSONAttribute(null=True)
    expires_at = NumberAttribute()
    """Seconds since 1970, as DynamoDB's time to live wants it; checked in code, since deletion may take days."""
    day: Any = UnicodeAttribute(null=True)
    """Such as 2026-11-21 (UTC), in the first of the logs only."""

    by_day = EntriesByDay()
