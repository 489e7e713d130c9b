"""Identities: addresses of users on channels, and where a contact's messages go."""

from collections.abc import Iterable
from typing import Any, ClassVar

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UnicodeSetAttribute
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
    same_as = UnicodeAttribute(null=True)
    """The address under which all else is kept; this item only leads there."""
    aliases = UnicodeSetAttribute(null=True)
    """Addresses whose items lead here."""
    current_address = UnicodeAttribute(null=True)
    """Where an answer goes, if not to `address`: a newer one of the aliases."""
    last_inbound_at = NumberAttribute(null=True)
    """When the contact wrote last, milliseconds since 1970; up to a minute too early."""
    linked_at: Any = NumberAttribute(null=True)
    """When the user showed by a code that it is theirs, milliseconds since 1970; None: a guest's."""
    taken_from: Any = UnicodeAttribute(null=True)
    """The guest whose places in conversations the user is still to get (linked_places.take_places)."""
    unlinked_at: Any = NumberAttribute(null=True)
    """Since when the user wants it no more: it is being taken out of their conversations."""
    is_chat: Any = NumberAttribute(null=True)
    """1: a group chat of the provider's, in which several people speak; its user stands for all of them."""
    name_asked_at: Any = NumberAttribute(null=True)
    """When the provider was asked for the contact's name, where its payloads lack it."""

    by_user = IdentitiesByUser()


def address_key(channel: str, account_id: str, address: str) -> str:
    """Key of an address: the same person is another address on each account."""
    return f"{channel}:{account_id}:{address}"


def find_identity(channel: str, account_id: str, addresses: Iterable[str]) -> Identity | None:
    """The identity behind the first of these addresses that is known."""
    for address in addresses:
        try:
            found = Identity.get(address_key(channel, account_id, address), consistent_read=True)
            if found.same_as is None:
                return found
            return Identity.get(address_key(channel, account_id, found.same_as), consistent_read=True)
        except Identity.DoesNotExist:
            continue
    return None


def pointer_to(identity: Identity, address: str, now_ms: int) -> Identity:
    """An item for another address of the same person."""
    return Identity(
        address_key(identity.channel, identity.account_id, address),
        channel=identity.channel,
        account_id=identity.account_id,
        address=address,
        display_name=identity.display_name,
        same_as=identity.address,
        created_at=now_ms,
    )


def addresses_of(user_id: str) -> list[dict[str, str]]:
    """All addresses of a user as members carry them: [{channel, account_id, address}]. Eventually consistent."""
    return [way_to(found) for found in Identity.by_user.query(user_id) if found.unlinked_at is None]


def way_to(identity: Identity) -> dict[str, str]:
    """An address as members carry it."""
    return {"channel": identity.channel, "account_id": identity.account_id, "address": identity.address}
