"""Reading messages: history of a conversation, one message, and what became of it."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Annotated, Any

from pydantic import Field

from chat4all import message_claims
from chat4all.applied_changes import revision_of, standing_of
from chat4all.clock import rfc3339
from chat4all.domain.changes import CHANGES, REACT, is_message, is_pending
from chat4all.domain.presence_in_sequence import said_in
from chat4all.domain.rule_choice import Choice
from chat4all.domain.sequence import complete_through
from chat4all.domain.status import FAILED, Fate, in_app_status, message_status, recipient_status
from chat4all.errors import FieldError, Invalid, NotFound
from chat4all.memberships import member_of
from chat4all.message_events import view
from chat4all.pages import PageParameters, decode_cursor, encode_cursor, fitting
from chat4all.shown_choices import DROPPED, Choices, choices_between, shown, waiting
from chat4all.stores.deliveries import Delivery, ways
from chat4all.stores.former_members import FormerMember
from chat4all.stores.heads import Head
from chat4all.stores.members import Member
from chat4all.stores.messages import Message

NO_CHANNEL = "no_channel: none of the channels that were asked for reaches this recipient"
OFFSET_MAX = 1_000
_REACTION_BYTES = 40
"""Of one user's one emoji in a page: the user's id, and the emoji that many share."""

Recipient = Member | FormerMember


class HistoryParameters(PageParameters):
    """Query parameters of the history; at most one of cursor, before_seq, after_seq and offset."""

    before_seq: Annotated[int, Field(ge=1, lt=2**53)] | None = None
    after_seq: Annotated[int, Field(ge=0, lt=2**53)] | None = None
    offset: Annotated[int, Field(ge=0, le=OFFSET_MAX)] | None = None


@dataclass(frozen=True, slots=True)
class HistoryQuery:
    """Which messages: at most one of cursor, before_seq, after_seq and offset."""

    conversation_id: str
    limit: int = 50
    cursor: str | None = None
    before_seq: int | None = None
    after_seq: int | None = None
    offset: int | None = None


class _Standing:
    """What decides the status of the messages of one conversation: its members' watermarks, how far it is routed, deliveries."""

    def __init__(self, conversation_id: str, first_seq: int, last_seq: int) -> None:
        self.members: list[Recipient] = [
            *Member.query(conversation_id, consistent_read=True),
            *FormerMember.query(conversation_id, consistent_read=True),
        ]
        head = next(iter(Head.batch_get([conversation_id], consistent_read=True)), None)
        if head is None:
            raise NotFound("No such conversation")  # deleted a moment ago
        self.routed_through = int(head.routed_through)
        self._deliveries: dict[int, list[Delivery]] = {}
        self._choices: Choices = {}
        if any(member.addresses for member in self.members):
            between = Delivery.delivery_key.between(f"{first_seq:012d}", f"{last_seq + 1:012d}")
            for delivery in Delivery.query(conversation_id, between, consistent_read=True):
                self._deliveries.setdefault(int(delivery.seq), []).append(delivery)
            self._choices = choices_between(conversation_id, first_seq, last_seq)

    def deliveries(self, seq: int) -> Sequence[Delivery]:
        return self._deliveries.get(seq, ())

    def in_app(self, member: Recipient, seq: int) -> str:
        return in_app_status(
            seq,
            routed_through=self.routed_through,
            delivered_seq=int(member.delivered_seq),
            read_seq=int(member.read_seq),
        )

    def recipients(self, message: Message) -> list[Recipient]:
        """Who was a member when the message was numbered, whether they still are or not, and is reached by something.

        Who speaks in a group chat is reached by the chat, and the chat sees what was said in it.
        """
        seq, chat = int(message.seq), said_in({"channel": message.channel, "metadata": message.metadata})
        return [
            m
            for m in self.members
            if m.user_id != message.sender_id
            and int(m.joined_seq) < seq
            and (isinstance(m, Member) or seq <= int(m.left_seq))
            and (m.in_app or any((a["channel"], a["address"]) != chat for a in m.addresses or ()))
        ]

    def choice(self, member: Recipient, seq: int) -> Choice | None:
        """By a rule or presence, where it is recorded."""
        return self._choices.get(seq, {}).get(member.user_id)

    def ways(self, member: Recipient, seq: int) -> list[Fate]:
        """Where the message stands on each way to the member that was begun."""
        own = (delivery for delivery in self.deliveries(seq) if delivery.recipient_id == member.user_id)
        fates = [Fate(channel, status) for (channel, _), status in ways(own).items()]
        return [*fates, *([Fate("in_app", self.in_app(member, seq))] if member.in_app else [])]

    def fate(self, member: Recipient, message: Message) -> Fate:
        seq = int(message.seq)
        fates = self.ways(member, seq)
        fates += waiting(self.choice(member, seq), fates)
        if not fates:  # a guest: routed by none of the channels that were asked for, or not routed yet
            channel = member.addresses[0]["channel"] if member.addresses else "in_app"
            fates.append(Fate(channel, FAILED if seq <= self.routed_through else "accepted"))
        return recipient_status(fates)

    def status(self, message: Message) -> str:
        recipients = self.recipients(message)
        if not recipients:
            return "sent" if int(message.seq) <= self.routed_through else "accepted"
        return message_status(self.fate(member, message) for member in recipients)


class History:
    """Reads for members only; who is none learns nothing (404)."""

    def list(self, user_id: str, query: HistoryQuery) -> dict[str, Any]:
        """A page: newest first; with after_seq oldest first, with `changes` and `complete_through`.

        Raises:
            NotFound: not a member.
            Invalid: the parameters contradict one another.
        """
        _check_exclusive(query)
        member_of(query.conversation_id, user_id)
        if query.after_seq is not None:
            return self._after(query, query.after_seq, query.after_seq)
        return self._newest_first(query)

    def get(self, user_id: str, message_id: str) -> dict[str, Any]:
        """One message; raises NotFound."""
        message = message_claims.find(user_id, message_id).message
        return _views([message])[0]

    def status(self, user_id: str, message_id: str) -> dict[str, Any]:
        """Status of a message, each recipient's, and every delivery; raises NotFound."""
        message = message_claims.find(user_id, message_id).message
        seq = int(message.seq)
        standing = _Standing(message.conversation_id, seq, seq)
        return {
            "message_id": message.message_id,
            "conversation_id": message.conversation_id,
            "seq": seq,
            "status": standing.status(message),
            "recipients": [_recipient(standing, member, message) for member in standing.recipients(message)],
        }

    def _after(self, query: HistoryQuery, after_seq: int, reached: int) -> dict[str, Any]:
        """A page behind `after_seq`; the pages before it are complete through `reached`, and a hole in them stays one."""
        later = Message.seq > after_seq
        found = list(Message.query(query.conversation_id, later, consistent_read=True, limit=query.limit))
        page = _first_page(found)
        read, changed = _decided(page)
        through = complete_through(after_seq, [int(m.seq) for m in read]) if reached == after_seq else reached
        if not read:  # a reader who believes to hold more than there is, is told how much there is
            through = min(through, _last_seq(query.conversation_id))
        answer: dict[str, Any] = {
            "items": _views(read),
            "changes": [change.document() for change in changed],
            "next_cursor": None,
            "complete_through": through,
        }
        if len(read) == len(page) and (len(page) < len(found) or len(page) == query.limit):
            answer["next_cursor"] = encode_cursor(["after", int(read[-1].seq), through], _scope(query))
        return answer

    def _newest_first(self, query: HistoryQuery) -> dict[str, Any]:
        before = query.before_seq
        if query.cursor is not None:
            direction, seq, reached = decode_cursor(query.cursor, (str, int, int), _scope(query))
            if direction == "after":
                return self._after(query, seq, reached)
            before = seq
        condition = Message.seq < before if before is not None else None
        skip = query.offset or 0
        found = Message.query(
            query.conversation_id,
            condition,
            consistent_read=True,
            scan_index_forward=False,
            page_size=skip + query.limit + 1,
        )
        window = list(islice((m for m in found if is_message(m.type)), skip, skip + query.limit + 1))
        shown = _first_page(window[: query.limit])
        more = len(window) > len(shown)
        return {
            "items": _views(shown),
            "next_cursor": encode_cursor(["before", int(shown[-1].seq), 0], _scope(query)) if more else None,
        }


@dataclass(frozen=True, slots=True)
class _Change:
    """A message that stands before the page and was changed in it."""

    seq: int
    """Of the last change of its kind."""
    kind: str
    time_ms: int
    message: Message

    def document(self) -> dict[str, Any]:
        """As `changes` has it; `type` is that of the frame which tells of it."""
        message = view(self.message)
        verb = "deleted" if "deleted_at" in message else "updated"
        name = "reaction.updated" if self.kind == REACT else f"message.{verb}"
        return {"seq": self.seq, "type": name, "time": rfc3339(self.time_ms), "message": message}


def _first_page(found: Sequence[Message]) -> Sequence[Message]:
    return found[: fitting(_size(m) for m in found)]


def _size(message: Message) -> int:
    shown = [message.content, *(message.files() if message.more_files else ())]
    size = len(json.dumps(shown, ensure_ascii=False).encode())
    return size + sum(_REACTION_BYTES * len(own.emojis) for own in message.reactions_of_users().values())


def _decided(read: Sequence[Message]) -> tuple[Sequence[Message], list[_Change]]:
    """What was read up to the first change that is not applied yet, and earlier messages that were changed.

    A change whose writer died is applied when the router comes to it. Until then nobody may say that they hold it. A message
    that was read along, in the state of its change or a newer one, is not given twice.
    """
    here = {int(m.seq): m for m in read}
    changes = [e for e in read if e.type in CHANGES and not _is_read_along(e, here)]
    earlier = _at({int(e.changes_seq) for e in changes}, changes)
    changed: dict[tuple[int, bool], _Change] = {}
    for position, entry in enumerate(read):
        if entry.type not in CHANGES or _is_read_along(entry, here):
            continue
        message = earlier.get(int(entry.changes_seq))
        if message is None:
            continue
        kind, seq, stands = str(entry.type), int(entry.seq), standing_of(message, entry.type, entry.sender_id)
        if is_pending(int(entry.base), stands):
            read = read[:position]
            break
        if stands >= seq:  # else the change was overtaken, and is no news
            changed[int(message.seq), kind == REACT] = _Change(seq, kind, int(entry.created_at), message)
    return read, sorted(changed.values(), key=lambda change: change.seq)


def _is_read_along(change: Message, here: Mapping[int, Message]) -> bool:
    message = here.get(int(change.changes_seq))
    return message is not None and standing_of(message, change.type, change.sender_id) >= int(change.seq)


def _at(seqs: Collection[int], entries: Sequence[Message]) -> dict[int, Message]:
    """What stands at `seqs` of the conversation of `entries`, in one call however often it was changed."""
    keys = [(entries[0].conversation_id, seq) for seq in sorted(seqs)] if entries else []
    return {int(m.seq): m for m in Message.batch_get(keys, consistent_read=True)} if keys else {}


def _views(messages: Sequence[Message]) -> list[dict[str, Any]]:
    shown = [m for m in messages if is_message(m.type)]
    if not shown:
        return []
    seqs = [int(m.seq) for m in shown]
    standing = _Standing(shown[0].conversation_id, min(seqs), max(seqs))
    return [view(message, standing.status(message)) for message in shown]


def _recipient(standing: _Standing, member: Recipient, message: Message) -> dict[str, Any]:
    seq = int(message.seq)
    fate = standing.fate(member, message)
    deliveries: list[dict[str, Any]] = [
        _delivery(d) | _outdated(d, message) for d in standing.deliveries(seq) if d.recipient_id == member.user_id
    ]
    if member.in_app:
        deliveries.append({"channel": "in_app", "status": standing.in_app(member, seq)})
    answer = {"user_id": member.user_id, "status": fate.status, "channel": fate.channel, "deliveries": deliveries}
    choice = standing.choice(member, seq)
    if fate.status == FAILED and not deliveries:
        answer["reason"] = DROPPED if choice is not None and choice.is_dropped else NO_CHANNEL
    return answer | shown(choice, standing.ways(member, seq))


def _delivery(delivery: Delivery) -> dict[str, Any]:
    document: dict[str, Any] = {
        "channel": delivery.channel,
        "account_id": delivery.account_id,
        "part": int(delivery.part),
        "status": delivery.status,
        "attempts": int(delivery.attempts),
        "updated_at": rfc3339(int(delivery.updated_at)),
    }
    if delivery.file_id:
        document["file_id"] = delivery.file_id
    if delivery.external_id:
        document["external_id"] = delivery.external_id
    if delivery.reason:
        document["reason"] = delivery.reason
    if delivery.note:
        document["note"] = delivery.note
    return document


def _outdated(delivery: Delivery, message: Message) -> dict[str, Any]:
    """`outdated` where the message was changed after it had been handed to the channel, which shows what it said before."""
    said_otherwise = message.edited_at is not None or message.deleted_at is not None
    return {"outdated": True} if said_otherwise and revision_of(message) > int(delivery.revision or 0) else {}


def _scope(query: HistoryQuery) -> str:
    return f"messages:{query.conversation_id}"


def _check_exclusive(query: HistoryQuery) -> None:
    given = [name for name in ("cursor", "before_seq", "after_seq", "offset") if getattr(query, name) is not None]
    if len(given) > 1:
        detail = f"{' and '.join(given)} exclude one another"
        raise Invalid(detail, errors=tuple(FieldError(f"?{name}", detail) for name in given))


def _last_seq(conversation_id: str) -> int:
    try:
        return int(Head.get(conversation_id, consistent_read=True).last_seq)
    except Head.DoesNotExist:
        raise NotFound("No such conversation") from None
