"""Linking an address to a user, and letting go of it. The identity's item decides: of two users at once one writes it."""

from typing import Any

from pynamodb.exceptions import DeleteError, PutError, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chat4all.clock import now_ms
from chat4all.errors import Conflict, Unavailable
from chat4all.linked_places import leave_places, take_places
from chat4all.members import Members
from chat4all.stores.accounts import Account
from chat4all.stores.identities import Identity, address_key, find_identity
from chat4all.stores.table import condition_failed

_ATTEMPTS = 5


def link(members: Members, account: Account, address: str, user_id: str) -> Identity:
    """Make the address the user's, who has shown that it is; again changes nothing, and goes on where it was broken off.

    Raises:
        Conflict: `address_taken`: it is linked to another user. Unavailable: it is begun, and to be asked for again.
    """
    for _ in range(_ATTEMPTS):
        identity = find_identity(account.channel, account.id, (address,))
        if identity is not None and (identity.is_chat or (identity.linked_at and identity.user_id != user_id)):
            raise Conflict("This address is linked to another user", code="address_taken")
        linked = _new(account, address, user_id) if identity is None else _taken(identity, user_id)
        if linked is not None:
            take_places(members, linked)
            return linked
    raise Unavailable("Others are changing this address; nothing was done. Try again.")


def unlink(members: Members, identity: Identity) -> None:
    """Let go of an address of a user: who writes from it next is a new guest. What is done is kept where it is broken off.

    Raises:
        Unavailable: it is begun, and to be asked for again.
    """
    theirs = Identity.user_id == identity.user_id
    # Before the conversations: who joins one from now on does so without it.
    if not _update(identity, [Identity.unlinked_at.set(now_ms())], theirs):
        return
    leave_places(members, identity)
    for alias in identity.aliases or ():  # first what leads to it: it is found by its user until the end
        Identity(address_key(identity.channel, identity.account_id, alias)).delete()
    try:
        identity.delete(condition=theirs & Identity.unlinked_at.exists())
    except DeleteError as error:
        if not condition_failed(error):
            raise


def linked_to(user_id: str, channel: str | None = None) -> list[Identity]:
    """Addresses that are linked to a user; eventually consistent."""
    found = (one for one in Identity.by_user.query(user_id) if one.linked_at is not None)
    return sorted((one for one in found if channel in (None, one.channel)), key=lambda one: str(one.address_key))


def _new(account: Account, address: str, user_id: str) -> Identity | None:
    """Of somebody who has never written; None where they do so now."""
    now = now_ms()
    identity = Identity(
        address_key(account.channel, account.id, address),
        channel=account.channel,
        account_id=account.id,
        address=address,
        display_name=address,
        user_id=user_id,
        created_at=now,
        linked_at=now,
        taken_from=user_id,
        claimed_at=0,
    )
    try:
        identity.save(Identity.address_key.does_not_exist())
    except PutError as error:
        if condition_failed(error):
            return None
        raise
    return identity


def _taken(identity: Identity, user_id: str) -> Identity | None:
    """The identity as the user's; None where somebody else changed it meanwhile."""
    guest_id: Any = identity.user_id
    if identity.taken_from and guest_id == user_id and not identity.unlinked_at:
        return identity  # begun before, and broken off
    same = Identity.user_id == guest_id if guest_id is not None else Identity.user_id.does_not_exist()
    mine = Identity.linked_at.does_not_exist() if identity.linked_at is None else Identity.linked_at.exists()
    actions: list[Action] = [
        Identity.user_id.set(user_id),
        Identity.linked_at.set(identity.linked_at or now_ms()),
        Identity.taken_from.set(identity.taken_from or guest_id or user_id),
        Identity.unlinked_at.remove(),
    ]
    if not identity.conversation_id:
        actions.append(Identity.claimed_at.set(0))  # whoever is making a conversation for the guest begins anew
    return identity if _update(identity, actions, same & mine) else None


def _update(identity: Identity, actions: list[Action], condition: Condition) -> bool:
    try:
        identity.update(actions, condition=condition)
    except UpdateError as error:
        if condition_failed(error):
            return False
        raise
    return True
