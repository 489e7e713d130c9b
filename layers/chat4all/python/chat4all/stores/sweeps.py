"""Sweeps: how far the outbox has been swept, so that a pause of the sweeper, however long, loses nothing."""

from typing import ClassVar

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chat4all.stores.table import Connection, Table


class Sweep(Table):
    """One shard of the outbox index."""

    noun: ClassVar[str] = "sweeps"

    class Meta(Connection):
        pass

    shard = UnicodeAttribute(hash_key=True)
    through_minute = NumberAttribute()
    """Every message of this minute (since 1970) and before has been routed."""
