"""Former members: how far those who left had come, so that the status of what they received never goes back."""

from typing import Any, ClassVar

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chat4all.stores.table import Connection, Table


class FormerMembersByUser(GlobalSecondaryIndex["FormerMember"]):
    """Stays of a user (keys only)."""

    class Meta:
        index_name = "by_user"
        projection = KeysOnlyProjection()

    user_id = UnicodeAttribute(hash_key=True)


class FormerMember(Table):
    """One stay of a user in a conversation, from joined_seq to left_seq."""

    noun: ClassVar[str] = "former-members"

    class Meta(Connection):
        pass

    conversation_id = UnicodeAttribute(hash_key=True)
    stay = UnicodeAttribute(range_key=True)
    """`<user_id>#<joined_seq>`: who comes back has another stay."""
    user_id = UnicodeAttribute()
    in_app = NumberAttribute()
    addresses: Any = JSONAttribute(default=list)
    delivered_seq = NumberAttribute()
    read_seq = NumberAttribute()
    joined_seq = NumberAttribute()
    left_seq = NumberAttribute()
    left_at = NumberAttribute()
    """Milliseconds since 1970."""

    by_user = FormerMembersByUser()
