"""Who receives an entry of a conversation, by its number: members come, are linked to addresses, and take guests' places.

All of it is at one number (chat4all.linked_places), so an entry has the same recipients whenever it is routed, and again.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from chat4all.domain.routes import Recipient


def present_at(members: Iterable[Recipient], seq: int) -> list[Recipient]:
    """Who was a member before `seq`, with the addresses that they had by then; a guest up to the number at which a user took
    the place."""
    return [found for member in members for found in _at(member, seq)]


def hearing(present: Iterable[Recipient], data: Mapping[str, Any]) -> list[Recipient]:
    """Whom a message (its view) goes to: all but its sender, and none of them over the group chat that it was said in."""
    chat = said_in(data)
    return [_not_over(member, chat) for member in present if member.user_id != data["sender_id"]]


def said_in(data: Mapping[str, Any]) -> tuple[str, str] | None:
    """(channel, address) of the group chat that a message came from; what is written in the app comes from none."""
    chat = ((data.get("metadata") or {}).get("origin") or {}).get("chat") if data["channel"] != "in_app" else None
    return (str(data["channel"]), str(chat["id"])) if isinstance(chat, Mapping) and "id" in chat else None


def _at(member: Recipient, seq: int) -> Iterator[Recipient]:
    for guest in member.in_place_of:
        if guest.joined_seq < seq <= (guest.left_seq or 0):
            yield guest
    if member.joined_seq < seq:
        late = {address for address, since in member.reached_since if seq <= since}
        yield _without(member, late) if late else member


def _not_over(member: Recipient, chat: tuple[str, str] | None) -> Recipient:
    return _without(member, {a for a in member.addresses if (a[0], a[2]) == chat}) if chat is not None else member


def _without(member: Recipient, addresses: set[tuple[str, str, str]]) -> Recipient:
    kept = tuple(address for address in member.addresses if address not in addresses)
    return member if len(kept) == len(member.addresses) else replace(member, addresses=kept)
