"""Erasures: what was deleted and still leaves something behind. One partition, by the time at which each is to be looked at."""

from collections.abc import Iterator
from typing import Any, ClassVar

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chat4all.stores.table import Connection, Table

CONVERSATION, USER, WEBHOOK = "conversation", "user", "webhook"
FIRST_LOOK_MS = 60_000
"""Until then who deletes it does the most of it."""
LAST_LOOK_MS = 25 * 3600 * 1000
"""After the deletion: records wait for a day to be tried again (Settings.retry_max_age_s), and may write something once more."""
_ALL = "all"


class Erasure(Table):
    """One thing whose traces are being removed. Times: milliseconds since 1970."""

    noun: ClassVar[str] = "erasures"

    class Meta(Connection):
        pass

    part = UnicodeAttribute(hash_key=True)
    """`all`."""
    entry = UnicodeAttribute(range_key=True)
    """<when it is looked at, 13 digits>#<kind>#<id>."""
    kind = UnicodeAttribute()
    """conversation, user or webhook."""
    thing_id = UnicodeAttribute()
    deleted_at = NumberAttribute()
    addresses: Any = JSONAttribute(null=True)
    """Of a conversation: [{channel, account_id, address}] of those who were in it, by which providers' ids are found."""

    def at(self, time_ms: int) -> "Erasure":
        """The same, looked at then."""
        entry = f"{time_ms:013d}#{self.kind}#{self.thing_id}"
        known = {"thing_id": self.thing_id, "deleted_at": self.deleted_at, "addresses": self.addresses}
        return Erasure(_ALL, entry, kind=self.kind, **known)


def erasure(kind: str, thing_id: str, now: int) -> Erasure:
    """Of what is deleted now: to be saved in the transaction that deletes it."""
    return Erasure(_ALL, kind=kind, thing_id=thing_id, deleted_at=now).at(now + FIRST_LOOK_MS)


def due(now: int) -> Iterator[Erasure]:
    """Those whose time has come, the earliest first."""
    return iter(Erasure.query(_ALL, Erasure.entry < f"{now:013d}", consistent_read=True, page_size=100))
