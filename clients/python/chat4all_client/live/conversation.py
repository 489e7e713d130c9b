"""What is held of one conversation beside its messages. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from chat4all_client.live.numbers import Numbers

Json = dict[str, Any]
UNREAD_MAX = 100
"""Unread messages are counted up to here, as the API does."""


@dataclass(frozen=True, slots=True)
class Unread:
    """What the API counted: so many behind `read_seq`, of what there was up to `last_seq`."""

    count: int = 0
    read_seq: int = 0
    last_seq: int = 0


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation as it is held."""

    id: str
    document: Json
    """As the API shows it, without members and without what is the user's own."""
    numbers: Numbers = field(default_factory=Numbers)
    loaded_from: int = 1
    """All messages from here on are held; 1: all there are."""
    members: Mapping[str, Json] = field(default_factory=dict)
    """{user id: {role, channels, delivered_seq, read_seq, joined_at}}."""
    read_seq: int = 0
    """Read by the user, on whichever device; it may not be told yet."""
    read_told: int = 0
    delivered_told: int = 0
    unread: Unread = Unread()
    is_stale: bool = False
    """Something has changed, or may have: its document has to be read anew."""


def adopted(document: Json, whole_up_to: int) -> Conversation:
    """One that was not held: with all its messages still to be synced where they are few, else from its end on."""
    last = int(document["last_seq"])
    through = last if last > whole_up_to else 0
    new = Conversation(str(document["id"]), {}, Numbers(through), through + 1, is_stale=True)
    return described(new, document)


def described(held: Conversation, document: Json) -> Conversation:
    """With what a read of it says; with its members it is stale no more.

    A list has no members. Watermarks only rise, so that what was told meanwhile stands; all else is as it was read, which is
    right where nothing was told since the read was begun: else the caller asks again.
    """
    own = ("unread_count", "delivered_seq", "read_seq", "members")
    shared = {name: value for name, value in document.items() if name not in own}
    read, delivered = int(document.get("read_seq", 0)), int(document.get("delivered_seq", 0))
    last = int(document["last_seq"])
    unread = held.unread
    if "unread_count" in document and (last, read) >= (unread.last_seq, unread.read_seq):
        unread = Unread(int(document["unread_count"]), read, last)
    found = replace(
        held,
        document=shared,
        read_seq=max(held.read_seq, read),
        read_told=max(held.read_told, read),
        delivered_told=max(held.delivered_told, delivered),
        unread=unread,
    )
    if "members" not in document:
        return found
    members = {
        member["user_id"]: _risen(held.members.get(member["user_id"], {}), member) for member in document["members"]
    }
    return replace(found, members=members, is_stale=False)


def marked(held: Conversation, user_id: str, delivered_seq: int, read_seq: int, *, is_own: bool) -> Conversation:
    """With a member's watermarks risen; lower ones change nothing."""
    member = held.members.get(user_id)
    if member is not None:
        risen = _risen(member, member | {"delivered_seq": delivered_seq, "read_seq": read_seq})
        if risen != member:
            held = replace(held, members={**held.members, user_id: risen})
    if not is_own:
        return held
    return replace(
        held,
        read_seq=max(held.read_seq, read_seq),
        read_told=max(held.read_told, read_seq),
        delivered_told=max(held.delivered_told, delivered_seq),
    )


def unread_count(held: Conversation, behind_read: int, behind_counted: int) -> int:
    """Messages of others behind the own watermark.

    Args:
        behind_read: how many messages of others are held behind `read_seq`.
        behind_counted: how many are held behind what the API has counted.
    """
    if held.loaded_from <= held.read_seq + 1:
        return min(UNREAD_MAX, behind_read)
    # What is not held was counted by the API; where more was read since, the count is of the past and the next one corrects it.
    counted = held.unread.count if held.unread.read_seq >= held.read_seq else 0
    return min(UNREAD_MAX, max(behind_read, counted + behind_counted))


def _risen(held: Json, member: Json) -> Json:
    marks = ("delivered_seq", "read_seq")
    return member | {name: max(int(held.get(name, 0)), int(member.get(name, 0))) for name in marks}
