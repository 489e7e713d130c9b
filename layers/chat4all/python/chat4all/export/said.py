"""Where a user is or was a member, and what they said there; of what others said and did nothing."""

from collections.abc import Iterator
from typing import Any

from chat4all.clock import rfc3339
from chat4all.domain.changes import is_message
from chat4all.export.found import START, Found
from chat4all.message_events import view
from chat4all.stores.former_members import FormerMember
from chat4all.stores.members import Member
from chat4all.stores.messages import Message

_READ_AT_ONCE = 500
"""Entries of a conversation; DynamoDB reads at most 1 MB of them at once."""


def conversations(user_id: str, after: str, seq: int) -> Iterator[Found]:
    """By conversation, those that were left included: the membership, and the messages behind it, oldest first."""
    for conversation_id in _conversations(user_id, after or START):
        if conversation_id != after:
            place = _place(user_id, conversation_id)
            if place is None:
                continue  # deleted a moment ago
            yield Found("membership", place, conversation_id)
        yield from _messages(user_id, conversation_id, seq if conversation_id == after else 0)


def _conversations(user_id: str, first: str) -> list[str]:
    ids = {entry.conversation_id for entry in Member.by_user.query(user_id, Member.conversation_id >= first)}
    left = (entry.conversation_id for entry in FormerMember.by_user.query(user_id))
    return sorted(ids.union(each for each in left if each >= first))


def _place(user_id: str, conversation_id: str) -> dict[str, Any] | None:
    """{conversation_id, role?, joined_at?, delivered_seq?, read_seq?, addresses?, stays}; None: there is none any more."""
    member = next(iter(Member.batch_get([(conversation_id, user_id)], consistent_read=True)), None)
    stays = [
        {"joined_seq": int(stay.joined_seq), "left_seq": int(stay.left_seq), "left_at": rfc3339(int(stay.left_at))}
        for stay in FormerMember.query(
            conversation_id, FormerMember.stay.startswith(f"{user_id}#"), consistent_read=True
        )
    ]
    if member is None:
        return {"conversation_id": conversation_id, "stays": stays} if stays else None
    return {
        "conversation_id": conversation_id,
        "role": member.role,
        "joined_at": rfc3339(int(member.joined_at)),
        "delivered_seq": int(member.delivered_seq),
        "read_seq": int(member.read_seq),
        "addresses": member.addresses or [],
        "stays": stays,
    }


def _messages(user_id: str, conversation_id: str, after: int) -> Iterator[Found]:
    """DynamoDB leaves out what others said, after it has read it: behind each read stands how far it came.

    Eventually consistent: half the price, and an export is no moment.
    """
    found = Message.query(
        conversation_id, Message.seq > after, filter_condition=Message.sender_id == user_id, page_size=_READ_AT_ONCE
    )
    for page in found.page_iter:
        for item in page["Items"]:
            message = Message.from_raw_data(item)
            if is_message(message.type):
                yield Found("message", _said(message), conversation_id, int(message.seq))
        last = page.get("LastEvaluatedKey")
        if last:
            yield Found("message", None, conversation_id, int(last["seq"]["N"]))


def _said(message: Message) -> dict[str, Any]:
    """The message as reads have it, without what others made of it."""
    return {name: value for name, value in view(message).items() if not name.startswith("reactions")}
