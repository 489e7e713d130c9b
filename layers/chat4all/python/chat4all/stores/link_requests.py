"""Link requests: who is asked, by a code, whether an address is theirs. The code itself is nowhere (domain.link_codes)."""

from typing import ClassVar

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chat4all.domain.link_codes import LinkRequest as Asked
from chat4all.stores.table import Connection, Table


class LinkRequest(Table):
    """The newest request of a user on one account."""

    noun: ClassVar[str] = "link-requests"

    class Meta(Connection):
        pass

    user_id = UnicodeAttribute(hash_key=True)
    way = UnicodeAttribute(range_key=True)
    """<channel>#<account id>."""
    id = UnicodeAttribute()
    """Another one for each code."""
    address = UnicodeAttribute()
    tries = NumberAttribute(default=0)
    """Wrong codes, and those that are being looked at."""
    created_at = NumberAttribute()
    """Milliseconds since 1970."""
    expires_at = NumberAttribute()
    """Seconds since 1970."""

    def asked(self) -> Asked:
        """What its code is for."""
        channel, _, account_id = str(self.way).partition("#")
        return Asked(str(self.id), str(self.user_id), channel, account_id, str(self.address))


def way_of(channel: str, account_id: str) -> str:
    """Sort key."""
    return f"{channel}#{account_id}"
