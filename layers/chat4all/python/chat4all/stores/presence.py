"""Presence: each user's open WebSockets in one item, so that one BatchGetItem answers for 100 members."""

from typing import Any, ClassVar

from pynamodb.attributes import MapAttribute, NumberAttribute, UnicodeAttribute

from chat4all.stores.table import Connection, Table


class Presence(Table):
    """Open connections of one user."""

    noun: ClassVar[str] = "presence"

    class Meta(Connection):
        pass

    user_id = UnicodeAttribute(hash_key=True)
    connections: Any = MapAttribute(default=dict)
    """{connection_id: {at: milliseconds since 1970 at which it was opened, session: family id}}; older ones are that time."""
    last_seen_at = NumberAttribute(null=True)
