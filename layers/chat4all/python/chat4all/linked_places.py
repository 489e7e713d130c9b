"""Where a linked address takes its user: into the places of the guest who stood behind it, and into their own conversations.

Each conversation is changed in one transaction, at one version and between two numbers (chat4all.memberships): up to that
number what is said goes to the guest, behind it to the user, so nothing that is under way is lost or comes twice. Every step may
be repeated: who dies is followed by whoever needs the identity next (channels.contacts), or by the user's next try.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.update import Action

from chat4all.clock import now_ms
from chat4all.domain.roles import Role
from chat4all.errors import NotFound
from chat4all.members import Members
from chat4all.memberships import Change, Membership
from chat4all.stores.identities import Identity, way_to
from chat4all.stores.members import Member
from chat4all.stores.table import condition_failed
from chat4all.stores.users import User

Way = Mapping[str, Any]


def take_places(members: Members, identity: Identity) -> None:
    """Give the user of `identity` the places of `identity.taken_from`, and the address in their own ones.

    Raises:
        Unavailable: some of it is done; the rest when it is asked for again.
    """
    guest_id, user_id, way = str(identity.taken_from), str(identity.user_id), way_to(identity)
    if guest_id != user_id:
        # Its current one by name: the index may not have it yet.
        places = dict.fromkeys([*_conversations_of(guest_id), *filter(None, [identity.conversation_id])])
        for conversation_id in places:
            _changed(members, conversation_id, user_id, lambda standing: _taken(standing, guest_id, user_id, way))
    _give(members, user_id, way)
    if guest_id != user_id:
        User(guest_id).update([User.linked_to.set(user_id), User.updated_at.set(now_ms())], User.id.exists())
    _update(identity, [Identity.taken_from.remove()], Identity.taken_from == guest_id)
    identity.taken_from = None


def leave_places(members: Members, identity: Identity) -> None:
    """Take the address out of all conversations of its user; raises Unavailable as `take_places`."""
    user_id, way = str(identity.user_id), way_to(identity)
    for conversation_id in _with(user_id, way):
        _changed(members, conversation_id, user_id, lambda standing: _without(standing, user_id, way))


def _give(members: Members, user_id: str, way: Way) -> None:
    having = set(_with(user_id, way))
    for conversation_id in _conversations_of(user_id):
        if conversation_id not in having:
            _changed(members, conversation_id, user_id, lambda standing: _given(standing, user_id, way))


def _taken(standing: Membership, guest_id: str, user_id: str, way: Way) -> Change | None:
    guest, present = standing.members.get(guest_id), standing.members.get(user_id)
    if guest is None:
        return None
    place = {
        "user_id": guest_id,
        "joined_seq": int(guest.joined_seq),
        "left_seq": standing.last_seq,
        "addresses": [dict(address) for address in guest.addresses or ()],
    }
    if present is None:
        joins = _in_the_place_of(guest, user_id, place, way, standing.last_seq)
        return Change(joins=joins, leaves=guest, updates=_partners(standing, guest, joins))
    places = [*(present.in_place_of or ()), place]
    addresses = _and(present, way, standing.last_seq) if guest.addresses else list(present.addresses or ())
    updates = {user_id: [Member.in_place_of.set(places), Member.addresses.set(addresses)]}
    return Change(leaves=guest, updates=updates)


def _in_the_place_of(guest: Member, user_id: str, place: Mapping[str, Any], way: Way, last_seq: int) -> Member:
    return Member(
        guest.conversation_id,
        user_id,
        role=Role(guest.role),
        in_app=1,
        addresses=[dict(way)] if guest.addresses else [],
        joined_at=now_ms(),
        joined_seq=last_seq,
        delivered_seq=last_seq,
        read_seq=last_seq,
        in_place_of=[place],
        speaks_in=guest.speaks_in,
    )


def _partners(standing: Membership, guest: Member, joins: Member) -> Mapping[str, Sequence[Action]]:
    """In a private conversation the two are each other's partners from now on."""
    others = [m for m in standing.members.values() if m.user_id != guest.user_id and m.in_app]
    if not standing.is_private or len(others) != 1:
        return {}
    joins.partner_id = others[0].user_id
    return {others[0].user_id: [Member.partner_id.set(joins.user_id)]}


def _given(standing: Membership, user_id: str, way: Way) -> Change | None:
    member = standing.members.get(user_id)
    if member is None or _has(member, way) or _speaks_there(standing, member, way):
        return None
    return Change(updates={user_id: [Member.addresses.set(_and(member, way, standing.last_seq))]})


def _without(standing: Membership, user_id: str, way: Way) -> Change | None:
    member = standing.members.get(user_id)
    if member is None or not _has(member, way):
        return None
    left = [address for address in member.addresses if not _same(address, way)]
    return Change(updates={user_id: [Member.addresses.set(left)]})


def _speaks_there(standing: Membership, member: Member, way: Way) -> bool:
    """Whether they read the conversation in a group chat of that account already."""
    chat = standing.members.get(str(member.speaks_in)) if member.speaks_in else None
    return chat is not None and any(address["account_id"] == way["account_id"] for address in chat.addresses or ())


def _and(member: Member, way: Way, last_seq: int) -> list[dict[str, Any]]:
    others = [dict(address) for address in member.addresses or () if not _same(address, way)]
    return [*others, {**way, "since_seq": last_seq}]


def _has(member: Member, way: Way) -> bool:
    return any(_same(address, way) for address in member.addresses or ())


def _same(address: Way, way: Way) -> bool:
    return all(address[name] == way[name] for name in ("channel", "account_id", "address"))


def _conversations_of(user_id: str) -> list[str]:
    return [entry.conversation_id for entry in Member.by_user.query(user_id)]


def _with(user_id: str, way: Way) -> Iterable[str]:
    """Conversations in which the user has that address: 100 a call, so that what is done already is passed over quickly."""
    keys = [(conversation_id, user_id) for conversation_id in _conversations_of(user_id)]
    found = Member.batch_get(keys, consistent_read=True) if keys else ()
    return [member.conversation_id for member in found if _has(member, way)]


def _changed(members: Members, conversation_id: str, user_id: str, decide: Any) -> None:
    try:
        members.change(conversation_id, user_id, decide)
    except NotFound:
        return  # deleted meanwhile, or the index is late


def _update(identity: Identity, actions: list[Any], condition: Any) -> None:
    try:
        identity.update(actions, condition=condition)
    except UpdateError as error:
        if not condition_failed(error):  # else somebody else has finished it
            raise
