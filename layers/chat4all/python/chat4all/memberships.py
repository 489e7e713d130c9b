"""Who is in a conversation, and how that is changed: decided on one version, written only while it is the newest.

`Head.members_version` grows with every change. A change reads the membership, is decided by rules (`domain.roles`) and written
in one transaction whose condition is that version; where another change came first it is decided anew. So two changes at once
are two changes one after the other: the last owner cannot leave while the other one is demoted.
"""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chat4all.clock import now_ms
from chat4all.domain.backoff import backoff_s
from chat4all.domain.roles import Role
from chat4all.errors import NotFound, Unavailable
from chat4all.stores.conversations import Conversation
from chat4all.stores.former_members import FormerMember
from chat4all.stores.heads import Head
from chat4all.stores.members import Member
from chat4all.stores.table import condition_failed, is_unavailable, met_another

_ATTEMPTS = 25
_FIRST_DELAY_S, _LONGEST_DELAY_S = 0.01, 0.13
"""Up to 25 tries in about 2 s: a join waits for the moment in which no message is numbered (see `Change.joins`)."""


@dataclass(frozen=True, slots=True)
class Membership:
    """Who is in a conversation at one version."""

    conversation_id: str
    is_private: bool
    version: int
    last_seq: int
    members: Mapping[str, Member]
    """By user id."""

    def member(self, user_id: str) -> Member:
        """The caller's own membership; raises NotFound as for a conversation that does not exist."""
        member = self.members.get(user_id)
        if member is None:
            raise NotFound("No such conversation")
        return member

    def other(self, user_id: str) -> Member:
        """Another member, for one who is a member; raises NotFound."""
        member = self.members.get(user_id)
        if member is None:
            raise NotFound("No such member")
        return member


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a membership. It is written whole or not at all."""

    joins: Member | None = None
    """Its `joined_seq` is exact: no number is taken between the reading of `last_seq` and the writing of the member, so that
    the router hands to the new member every message behind it, and none before."""
    leaves: Member | None = None
    roles: Mapping[str, Role] = field(default_factory=dict)
    """New roles by user id."""
    updates: Mapping[str, Sequence[Action]] = field(default_factory=dict)
    """Other changes of members by user id; exact as `joins`."""


def member_of(conversation_id: str, user_id: str) -> Member:
    """The membership; raises NotFound, which tells nothing of the conversation's existence."""
    try:
        return Member.get(conversation_id, user_id, consistent_read=True)
    except Member.DoesNotExist:
        raise NotFound("No such conversation") from None


def membership_of(conversation_id: str) -> Membership:
    """The membership as it stands; raises NotFound."""
    try:
        # The head first: a change behind it makes the write fail, and all is read again.
        head = Head.get(conversation_id, consistent_read=True)
        kind = Conversation.get(conversation_id, consistent_read=True).type
    except (Head.DoesNotExist, Conversation.DoesNotExist):
        raise NotFound("No such conversation") from None
    members = {m.user_id: m for m in Member.query(conversation_id, consistent_read=True)}
    return Membership(conversation_id, kind == "private", int(head.members_version), int(head.last_seq), members)


def change(
    conversation_id: str, decide: Callable[[Membership], Change | None]
) -> tuple[Membership, Change | None, Mapping[str, Member]]:
    """Make the change that `decide` wants of the membership as it stands; None: there is nothing to do.

    Returns:
        The membership it was decided on, the change, and who is a member now.

    Raises:
        NotFound: the conversation is gone. Unavailable: it is too busy; nothing was written. What `decide` raises.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        standing = membership_of(conversation_id)
        wanted = decide(standing)
        if wanted is None or _written(standing, wanted):
            return standing, wanted, _after(standing, wanted)
        time.sleep(backoff_s(attempt, _FIRST_DELAY_S, _LONGEST_DELAY_S, random.random()))  # noqa: S311
    raise Unavailable("Others are changing this conversation; nothing was done. Try again.")


def _after(standing: Membership, wanted: Change | None) -> Mapping[str, Member]:
    members = dict(standing.members)
    if wanted is not None:
        if wanted.leaves is not None:
            members.pop(wanted.leaves.user_id, None)
        if wanted.joins is not None:
            members[wanted.joins.user_id] = wanted.joins
        for user_id, role in wanted.roles.items():
            members[user_id].role = role
    return members


def _written(standing: Membership, wanted: Change) -> bool:
    """False where the membership has changed since, or somebody else had the head in hand."""
    head_is_same = Head.members_version == standing.version
    if wanted.joins is not None or wanted.updates:
        head_is_same &= Head.last_seq == standing.last_seq
    count = (wanted.joins is not None) - (wanted.leaves is not None)
    actions: list[Action] = [Head.members_version.add(1)]
    if count:
        actions.append(Head.member_count.add(count))
    try:
        with TransactWrite(connection=Member.client()) as transaction:
            transaction.update(Head(standing.conversation_id), actions=actions, condition=head_is_same)
            if wanted.leaves is not None:
                transaction.delete(wanted.leaves, condition=_as_read(wanted.leaves))
                transaction.save(_stay(wanted.leaves, standing.last_seq))
            if wanted.joins is not None:
                transaction.save(wanted.joins, condition=Member.user_id.does_not_exist())
            roles = {user_id: [Member.role.set(role)] for user_id, role in wanted.roles.items()}
            for user_id, changed in {**roles, **wanted.updates}.items():
                member = Member(standing.conversation_id, user_id)
                transaction.update(member, actions=list(changed), condition=Member.user_id.exists())
    except TransactWriteError as error:
        if condition_failed(error) or met_another(error):
            return False
        if is_unavailable(error):
            raise Unavailable("The change could not be stored. Look whether it was, and try again.") from error
        raise
    return True


def _as_read(member: Member) -> Condition:
    """A receipt that comes in between must be kept, or the status of messages would go back."""
    same: Condition = (Member.delivered_seq == member.delivered_seq) & (Member.read_seq == member.read_seq)
    return same


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
