"""Members: who is in a conversation, as what, how far they have received and read, and by which channels they are reached."""

from typing import Any, ClassVar

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chat4all.stores.table import Connection, Table


class MembersByUser(GlobalSecondaryIndex["Member"]):
    """Conversations of a user (keys only)."""

    class Meta:
        index_name = "by_user"
        projection = KeysOnlyProjection()

    user_id = UnicodeAttribute(hash_key=True)
    conversation_id = UnicodeAttribute(range_key=True)


class MembersByPartner(GlobalSecondaryIndex["Member"]):
    """Who has a private conversation with a user (keys only)."""

    class Meta:
        index_name = "by_partner"
        projection = KeysOnlyProjection()

    partner_id = UnicodeAttribute(hash_key=True)
    user_id = UnicodeAttribute(range_key=True)


class Member(Table):
    """One user in one conversation."""

    noun: ClassVar[str] = "members"

    class Meta(Connection):
        pass

    conversation_id = UnicodeAttribute(hash_key=True)
    user_id = UnicodeAttribute(range_key=True)
    role = UnicodeAttribute()
    """owner, admin, member or reader."""
    in_app = NumberAttribute(default=1)
    """1 where the user can sign in, 0 for a guest known only by a channel's address."""
    addresses: Any = JSONAttribute(default=list)
    """[{channel, account_id, address, since_seq?}]: external identities, copied here so that routing reads one table; behind
    `since_seq` only, where it was linked while they were a member."""
    delivered_seq = NumberAttribute(default=0)
    """Watermark: the app has received everything up to here."""
    read_seq = NumberAttribute(default=0)
    """Watermark: the user has read everything up to here; never above delivered_seq."""
    joined_at = NumberAttribute()
    joined_seq = NumberAttribute(default=0)
    """The number taken last when the user joined: the user is a recipient of what came after."""
    added_by_key = UnicodeAttribute(null=True)
    """Derived from the caller and the Idempotency-Key of the request that added the user."""
    receipts_version = NumberAttribute(default=0)
    """Grows with every change of the watermarks, so that what is told of them has an order."""

    in_place_of: Any = JSONAttribute(null=True)
    """[{user_id, joined_seq, left_seq, addresses}]: guests whose place the user has taken by linking their address."""
    speaks_in = UnicodeAttribute(null=True)
    """The member that stands for the group chat in which this one speaks: what is said there is not sent to them by itself."""
    partner_id = UnicodeAttribute(null=True)
    """In a private conversation of two who both can sign in, the other one: whose coming and going this one is told of."""

    by_user = MembersByUser()
    by_partner = MembersByPartner()

    def is_self(self, user_id: str | None) -> bool:
        """Whether that is the member, or a guest whom they have turned out to be."""
        return user_id == self.user_id or any(guest["user_id"] == user_id for guest in self.in_place_of or ())
