"""Members: who is in a conversation, and as what. Roles are permissions."""

from collections.abc import Mapping, Sequence
from typing import Any

from pynamodb.exceptions import TransactWriteError, UpdateError
from pynamodb.transactions import TransactWrite

from chat4all.client_events import member_updated
from chat4all.clock import now_ms
from chat4all.conversations import Conversations, existing_user, guest_member, member_of, member_view, new_member
from chat4all.domain.conversation import GROUP_MAX
from chat4all.domain.roles import Role, may_grant, may_manage, outranks
from chat4all.errors import Conflict, Forbidden, NotFound, Unavailable
from chat4all.pages import decode_cursor, encode_cursor, page
from chat4all.stores.conversations import Conversation
from chat4all.stores.former_members import FormerMember
from chat4all.stores.heads import Head
from chat4all.stores.members import Member
from chat4all.stores.table import condition_failed


class Members:
    """Changes who is in a conversation."""

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations

    def list(self, user_id: str, conversation_id: str, limit: int, cursor: str | None) -> dict[str, Any]:
        """A page, by user id; raises NotFound."""
        member_of(conversation_id, user_id)
        after = Member.user_id > decode_cursor(cursor, (str,))[0] if cursor is not None else None
        found = list(Member.query(conversation_id, after, consistent_read=True, limit=limit + 1))
        following = encode_cursor([found[limit - 1].user_id]) if len(found) > limit else None
        return page([member_view(member) for member in found[:limit]], following)

    def add(self, user_id: str, conversation_id: str, new_user_id: str, role: Role) -> dict[str, Any]:
        """Add a user or guest to a group.

        Raises:
            NotFound, Forbidden (below admin, or a role above one's own), Invalid (no such user),
            Conflict: `private_conversation`, `already_member`, `group_full`.
        """
        own = Role(member_of(conversation_id, user_id).role)
        if not may_manage(own) or not may_grant(own, role):
            raise Forbidden("Only owners and admins add members, with at most their own role")
        user = existing_user(new_user_id, user_id)
        if _is_private(conversation_id):
            raise Conflict("A private conversation has exactly two members", code="private_conversation")
        head = _head(conversation_id)
        member = new_member(conversation_id, user, role, now_ms(), int(head.last_seq))
        _join(member)
        self._tell(conversation_id, member, joined=True)
        return member_view(member)

    def add_guest(
        self, conversation_id: str, guest_id: str, addresses: Sequence[Mapping[str, str]], *, invited_by: str
    ) -> None:
        """Let a guest whose address was just met join; one who is in it already stays as they are.

        Raises:
            NotFound: the conversation is gone, or not one of `invited_by`. Forbidden: they may not add members there.
            Conflict: `group_full`, `private_conversation`.
        """
        check_may_invite(conversation_id, invited_by)
        head = _head(conversation_id)
        member = guest_member(conversation_id, guest_id, addresses, int(head.last_seq))
        try:
            _join(member)
        except Conflict as error:
            if error.code == "already_member":
                return
            raise
        self._tell(conversation_id, member, joined=True)

    def change_role(self, user_id: str, conversation_id: str, other_id: str, role: Role) -> dict[str, Any]:
        """Give a member another role; raises NotFound, Forbidden, Conflict (`last_owner`)."""
        own = Role(member_of(conversation_id, user_id).role)
        other = _other(conversation_id, other_id)
        if not may_manage(own) or not may_grant(own, role) or not outranks(own, Role(other.role)):
            raise Forbidden("That role, or that member, is above what yours may change")
        if Role(other.role) is Role.OWNER and role is not Role.OWNER:
            _check_other_owner(conversation_id, other_id)
        try:
            other.update([Member.role.set(role)], condition=Member.role == other.role)
        except UpdateError as error:
            if not condition_failed(error):
                raise
            raise Conflict("The member has just been changed by somebody else; look again") from error
        _keep_an_owner(conversation_id)
        self._tell(conversation_id, other, joined=True)
        return member_view(other)

    def remove(self, user_id: str, conversation_id: str, other_id: str) -> None:
        """Leave (oneself), or remove a member below oneself; raises NotFound, Forbidden, Conflict (`last_owner`)."""
        own = member_of(conversation_id, user_id)
        other = own if other_id == user_id else _other(conversation_id, other_id)
        if other_id != user_id and not (may_manage(Role(own.role)) and outranks(Role(own.role), Role(other.role))):
            raise Forbidden("Only owners and admins remove members, below themselves")
        if _is_private(conversation_id):
            raise Conflict("A private conversation has exactly two members; delete it", code="private_conversation")
        if Role(other.role) is Role.OWNER:
            _check_other_owner(conversation_id, other_id)
        _leave(other)
        _keep_an_owner(conversation_id)
        self._tell(conversation_id, other, joined=False)

    def leave_all(self, user_id: str) -> None:
        """Take a user who is being erased out of every conversation; a group that loses its last owner gets another."""
        for entry in Member.by_user.query(user_id):
            try:
                member = member_of(entry.conversation_id, user_id)
                _leave(member)
            except NotFound:
                continue  # gone meanwhile, or the index is late
            _keep_an_owner(entry.conversation_id)
            self._tell(entry.conversation_id, member, joined=False)

    def _tell(self, conversation_id: str, member: Member, *, joined: bool) -> None:
        audience = {m.user_id for m in Member.query(conversation_id, consistent_read=True) if m.in_app}
        if member.in_app:
            audience.add(member.user_id)
        data = {"user_id": member.user_id, "role": member.role, "joined": joined}
        self._conversations.tell(member_updated(conversation_id, audience, data))


def _join(member: Member) -> None:
    """Write the member and count it, in one transaction: a group never has more than 100."""
    try:
        with TransactWrite(connection=Member.client()) as transaction:
            transaction.save(member, condition=Member.user_id.does_not_exist())
            transaction.update(
                Head(member.conversation_id),
                actions=[Head.members_version.add(1), Head.member_count.add(1)],
                condition=Head.member_count < GROUP_MAX,
            )
    except TransactWriteError as error:
        if not condition_failed(error):
            raise
        reasons = error.cancellation_reasons
        if reasons and reasons[0] is not None and reasons[0].code == "ConditionalCheckFailed":
            raise Conflict("Already a member", code="already_member") from error
        raise Conflict(f"A group has at most {GROUP_MAX} members", code="group_full") from error


def _head(conversation_id: str) -> Head:
    try:
        return Head.get(conversation_id, consistent_read=True)
    except Head.DoesNotExist:
        raise NotFound("No such conversation") from None


def _is_private(conversation_id: str) -> bool:
    try:
        return bool(Conversation.get(conversation_id).type == "private")
    except Conversation.DoesNotExist:  # deleted a moment ago
        raise NotFound("No such conversation") from None


def check_may_invite(conversation_id: str, user_id: str) -> None:
    """Whether the user may let guests into a group; raises NotFound, Forbidden, Conflict (`private_conversation`)."""
    if not may_manage(Role(member_of(conversation_id, user_id).role)):
        raise Forbidden("Only owners and admins add members")
    if _is_private(conversation_id):
        raise Conflict("A private conversation has exactly two members", code="private_conversation")


def _leave(member: Member) -> None:
    """Remove the member, keep how far they had come, and count; raises NotFound where they have just left."""
    try:
        left_seq = int(_head(member.conversation_id).last_seq)
        with TransactWrite(connection=Member.client()) as transaction:
            transaction.delete(member, condition=Member.user_id.exists())
            transaction.save(_stay(member, left_seq))
            transaction.update(
                Head(member.conversation_id),
                actions=[Head.members_version.add(1), Head.member_count.add(-1)],
                condition=Head.conversation_id.exists(),
            )
    except TransactWriteError as error:
        if condition_failed(error):
            raise NotFound("No such member") from error
        raise Unavailable("Somebody else is changing this conversation. Try again.") from error


def _stay(member: Member, left_seq: int) -> FormerMember:
    return FormerMember(
        member.conversation_id,
        f"{member.user_id}#{int(member.joined_seq)}",
        user_id=member.user_id,
        in_app=int(member.in_app),
        addresses=member.addresses,
        delivered_seq=int(member.delivered_seq),
        read_seq=int(member.read_seq),
        joined_seq=int(member.joined_seq),
        left_seq=left_seq,
        left_at=now_ms(),
    )


def _keep_an_owner(conversation_id: str) -> None:
    """Where no owner is left (erased, or two who left in the same moment), the eldest of those who can sign in becomes one."""
    members = [m for m in Member.query(conversation_id, consistent_read=True) if m.in_app]
    if members and not any(Role(m.role) is Role.OWNER for m in members):
        eldest = min(members, key=lambda m: (int(m.joined_at), m.user_id))
        eldest.update([Member.role.set(Role.OWNER)], condition=Member.user_id.exists())


def _other(conversation_id: str, user_id: str) -> Member:
    try:
        return Member.get(conversation_id, user_id, consistent_read=True)
    except Member.DoesNotExist:
        raise NotFound("No such member") from None


def _check_other_owner(conversation_id: str, user_id: str) -> None:
    others = (m for m in Member.query(conversation_id, consistent_read=True) if m.user_id != user_id)
    if not any(Role(m.role) is Role.OWNER for m in others):
        raise Conflict("The last owner stays: make somebody else owner first, or delete", code="last_owner")
