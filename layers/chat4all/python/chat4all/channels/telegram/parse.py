"""Updates in our words (core.telegram.org/bots/api#update). Pure: the same update is always read the same way."""

from collections.abc import Mapping
from typing import Any

from chat4all.channels.inbound import Contact, Inbound, Unknown

Document = Mapping[str, Any]
NAME_MAX = 256
"""Characters: Telegram's first and last names have at most 64 each."""


def parse(update: Document) -> Inbound | Unknown:
    """A message of a private chat whose content we know; everything else is Unknown, whatever its shape."""
    try:
        return _parse(update)
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError):
        return Unknown("unreadable")


def _parse(update: Document) -> Inbound | Unknown:
    message = update.get("message")
    if message is None:
        return Unknown(next((str(name) for name in update if name != "update_id"), "empty"))
    if message["chat"]["type"] != "private":
        return Unknown(f"{message['chat']['type']}_message")
    sender = message["from"]
    content = _content(message)
    if content is None:
        return Unknown(_kind(message))
    reply = message.get("reply_to_message")
    return Inbound(
        external_id=_number(message["message_id"]),
        contact=Contact(_number(sender["id"]), _name(sender)),
        type=content[0],
        content=content[1],
        reply_to=_number(reply["message_id"]) if reply else None,
    )


def _number(value: Any) -> str:
    """An id as text; Telegram's have at most 52 significant bits (Bot API, User.id)."""
    number = int(value)
    if abs(number) >= 2**63:
        raise ValueError("no id of Telegram's")
    return str(number)


def _content(message: Document) -> tuple[str, Any] | None:
    """Our type and content; None where it is of a kind we do not know."""
    if isinstance(message.get("text"), str):
        return "text", message["text"]
    if "venue" in message:  # A venue carries a location as well, for older clients.
        venue = message["venue"]
        place = _location(venue["location"])
        return "location", place | {"name": venue["title"][:256], "address": venue["address"][:512]}
    if "location" in message:
        return "location", _location(message["location"])
    if "contact" in message:
        return "contact", _contact(message["contact"])
    return None


def _location(location: Document) -> dict[str, Any]:
    return {"latitude": float(location["latitude"]), "longitude": float(location["longitude"])}


def _contact(contact: Document) -> dict[str, Any]:
    card = {"name": _name(contact), "phone": contact["phone_number"]}
    return card | ({"user_id": str(contact["user_id"])} if "user_id" in contact else {})


def _name(person: Document) -> str:
    """What the person calls themself; names may be blank on Telegram, so an id is the last resort."""
    full = f"{person.get('first_name', '')} {person.get('last_name', '')}".strip()
    name = full or str(person.get("username") or person.get("phone_number") or person["id"])
    return name.encode(errors="replace").decode()[:NAME_MAX]


_AROUND = frozenset(
    {
        *("message_id", "message_thread_id", "from", "sender_chat", "chat", "date", "reply_to_message", "entities"),
        *("caption", "caption_entities", "has_media_spoiler", "via_bot", "has_protected_content", "forward_origin"),
        *("reply_markup", "media_group_id", "author_signature", "is_automatic_forward", "effect_id", "quote"),
    }
)
"""Fields of a message that do not say of which kind it is."""


def _kind(message: Document) -> str:
    return next((str(name) for name in message if name not in _AROUND), "empty_message")
