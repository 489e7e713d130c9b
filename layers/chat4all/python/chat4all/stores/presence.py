"""Presence: each user's open WebSockets in one item, so that one BatchGetItem answers for 100 members."""

from typing import Any, ClassVar

from pynamodb.attributes import MapAttribute, NumberAttribute, UnicodeAttribute

from chat4all.stores.table import Connection, Table


class Presence(Table):
    """Open connections and signs of life of one user. Times are milliseconds since 1970."""

    noun: ClassVar[str] = "presence"

    class Meta(Connection):
        pass

    user_id = UnicodeAttribute(hash_key=True)
    connections: Any = MapAttribute(default=dict)
    """{connection_id: {at: when it was opened, seen: its last sign of life, until: when its token ends, session: family id,
    batches: 1 where several events may come in one message}}."""
    last_seen_at: Any = NumberAttribute(null=True)
    """The last sign of life of all."""
    beat_at: Any = NumberAttribute(null=True)
    """The last heartbeat over HTTP."""
    visibility = UnicodeAttribute(null=True)
    """A copy of User.presence_visibility, so that presence is shown from one read."""
    hidden_version: Any = NumberAttribute(null=True)
    """`version` at the moment in which the user hid: what is shown instead of it, since its growth would tell of heartbeats."""
    deleted_at: Any = NumberAttribute(null=True)
    """The account was erased then, and the rest of this with it: a token that still lives brings nothing back."""
    told_until: Any = NumberAttribute(null=True)
    """Contacts were told that the user is online, which holds so long; 0: that they are not, or nothing."""
    version: Any = NumberAttribute(default=0)
    """Grows with every sign of life and every change of what contacts were told: what is told of it has an order, and who has
    judged an older state does not tell."""
