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
from chat4all.errors import Conflict, Forbidden, NotFound
from chat4all.stores.conversations import Conversation
from chat4all.stores.heads import Head
from chat4all.stores.members import Member
from chat4all.stores.table import condition_failed


class Members:
    """Changes who is in a conversation."""

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations

    def list(self, user_id: str, conversation_id: str) -> list[dict[str, Any]]:
        """All members (at most 100); raises NotFound."""
        member_of(conversation_id, user_id)
        return [member_view(member) for member in Member.query(conversation_id, consistent_read=True)]

    def add(self, user_id: str, conversation_id: str, new_user_id: str, role: Role) -> dict[str, Any]:
        """Add a user or guest to a group.

        Raises:
            NotFound, Forbidden (below admin, or a role above one's own), Invalid (no such user),
            Conflict: `private_conversation`, `already_member`, `group_full`.
        """
        own = Role(member_of(conversation_id, user_id).role)
        if not may_manage(own) or not may_grant(own, role):
            raise Forbidden("Only owners and admins add members, with at most their own role")
        user = existing_user(new_user_id)
        if Conversation.get(conversation_id).type == "private":
            raise Conflict("A private conversation has exactly two members", code="private_conversation")
        head = Head.get(conversation_id, consistent_read=True)
        member = new_member(conversation_id, user, role, now_ms(), int(head.last_seq))
        _join(member)
        self._tell(conversation_id, member, joined=True)
        return member_view(member)

    def add_guest(self, conversation_id: str, guest_id: str, addresses: Sequence[Mapping[str, str]]) -> None:
        """Let a guest whose address was just met join; one who is in it already stays as they are.

        Raises:
            NotFound: the conversation is gone.
            Conflict: `group_full`.
        """
        try:
            head = Head.get(conversation_id, consistent_read=True)
        except Head.DoesNotExist:
            raise NotFound("No such conversation") from None
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
        self._tell(conversation_id, other, joined=True)
        return member_view(other)

    def remove(self, user_id: str, conversation_id: str, other_id: str) -> None:
        """Leave (oneself), or remove a member below oneself; raises NotFound, Forbidden, Conflict (`last_owner`)."""
        own = member_of(conversation_id, user_id)
        other = own if other_id == user_id else _other(conversation_id, other_id)
        if other_id != user_id and not (may_manage(Role(own.role)) and outranks(Role(own.role), Role(other.role))):
            raise Forbidden("Only owners and admins remove members, below themselves")
        if Conversation.get(conversation_id).type == "private":
            raise Conflict("A private conversation has exactly two members; delete it", code="private_conversation")
        if Role(other.role) is Role.OWNER:
            _check_other_owner(conversation_id, other_id)
        with TransactWrite(connection=Member.client()) as transaction:
            transaction.delete(other, condition=Member.user_id.exists())
            transaction.update(Head(conversation_id), actions=[Head.members_version.add(1), Head.member_count.add(-1)])
        self._tell(conversation_id, other, joined=False)

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


def _other(conversation_id: str, user_id: str) -> Member:
    try:
        return Member.get(conversation_id, user_id, consistent_read=True)
    except Member.DoesNotExist:
        raise NotFound("No such member") from None


def _check_other_owner(conversation_id: str, user_id: str) -> None:
    others = (m for m in Member.query(conversation_id, consistent_read=True) if m.user_id != user_id)
    if not any(Role(m.role) is Role.OWNER for m in others):
        raise Conflict("The last owner stays: make somebody else owner first, or delete", code="last_owner")
