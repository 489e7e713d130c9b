"""Identities: addresses of users on channels, and where a contact's messages go."""

from typing import ClassVar

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from chat4all.stores.table import Connection, Table


class IdentitiesByUser(GlobalSecondaryIndex["Identity"]):
    """All addresses of a user. An address whose user is still being made is not in it."""

    class Meta:
        index_name = "by_user"
        projection = AllProjection()

    user_id = UnicodeAttribute(hash_key=True)


class Identity(Table):
    """One address on one of the business's accounts."""

    noun: ClassVar[str] = "identities"

    class Meta(Connection):
        pass

    address_key = UnicodeAttribute(hash_key=True)
    channel = UnicodeAttribute()
    account_id = UnicodeAttribute()
    address = UnicodeAttribute()
    """Whom the provider knows by it: on Telegram the user's id, which is also the id of the private chat."""
    display_name = UnicodeAttribute()
    user_id = UnicodeAttribute(null=True)
    conversation_id = UnicodeAttribute(null=True)
    """The contact's current conversation: where what they write goes when it answers nothing."""
    claimed_at = NumberAttribute(null=True)
    """Milliseconds since 1970 at which somebody began to make what is missing of user and conversation; 0: nobody."""
    created_at = NumberAttribute()

    by_user = IdentitiesByUser()


def address_key(channel: str, account_id: str, address: str) -> str:
    """Key of an address: the same person is another address on each account."""
    return f"{channel}:{account_id}:{address}"


def addresses_of(user_id: str) -> list[dict[str, str]]:
    """All addresses of a user as members carry them: [{channel, account_id, address}]. Eventually consistent."""
    return [
        {"channel": found.channel, "account_id": found.account_id, "address": found.address}
        for found in Identity.by_user.query(user_id)
    ]
