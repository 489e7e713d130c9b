"""Webhooks of Messenger and Instagram in our words: `entry[]` and the `messaging[]` that both share. Pure.

Sources: developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks/webhook-events,
.../instagram-messaging/webhooks and .../instagram-platform/webhooks/examples.

Neither tells a contact's name: it is their scoped id until somebody asks `GET /{psid}?fields=first_name,last_name`
(Instagram: `GET /{igsid}?fields=name,username`).
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chat4all.channels.inbound import (
    Contact,
    Echo,
    Happening,
    Inbound,
    InboundEdit,
    InboundReactions,
    InboundUnsend,
    Item,
    StatusReport,
    Unknown,
)
from chat4all.channels.meta.messaging.attachments import Piece, pieces
from chat4all.channels.pieces import piece_id

Document = Mapping[str, Any]
_ADDRESS = re.compile(r"[0-9A-Za-z_-]{1,128}")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
_EXTERNAL_ID_MAX = 512
"""Characters; Instagram's are about 200."""
_TIME_MAX_MS = 2**53


def items(document: Any, about: str) -> list[Item]:
    """All that a body tells, in its order; `about` is its `object`: page or instagram. Never raises."""
    if not isinstance(document, Mapping) or document.get("object") != about:
        return [_item(Unknown("other_object"), document, None)]
    entries = document.get("entry")
    if not isinstance(entries, list) or not entries:
        return [_item(Unknown("no_entry"), document, None)]
    return [item for entry in entries for item in _of_entry(entry)]


def _of_entry(entry: Any) -> list[Item]:
    if not isinstance(entry, Mapping):
        return [_item(Unknown("unreadable"), entry, None)]
    key = _text_id(entry.get("id"))
    found: list[Item] = []
    for event in _listed(entry, "messaging"):
        found += [_item(happening, event, key, index) for index, happening in enumerate(happenings(event, key))]
    for event in _listed(entry, "standby"):  # another app of the page's has the conversation
        found.append(_item(Unknown("standby"), event, key))
    for change in _listed(entry, "changes"):
        field = change.get("field") if isinstance(change, Mapping) else None
        found.append(_item(Unknown(_word(field)), change, key))
    if not found:  # Instagram's comments come as an entry's own `field` and `value`
        found.append(_item(Unknown(_word(entry.get("field"))), entry, key))
    return found


def _listed(entry: Document, name: str) -> list[Any]:
    events = entry.get(name, [])
    return events if isinstance(events, list) else [events]


def happenings(event: Any, account_key: str | None) -> Sequence[Happening]:
    """What one element of `messaging[]` tells, at least one; what cannot be read is Unknown. Never raises."""
    try:
        return _happenings(event, account_key)
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError):
        return [Unknown("unreadable")]


def _happenings(event: Document, account_key: str | None) -> Sequence[Happening]:
    word = next((word for word in _READERS if word in event), None)
    if word is None:
        return [Unknown(_word(next((name for name in event if name not in _AROUND), None)))]
    told = event[word]
    if word == "message" and told.get("is_echo"):
        return [_echo(event, told)]
    contact = _contact(event["sender"])
    if contact.address == account_key:  # our own side, in the provider's app
        return [Unknown(f"own_{word}")]
    return _READERS[word](told, contact, event)


_AROUND = frozenset({"sender", "recipient", "timestamp", "prior_message", "is_self"})
"""Fields of an event that do not say of which kind it is."""


def _message(message: Document, contact: Contact, _event: Document) -> Sequence[Happening]:
    mid = _external_id(message["mid"])
    if message.get("is_deleted"):
        return [InboundUnsend(mid, contact)]
    if message.get("is_unsupported"):  # Instagram does not say what it is
        return [Unknown("unsupported_message")]
    said, unknown = pieces(message)
    found = [*_inbounds(mid, contact, said, _reply(message)), *(Unknown(f"attachment_{_word(w)}") for w in unknown)]
    return found or [Unknown("empty_message")]


def _inbounds(mid: str, contact: Contact, said: Sequence[Piece], reply_to: str | None) -> list[Happening]:
    """A message of ours for each piece: the first has the provider's id, others `<mid>#1`, `<mid>#2`…"""
    album = {"album": mid} if len(said) > 1 else {}
    return [
        Inbound(
            external_id=piece_id(mid, number),
            contact=contact,
            type=piece.type,
            content=piece.content,
            reply_to=reply_to if number == 0 else None,
            media=piece.media,
            origin={**piece.origin, **album} or None,
        )
        for number, piece in enumerate(said)
    ]


def _reply(message: Document) -> str | None:
    """Of a message; the answer to a story has no `mid` there."""
    answered = message.get("reply_to") or {}
    return _external_id(answered["mid"]) if "mid" in answered else None


def _echo(event: Document, message: Document) -> Happening:
    if message.get("is_deleted"):
        return Unknown("echo_deleted")
    said_with = message.get("metadata")
    reference = said_with if isinstance(said_with, str) else None
    return Echo(_external_id(message["mid"]), _address(event["recipient"]["id"]), reference)


def _postback(postback: Document, contact: Contact, event: Document) -> Sequence[Happening]:
    """A pressed button says its title. Older ones have no `mid`: the time and the payload tell them apart."""
    title, payload = postback.get("title"), postback.get("payload")
    content = title or payload
    if not isinstance(content, str):
        return [Unknown("postback")]
    origin: dict[str, Any] = {"button": payload}
    if "referral" in postback:
        origin["referral"] = postback["referral"]
    if "mid" in postback:
        mid = _external_id(postback["mid"])
    else:
        mid = f"postback.{_time_ms(event['timestamp'])}.{_digest([title, payload])[:16]}"
    return [Inbound(mid, contact, "text", content, origin=origin)]


def _edit(edit: Document, contact: Contact, event: Document) -> Sequence[Happening]:
    """Without a text it is no edit: Instagram sends such ones with `num_edit` 0 for new messages (secondary)."""
    text = edit.get("text")
    if not isinstance(text, str) or not text:
        return [Unknown("message_edit")]
    return [InboundEdit(_external_id(edit["mid"]), contact, text, time_ms=_changed_at(event))]


def _changed_at(event: Document) -> int | None:
    return _time_ms(event["timestamp"]) if "timestamp" in event else None


_EMOJIS = {
    "love": "❤️",
    "smile": "😆",
    "laugh": "😆",
    "wow": "😮",
    "sad": "😢",
    "angry": "😠",
    "like": "👍",
    "dislike": "👎",
}
"""Of reactions that come by their word alone."""


def _reaction(reaction: Document, contact: Contact, event: Document) -> Sequence[Happening]:
    """A contact has one reaction to a message: another one replaces it."""
    mid, time_ms = _external_id(reaction["mid"]), _changed_at(event)
    if reaction["action"] == "unreact":
        return [InboundReactions(mid, contact, (), time_ms=time_ms)]
    emoji = reaction.get("emoji") or _EMOJIS.get(reaction.get("reaction", ""))
    if reaction["action"] != "react" or not isinstance(emoji, str):
        return [Unknown("reaction")]
    return [InboundReactions(mid, contact, (emoji,), time_ms=time_ms)]


def _delivery(delivery: Document, contact: Contact, _event: Document) -> Sequence[Happening]:
    """`mids` may be missing; `watermark`: all that were sent before this time have been delivered."""
    watermark = _time_ms(delivery["watermark"])
    mids = [_external_id(mid) for mid in delivery.get("mids") or ()]
    reports = [StatusReport(contact.address, "delivered", watermark, external_id=mid) for mid in mids]
    return [*reports, StatusReport(contact.address, "delivered", watermark, through_ms=watermark)]


def _read(read: Document, contact: Contact, event: Document) -> Sequence[Happening]:
    """Messenger tells a watermark, Instagram the last message that was read: all before it were, too."""
    if "watermark" in read:
        watermark = _time_ms(read["watermark"])
        return [StatusReport(contact.address, "read", watermark, through_ms=watermark)]
    time_ms = _time_ms(event["timestamp"])
    return [StatusReport(contact.address, "read", time_ms, external_id=_external_id(read["mid"]), through_ms=time_ms)]


_READERS: Mapping[str, Callable[[Any, Contact, Document], Sequence[Happening]]] = {
    "message": _message,
    "postback": _postback,
    "message_edit": _edit,
    "reaction": _reaction,
    "delivery": _delivery,
    "read": _read,
}


def _contact(sender: Document) -> Contact:
    address = _address(sender["id"])
    return Contact(address, address)


def _text_id(value: Any) -> str | None:
    return value if isinstance(value, str) and _ADDRESS.fullmatch(value) else None


def _address(value: Any) -> str:
    found = _text_id(value)
    if found is None:
        raise ValueError("no id of Meta's")
    return found


def _external_id(value: Any) -> str:
    if not isinstance(value, str) or not value or len(value) > _EXTERNAL_ID_MAX or not value.isprintable():
        raise ValueError("no id of a message")
    value.encode()  # a lone surrogate cannot be stored
    return value


def _time_ms(value: Any) -> int:
    """Milliseconds since 1970."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < _TIME_MAX_MS:
        raise ValueError("no time")
    return value


def _word(name: Any) -> str:
    return name if isinstance(name, str) and _WORD.fullmatch(name) else "unreadable"


def _item(happening: Happening, raw: Any, account_key: str | None, index: int = 0) -> Item:
    try:
        digest = _digest([account_key, raw])
    except (RecursionError, ValueError, TypeError):  # nested too deep to be kept
        raw, digest = None, _digest([account_key])
    word = happening.kind if isinstance(happening, Unknown) else type(happening).__name__.lower()
    return Item(happening, raw, f"{word[:80]}.{digest[:32]}.{index}", account_key)


def _digest(value: Any) -> str:
    """Of an event without its entry's `time`, which differs when Meta sends it again."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
