"""Conversations: creating, listing, changing and deleting them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pynamodb.exceptions import TransactWriteError, UpdateError
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chat4all.client_events import conversation_updated
from chat4all.clock import now_ms, rfc3339
from chat4all.domain.changes import is_message
from chat4all.domain.conversation import METADATA_MAX_BYTES, check_size
from chat4all.domain.fingerprint import fingerprint
from chat4all.domain.roles import Role, may_delete, may_manage
from chat4all.erasing.members import forget_members
from chat4all.errors import Conflict, FieldError, Forbidden, Invalid, NotFound, Unauthenticated, Unavailable
from chat4all.ids import derived_id, new_id
from chat4all.kafka.events import Event
from chat4all.kafka.publisher import Publisher, PublishFailed
from chat4all.logs import logger
from chat4all.memberships import member_of
from chat4all.pages import decode_cursor, encode_cursor, page
from chat4all.stores.accounts import Account
from chat4all.stores.conversations import Conversation
from chat4all.stores.erasures import CONVERSATION, erasure
from chat4all.stores.heads import Head
from chat4all.stores.identities import addresses_of
from chat4all.stores.members import Member
from chat4all.stores.messages import Message
from chat4all.stores.table import condition_failed
from chat4all.stores.users import User

_IN_ONE_TRANSACTION = 98
"""TransactWriteItems takes 100 actions (API reference); two are the conversation and its head."""
UNREAD_MAX = 100
"""Unread messages are counted up to here."""
_UNREAD_LOOK = 1_000
"""Entries that are looked at for it: changes, voids and the member's own messages take numbers too."""


@dataclass(frozen=True, slots=True)
class Create:
    """Command: begin a conversation."""

    creator_id: str
    type: str
    member_ids: Sequence[str]
    title: str | None = None
    metadata: Mapping[str, Any] | None = None
    key: str | None = None
    """Idempotency-Key: the creator's same key makes one conversation, however often it is asked for."""


class Conversations:
    """Conversations as their members see them; who is none learns nothing (404)."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher

    def create(self, command: Create) -> dict[str, Any]:
        """Create it and answer it whole; with the key of one that is there already, that one as it is now.

        Raises:
            Conflict: `idempotency_key_reused`: with that key something else was asked for.
            NotFound: with that key, and the creator has left it since.
            Invalid: wrong number of members, unknown users, metadata too large.
            Unauthenticated: the creator's account is gone.
        """
        user_ids = list(dict.fromkeys([command.creator_id, *command.member_ids]))
        metadata = checked_metadata(command.metadata)
        users = _existing_users(user_ids, command)
        check_size(command.type, len(user_ids))
        if command.key is not None and _is_made(command):
            return self.get(command.creator_id, _id_of(command))
        conversation = self._write(command, metadata, [users[user_id] for user_id in user_ids])
        return self._announced(conversation.id, command.creator_id)

    def create_for_contact(
        self, owner_id: str, contacts: Sequence[Member], *, title: str | None = None, is_chat: bool = False
    ) -> str:
        """A conversation of the owner of an account and who has written to it; its id.

        Args:
            contacts: made by `contact_member`; the conversation's id is set here.
            is_chat: of a provider's group chat, which others may join; else private. An owner who writes to their own account
                is alone in it.
        """
        now, conversation_id = now_ms(), new_id()
        owner = Member(conversation_id, owner_id, role=Role.OWNER, joined_at=now, addresses=addresses_of(owner_id))
        others = [contact for contact in contacts if contact.user_id != owner_id]
        for contact in others:
            contact.conversation_id = conversation_id
        kind = "group" if is_chat else "private"
        set_partners(kind, [owner, *others])
        command = Create(owner_id, kind, [contact.user_id for contact in others], title=title)
        _put(_conversation(conversation_id, command, None, now), [owner, *others], now)
        self._announced(conversation_id, owner_id)
        return conversation_id

    def get(self, user_id: str, conversation_id: str) -> dict[str, Any]:
        """The conversation as `user_id` sees it: with unread count, last message and members; raises NotFound."""
        member = member_of(conversation_id, user_id)
        return _views(user_id, [conversation_id], {conversation_id: member}, with_members=True)[0]

    def list(self, user_id: str, limit: int, cursor: str | None) -> dict[str, Any]:
        """A page, newest activity first."""
        memberships = [entry.conversation_id for entry in Member.by_user.query(user_id)]
        heads = {h.conversation_id: h for h in Head.batch_get(memberships, consistent_read=True)}
        order = sorted(heads, key=lambda i: (int(heads[i].last_activity_at), i), reverse=True)
        if cursor is not None:
            activity, last_id = decode_cursor(cursor, (int, str), f"conversations:{user_id}")
            order = [i for i in order if (int(heads[i].last_activity_at), i) < (activity, last_id)]
        shown = order[:limit]
        keys = [(conversation_id, user_id) for conversation_id in shown]
        own = {m.conversation_id: m for m in Member.batch_get(keys, consistent_read=True)}
        following = None
        if len(order) > limit:
            following = encode_cursor([int(heads[shown[-1]].last_activity_at), shown[-1]], f"conversations:{user_id}")
        return page(_views(user_id, shown, own), following)

    def update(self, user_id: str, conversation_id: str, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Change title or metadata; raises NotFound, Forbidden (below admin), Invalid."""
        if not may_manage(Role(member_of(conversation_id, user_id).role)):
            raise Forbidden("Only owners and admins change a conversation")
        actions: list[Action] = [Conversation.updated_at.set(now_ms())]
        if "title" in changes:
            title = changes["title"]
            actions.append(Conversation.title.set(title) if title else Conversation.title.remove())
        if "metadata" in changes:
            metadata = checked_metadata(changes["metadata"])
            actions.append(Conversation.metadata.set(metadata) if metadata else Conversation.metadata.remove())
        try:
            Conversation(conversation_id).update(actions, condition=Conversation.id.exists())
        except UpdateError as error:
            if condition_failed(error):  # deleted a moment ago
                raise NotFound("No such conversation") from error
            raise
        return self._announced(conversation_id, user_id)

    def delete(self, user_id: str, conversation_id: str) -> None:
        """Delete it for everybody; raises NotFound, Forbidden (not the owner)."""
        if not may_delete(Role(member_of(conversation_id, user_id).role)):
            raise Forbidden("Only the owner deletes a conversation")
        # First what makes it visible, and the word to the sweeper, so that a death half-way leaves nothing that anybody sees;
        # and nobody joins without a head, so that the members that are read then are all there will ever be.
        job = erasure(CONVERSATION, conversation_id, now_ms())
        with TransactWrite(connection=Conversation.client()) as transaction:
            transaction.delete(Conversation(conversation_id))
            transaction.delete(Head(conversation_id))
            transaction.save(job)
        members = list(Member.query(conversation_id, consistent_read=True))
        told = conversation_updated(
            conversation_id, [m.user_id for m in members if m.in_app], {"id": conversation_id, "deleted": True}
        )
        forget_members(job, members)
        self.tell(told)

    def tell(self, event: Event) -> None:
        """Publish what clients can also read: a failure is logged, not answered."""
        try:
            self._publisher.publish([event])
        except PublishFailed as error:
            logger.warning("not told", type=event.type, conversation_id=event.conversation_id, cause=str(error))

    def _write(self, command: Create, metadata: str | None, users: Sequence[User]) -> Conversation:
        now = now_ms()
        conversation = _conversation(_id_of(command), command, metadata, now)
        members = [
            new_member(conversation.id, user, Role.OWNER if user.id == command.creator_id else Role.MEMBER, now)
            for user in users
        ]
        set_partners(command.type, members)
        if command.key is None:
            _put(conversation, members, now)
        else:
            conversation.fingerprint = _fingerprint(command)
            _put_once(conversation, members, now)
            _is_made(command)  # by us, or in the same moment by a repeat; or with the same key something else
        return conversation

    def _announced(self, conversation_id: str, user_id: str) -> dict[str, Any]:
        document = self.get(user_id, conversation_id)
        audience = [m.user_id for m in Member.query(conversation_id, consistent_read=True) if m.in_app]
        own = ("unread_count", "delivered_seq", "read_seq")
        shared = {key: value for key, value in document.items() if key not in own}
        self.tell(conversation_updated(conversation_id, audience, shared))
        return document


def new_member(conversation_id: str, user: User, role: Role, now: int, joined_seq: int = 0) -> Member:
    """A member item for a user or guest, reached by all the channels the user is known on."""
    return Member(
        conversation_id,
        user.id,
        role=role,
        in_app=0 if user.kind == "guest" else 1,
        addresses=addresses_of(user.id),
        joined_at=now,
        joined_seq=joined_seq,
        delivered_seq=joined_seq,
        read_seq=joined_seq,
    )


def set_partners(kind: str, members: Sequence[Member]) -> None:
    """Of two in a private conversation who both can sign in, each is the other's partner."""
    if kind == "private" and len(members) == 2 and all(member.in_app for member in members):
        one, other = members
        one.partner_id, other.partner_id = other.user_id, one.user_id


def contact_member(
    user_id: str,
    addresses: Sequence[Mapping[str, str]],
    *,
    conversation_id: str = "",
    in_app: bool = False,
    speaks_in: str | None = None,
) -> Member:
    """A member item for somebody who has written to an account: a guest, or the user whose address it is (`in_app`)."""
    return Member(
        conversation_id,
        user_id,
        role=Role.MEMBER,
        in_app=int(in_app),
        addresses=[dict(address) for address in addresses],
        joined_at=now_ms(),
        speaks_in=speaks_in,
    )


def member_view(member: Member) -> dict[str, Any]:
    """A member in any read."""
    return {
        "user_id": member.user_id,
        "role": member.role,
        "channels": sorted({a["channel"] for a in member.addresses or ()} | ({"in_app"} if member.in_app else set())),
        "delivered_seq": int(member.delivered_seq),
        "read_seq": int(member.read_seq),
        "joined_at": rfc3339(int(member.joined_at)),
    }


def checked_metadata(metadata: Mapping[str, Any] | None) -> str | None:
    """Metadata as it is stored; raises Invalid where it is too large."""
    if not metadata:
        return None
    text = json.dumps(metadata, ensure_ascii=False, separators=(",", ":"))
    if len(text.encode()) > METADATA_MAX_BYTES:
        raise Invalid.at("/metadata", f"{len(text.encode())} bytes of JSON; at most {METADATA_MAX_BYTES}")
    return text


def existing_user(user_id: str, caller_id: str) -> User:
    """A user who is not deleted, or a guest of the caller's; raises Invalid at /user_id."""
    user = next(iter(User.batch_get([user_id], consistent_read=True)), None)
    if user is None or not _may_invite(caller_id, user):
        raise Invalid.at("/user_id", "there is no such user")
    return user


def _may_invite(caller_id: str, user: User) -> bool:
    """Anybody may invite users; a guest is reached over a business's account, and so invited by its owner only."""
    if user.deleted_at:
        return False
    if user.kind != "guest":
        return True
    account_ids = [address["account_id"] for address in addresses_of(user.id)]
    return any(account.owner_id == caller_id for account in Account.batch_get(account_ids, consistent_read=True))


def _existing_users(user_ids: Sequence[str], command: Create) -> dict[str, User]:
    found = list(User.batch_get(list(user_ids), consistent_read=True))
    if not any(u.id == command.creator_id and not u.deleted_at for u in found):
        raise Unauthenticated("The account of this token is gone", code="account_deleted")
    users = {u.id: u for u in found if _may_invite(command.creator_id, u)}
    errors = tuple(
        FieldError(f"/member_ids/{position}", "there is no such user")
        for position, user_id in enumerate(command.member_ids)
        if user_id not in users
    )
    if errors:
        raise Invalid(f"{errors[0].pointer}: {errors[0].detail}", errors=errors)
    return users


def _conversation(conversation_id: str, command: Create, metadata: str | None, now: int) -> Conversation:
    return Conversation(
        conversation_id,
        type=command.type,
        title=command.title,
        metadata=metadata,
        created_by=command.creator_id,
        created_at=now,
        updated_at=now,
    )


def _id_of(command: Create) -> str:
    return new_id() if command.key is None else derived_id(f"conversation:{command.creator_id}", command.key)


def _fingerprint(command: Create) -> str:
    asked = (command.type, sorted(set(command.member_ids) - {command.creator_id}), command.title, command.metadata)
    return fingerprint(asked=asked)


def _is_made(command: Create) -> bool:
    """Whether the conversation of the command's key is there; raises Conflict where it was asked for otherwise."""
    try:
        made = Conversation.get(_id_of(command), consistent_read=True)
    except Conversation.DoesNotExist:
        return False
    if made.fingerprint != _fingerprint(command):
        raise Conflict("This Idempotency-Key was used for another conversation", code="idempotency_key_reused")
    return True


def _put_once(conversation: Conversation, members: Sequence[Member], now: int) -> None:
    """Write it in one transaction, which does nothing where it is there already."""
    _put_members(members[_IN_ONE_TRANSACTION:])
    try:
        with TransactWrite(connection=Member.client()) as transaction:
            for member in members[:_IN_ONE_TRANSACTION]:
                transaction.save(member, condition=Member.user_id.does_not_exist())
            head = Head(conversation.id, last_activity_at=now, member_count=len(members))
            transaction.save(head, condition=Head.conversation_id.does_not_exist())
            transaction.save(conversation, condition=Conversation.id.does_not_exist())
    except TransactWriteError as error:
        if condition_failed(error):
            return
        raise Unavailable("The conversation could not be stored. Try again with the same Idempotency-Key.") from error


def _put_members(members: Sequence[Member]) -> None:
    with Member.batch_write() as batch:
        for member in members:
            batch.save(member)


def _put(conversation: Conversation, members: Sequence[Member], now: int) -> None:
    """Members first and the conversation last: what is half-written is seen by nobody."""
    _put_members(members)
    Head(conversation.id, last_activity_at=now, member_count=len(members)).save()
    conversation.save()


def _views(
    user_id: str, conversation_ids: Sequence[str], own: Mapping[str, Member], *, with_members: bool = False
) -> list[dict[str, Any]]:
    found = {c.id: c for c in Conversation.batch_get(list(conversation_ids), consistent_read=True)}
    heads = {h.conversation_id: h for h in Head.batch_get(list(conversation_ids), consistent_read=True)}
    views = []
    for conversation_id in conversation_ids:
        if conversation_id not in found or conversation_id not in own or conversation_id not in heads:
            continue
        head, member = heads[conversation_id], own[conversation_id]
        document = _view(found[conversation_id], head) | {
            "unread_count": _unread(user_id, head, member),
            "delivered_seq": int(member.delivered_seq),
            "read_seq": int(member.read_seq),
        }
        if with_members:
            document["members"] = [member_view(m) for m in Member.query(conversation_id, consistent_read=True)]
        views.append(document)
    if with_members and not views:
        raise NotFound("No such conversation")
    return views


def _view(conversation: Conversation, head: Head) -> dict[str, Any]:
    return {
        "id": conversation.id,
        "type": conversation.type,
        "title": conversation.title,
        "metadata": json.loads(conversation.metadata) if conversation.metadata else {},
        "created_by": conversation.created_by,
        "created_at": rfc3339(int(conversation.created_at)),
        "updated_at": rfc3339(int(conversation.updated_at)),
        "last_activity_at": rfc3339(int(head.last_activity_at)),
        "last_message": json.loads(head.last_message) if head.last_message else None,
        "last_seq": int(head.routed_through),
        "member_count": int(head.member_count),
    }


def _unread(user_id: str, head: Head, member: Member) -> int:
    """Messages of others behind the member's read watermark, also deleted ones, counted up to UNREAD_MAX."""
    if int(head.routed_through) <= int(member.read_seq):
        return 0
    unread = Message.seq.between(int(member.read_seq) + 1, int(head.routed_through))
    found: Iterable[Message] = Message.query(
        head.conversation_id, unread, attributes_to_get=["seq", "sender_id", "type"], page_size=UNREAD_MAX
    )
    counted = (m for m in islice(found, _UNREAD_LOOK) if is_message(m.type) and m.sender_id != user_id)
    return sum(1 for _ in islice(counted, UNREAD_MAX))
