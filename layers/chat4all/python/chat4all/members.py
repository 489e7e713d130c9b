"""Members: who is in a conversation, and as what. Roles are permissions (`domain.roles`)."""

from collections.abc import Callable, Mapping
from typing import Any

from chat4all.client_events import member_updated
from chat4all.clock import now_ms
from chat4all.conversations import Conversations, existing_user, member_view, new_member
from chat4all.domain.conversation import GROUP_MAX
from chat4all.domain.roles import Candidate, Role, may_grant, may_hold, may_manage, outranks, successor
from chat4all.errors import Conflict, Forbidden, Invalid, NotFound
from chat4all.ids import derived_id
from chat4all.memberships import Change, Membership, change, member_of, membership_of
from chat4all.pages import decode_cursor, encode_cursor, page
from chat4all.stores.members import Member
from chat4all.stores.users import User

Decide = Callable[[Membership], Change | None]


class Members:
    """Changes who is in a conversation. Who is no member learns nothing (404)."""

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations

    def list(self, user_id: str, conversation_id: str, limit: int, cursor: str | None) -> dict[str, Any]:
        """A page, by user id; raises NotFound."""
        member_of(conversation_id, user_id)
        scope = f"members:{conversation_id}"
        after = Member.user_id > decode_cursor(cursor, (str,), scope)[0] if cursor is not None else None
        found = list(Member.query(conversation_id, after, consistent_read=True, limit=limit + 1))
        following = encode_cursor([found[limit - 1].user_id], scope) if len(found) > limit else None
        return page([member_view(member) for member in found[:limit]], following)

    def add(
        self, user_id: str, conversation_id: str, new_user_id: str, role: Role, *, key: str | None = None
    ) -> dict[str, Any]:
        """Add a user or guest to a group. With the same `key` (Idempotency-Key) again, the same answer.

        Raises:
            NotFound, Forbidden (below admin, or a role above one's own), Invalid (no such user, or a role that a guest cannot
            hold), Unavailable, Conflict: `private_conversation`, `already_member`, `group_full`.
        """
        _check_may_add(Role(member_of(conversation_id, user_id).role), role)
        user = existing_user(new_user_id, user_id)
        _check_may_hold(role, signs_in=user.kind != "guest")
        key = derived_id(f"member:{user_id}", key) if key is not None else None

        def decide(standing: Membership) -> Change | None:
            _check_may_add(Role(standing.member(user_id).role), role)
            present = standing.members.get(user.id)
            if present is not None and key is not None and present.added_by_key == key:
                return None
            return _joining(standing, _new_member(standing, user, role, key))

        return member_view(self._changed(conversation_id, user.id, decide))

    def add_contact(self, member: Member, *, invited_by: str) -> None:
        """Let somebody whose address was just met join `member.conversation_id`; one who is in it already stays as they are.

        Raises:
            NotFound: the conversation is gone, or not one of `invited_by`. Forbidden: they may not add members there.
            Conflict: `group_full`, `private_conversation`. Unavailable.
        """

        def decide(standing: Membership) -> Change | None:
            _check_may_add(Role(standing.member(invited_by).role), Role.MEMBER)
            if member.user_id in standing.members:
                return None
            if member.speaks_in is not None:
                standing.member(member.speaks_in)
            member.joined_seq = member.delivered_seq = member.read_seq = standing.last_seq
            return _joining(standing, member)

        self._changed(member.conversation_id, member.user_id, decide)

    def change_role(self, user_id: str, conversation_id: str, other_id: str, role: Role) -> dict[str, Any]:
        """Give a member another role.

        Raises:
            NotFound, Forbidden, Invalid (a guest cannot hold it), Unavailable, Conflict: `last_owner`, `private_conversation`.
        """
        member_of(conversation_id, user_id)

        def decide(standing: Membership) -> Change | None:
            own, other = Role(standing.member(user_id).role), standing.other(other_id)
            if not may_manage(own) or not may_grant(own, role) or not outranks(own, Role(other.role)):
                raise Forbidden("That role, or that member, is above what yours may change")
            _check_group(standing, "The two of a private conversation keep their roles")
            _check_may_hold(role, signs_in=bool(other.in_app))
            if Role(other.role) is role:
                return None
            if role is not Role.OWNER:
                _check_other_owner(standing, other)
            return Change(roles={other_id: role})

        return member_view(self._changed(conversation_id, other_id, decide))

    def remove(self, user_id: str, conversation_id: str, other_id: str) -> None:
        """Leave (oneself), or remove a member below oneself.

        Raises:
            NotFound, Forbidden, Unavailable, Conflict: `last_owner`, `private_conversation`.
        """
        member_of(conversation_id, user_id)

        def decide(standing: Membership) -> Change:
            own, other = standing.member(user_id), standing.other(other_id)
            if other_id != user_id and not (may_manage(Role(own.role)) and outranks(Role(own.role), Role(other.role))):
                raise Forbidden("Only owners and admins remove members, below themselves")
            _check_group(standing, "A private conversation has exactly two members; delete it")
            _check_other_owner(standing, other)
            return Change(leaves=other)

        self._changed(conversation_id, other_id, decide)

    def leave_all(self, user_id: str) -> None:
        """Take a user who is being erased out of every conversation; one that loses its last owner gets another."""
        for entry in Member.by_user.query(user_id):

            def decide(standing: Membership) -> Change:
                leaving = standing.other(user_id)
                return Change(leaves=leaving, roles=_succession(standing, leaving))

            try:
                self._changed(entry.conversation_id, user_id, decide)
            except NotFound:
                continue  # gone meanwhile, or the index is late

    def change(self, conversation_id: str, changed_id: str, decide: Decide) -> None:
        """Make a change that concerns `changed_id`, and tell of it; raises NotFound, Unavailable."""
        standing, wanted, members = change(conversation_id, decide)
        if wanted is None:
            return
        gone = {wanted.leaves.user_id: wanted.leaves} if wanted.leaves is not None else {}
        for user_id in {changed_id, *gone}:
            member = members.get(user_id) or gone.get(user_id)
            if member is not None:
                self._tell(standing, members, member, joined=user_id in members)

    def _changed(self, conversation_id: str, changed_id: str, decide: Decide) -> Member:
        """Make the change and tell of it: the member as they are now, or were when they left."""
        standing, wanted, members = change(conversation_id, decide)
        member = members.get(changed_id) or standing.members[changed_id]
        if wanted is not None:
            touched = {changed_id: changed_id in members} | dict.fromkeys(wanted.roles, True)
            for user_id, joined in touched.items():
                self._tell(standing, members, members.get(user_id) or member, joined=joined)
        return member

    def _tell(self, standing: Membership, members: Mapping[str, Member], member: Member, *, joined: bool) -> None:
        audience = {m.user_id for m in (*members.values(), member) if m.in_app}
        # A client keeps what has the higher version: events of two changes may be produced in either order.
        data = {"user_id": member.user_id, "role": member.role, "joined": joined, "version": standing.version + 1}
        self._conversations.tell(member_updated(standing.conversation_id, audience, data))


def check_may_invite(conversation_id: str, user_id: str) -> None:
    """Whether the user may let guests into a group; raises NotFound, Forbidden, Conflict (`private_conversation`)."""
    standing = membership_of(conversation_id)
    _check_may_add(Role(standing.member(user_id).role), Role.MEMBER)
    _check_group(standing, _PRIVATE)


_PRIVATE = "A private conversation has exactly two members"


def _check_may_add(own: Role, granted: Role) -> None:
    if not may_manage(own) or not may_grant(own, granted):
        raise Forbidden("Only owners and admins add members, with at most their own role")


def _check_may_hold(role: Role, *, signs_in: bool) -> None:
    if not may_hold(role, signs_in=signs_in):
        raise Invalid.at("/role", "a guest cannot sign in, and so is a member or reader")


def _check_group(standing: Membership, otherwise: str) -> None:
    if standing.is_private:
        raise Conflict(otherwise, code="private_conversation")


def _check_other_owner(standing: Membership, leaving: Member) -> None:
    others = (m for m in standing.members.values() if m.user_id != leaving.user_id)
    if Role(leaving.role) is Role.OWNER and not any(Role(m.role) is Role.OWNER for m in others):
        raise Conflict("The last owner stays: make somebody else owner first, or delete", code="last_owner")


def _joining(standing: Membership, member: Member) -> Change:
    _check_group(standing, _PRIVATE)
    if member.user_id in standing.members:
        raise Conflict("Already a member", code="already_member")
    if len(standing.members) >= GROUP_MAX:
        raise Conflict(f"A group has at most {GROUP_MAX} members", code="group_full")
    return Change(joins=member)


def _new_member(standing: Membership, user: User, role: Role, key: str | None) -> Member:
    member = new_member(standing.conversation_id, user, role, now_ms(), standing.last_seq)
    member.added_by_key = key
    return member


def _succession(standing: Membership, leaving: Member) -> Mapping[str, Role]:
    others = [m for m in standing.members.values() if m.user_id != leaving.user_id and m.in_app]
    if any(Role(m.role) is Role.OWNER for m in others):
        return {}
    heir = successor(Candidate(m.user_id, Role(m.role), int(m.joined_at)) for m in others)
    return {heir: Role.OWNER} if heir is not None else {}
