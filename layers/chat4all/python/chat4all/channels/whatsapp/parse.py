"""Webhooks in our words (…/whatsapp/webhooks/reference). Pure: the same body is always read the same way.

A contact's address is their phone number (`wa_id`), which Meta advises to answer to, else their business-scoped id
(…/whatsapp/business-scoped-user-ids); the others are its aliases.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from chat4all.channels.inbound import (
    AddressChanged,
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
from chat4all.channels.pieces import piece_id
from chat4all.channels.splitting import shortened
from chat4all.channels.whatsapp.contents import Content, Unreadable, contents_of, text_of
from chat4all.channels.whatsapp.errors import reason_of

Document = Mapping[str, Any]
Reading = Callable[[Document, Any], list[Happening]]

OBJECT = "whatsapp_business_account"
_NAME_MAX, _ID_MAX = 256, 512
_ODD = (KeyError, TypeError, AttributeError, ValueError, OverflowError, IndexError, RecursionError)
_WORD = re.compile(r"[A-Za-z0-9_]{1,64}")


def items(document: Any) -> Sequence[Item]:
    """All that a body tells, in its order."""
    if not isinstance(document, Mapping) or document.get("object") != OBJECT:
        return [_item(Unknown("unreadable"), document)]
    return [item for entry in _list(document.get("entry")) for item in _of_entry(entry)]


def _of_entry(entry: Any) -> Iterator[Item]:
    changes = entry.get("changes") if isinstance(entry, Mapping) else None
    if not isinstance(changes, list) or not changes:
        yield _item(Unknown("entry"), _body(entry))
        return
    for change in changes:
        yield from _of_change({name: value for name, value in entry.items() if name != "changes"}, change)


_READINGS: Mapping[str, Mapping[str, Reading]] = {
    "messages": {
        "messages": lambda value, message: _message(value, message),
        "statuses": lambda value, status: [_status(value, status)],
        "errors": lambda _value, _error: [Unknown("errors")],
    },
    "smb_message_echoes": {"message_echoes": lambda _value, echo: [_echo(echo)]},
    "message_echoes": {"message_echoes": lambda _value, echo: [_echo(echo)]},
}
"""Which lists a field's value has, and how an element of each is read. Other fields are kept whole."""


def _of_change(entry: Document, change: Any) -> Iterator[Item]:
    """Items of a change; each is kept as a body of its own, which can be read again."""
    field = change.get("field") if isinstance(change, Mapping) else None
    value = change.get("value") if isinstance(change, Mapping) else None
    readings = _READINGS.get(field, {}) if isinstance(field, str) else {}
    told = [name for name in readings if isinstance(value, Mapping) and _list(value.get(name))]
    account = _account(value)
    if not told or not isinstance(value, Mapping):
        yield _item(Unknown(_word(field)), _body({**entry, "changes": [change]}), account)
        return
    around = {name: held for name, held in value.items() if name not in readings}
    for name in told:
        for element in _list(value[name]):
            alone = _body({**entry, "changes": [{"field": field, "value": {**around, name: [element]}}]})
            for number, happening in enumerate(_read(readings[name], value, element, name)):
                yield _item(happening, alone, account, number)


def _read(reading: Reading, value: Document, element: Any, kind: str) -> list[Happening]:
    try:
        return reading(value, element)
    except Unreadable as unknown:
        return [Unknown(_word(str(unknown)))]
    except _ODD:
        return [Unknown(f"unreadable_{kind}")]


def _message(value: Document, message: Document) -> list[Happening]:
    if message["type"] == "system":
        return _system(message)
    contact, external_id, chat = _contact(value, message), _id(message["id"]), _optional_id(message.get("group_id"))
    match message["type"]:
        case "reaction":
            reaction = message["reaction"]
            emojis = tuple(filter(None, [reaction.get("emoji")]))
            return [InboundReactions(_id(reaction["message_id"]), contact, emojis, chat, _time_ms(message))]
        case "edit":
            edit = message["edit"]
            text = text_of(edit["message"])
            return [InboundEdit(_id(edit["original_message_id"]), contact, text, chat, _time_ms(message))]
        case "revoke":
            return [InboundUnsend(_id(message["revoke"]["original_message_id"]), contact, chat)]
    return [
        _inbound(message, contact, piece_id(external_id, number), chat, content)
        for number, content in enumerate(contents_of(message))
    ]


def _inbound(message: Document, contact: Contact, external_id: str, chat: str | None, content: Content) -> Inbound:
    context = message.get("context") or {}
    flags = {word: True for word in ("forwarded", "frequently_forwarded") if context.get(word) is True}
    named = {
        word: found for word in ("referral", "referred_product") if (found := message.get(word, context.get(word)))
    }
    origin = {**(content.origin or {}), **flags, **named}
    return Inbound(
        external_id,
        contact,
        content.type,
        content.content,
        reply_to=_optional_id(context.get("id")),
        media=content.media,
        origin=origin or None,
        chat=chat,
    )


def _contact(value: Document, message: Document) -> Contact:
    """Who wrote. One of `contacts`: the one with that number or id; where there is a single one, that."""
    phone, scoped = message.get("from"), message.get("from_user_id")
    listed = [entry for entry in _list(value.get("contacts")) if isinstance(entry, Mapping)]
    known = [e for e in listed if (phone and e.get("wa_id") == phone) or (scoped and e.get("user_id") == scoped)]
    entry = (known or (listed if len(listed) == 1 else []) or [{}])[0]
    return _named_contact(phone, scoped or message.get("from_parent_user_id"), entry)


def _named_contact(phone: Any, scoped: Any, entry: Document) -> Contact:
    found = [phone or entry.get("wa_id"), scoped, entry.get("user_id"), entry.get("parent_user_id")]
    addresses = list(dict.fromkeys(_id(address) for address in found if address))
    profile = entry.get("profile") or {}
    names = (profile.get("name"), profile.get("username"))
    name = next((name for name in names if isinstance(name, str) and name.strip()), addresses[0])
    return Contact(addresses[0], shortened(name.encode(errors="replace").decode(), _NAME_MAX), tuple(addresses[1:]))


def _system(message: Document) -> list[Happening]:
    """A new phone number or business-scoped id; other news, such as a new security code, are kept."""
    system = message["system"]
    kind = system["type"]
    if kind not in ("user_changed_number", "customer_changed_number", "user_changed_user_id"):
        return [Unknown(_word(kind))]
    phone = system.get("wa_id") or system.get("new_wa_id")
    scoped = system.get("user_id")
    old = (message.get("from") or system.get("customer"), system.get("previous_user_id"))
    pairs = [(old[0], phone or scoped), (old[1], scoped)]
    changes = [AddressChanged(_id(before), _id(now)) for before, now in pairs if before and now and before != now]
    return [*changes] or [Unknown(_word(kind))]


_STATUSES = {"sent": "sent", "delivered": "delivered", "read": "read", "played": "read", "failed": "failed"}


def _status(value: Document, status: Document) -> Happening:
    if status.get("recipient_type") == "group":
        return Unknown("group_status")
    word = _STATUSES.get(status["status"])
    if word is None or status.get("type", "message") != "message":
        return Unknown(_word(f"status_{status['status']}"))
    listed = [entry for entry in _list(value.get("contacts")) if isinstance(entry, Mapping)]
    contact = _named_contact(
        status.get("recipient_id"), status.get("recipient_user_id"), listed[0] if len(listed) == 1 else {}
    )
    return StatusReport(
        contact.address,
        word,
        _milliseconds(status["timestamp"]),
        external_id=_id(status["id"]),
        reason=reason_of(status.get("errors")) if word == "failed" else None,
        aliases=contact.aliases,
        reference=_optional_id(status.get("biz_opaque_callback_data")),
    )


def _echo(echo: Document) -> Happening:
    """What the business sent by its own phone; its edits and deletions there are kept."""
    if echo["type"] in ("edit", "revoke"):
        return Unknown(f"echo_{echo['type']}")
    return Echo(_id(echo["id"]), _id(echo.get("to") or echo["to_user_id"]))


def _time_ms(message: Document) -> int | None:
    """When it was said, which WhatsApp tells in whole seconds."""
    return _milliseconds(message["timestamp"]) if "timestamp" in message else None


def _milliseconds(timestamp: Any) -> int:
    seconds = int(timestamp)
    if not 0 <= seconds < 2**40:
        raise ValueError("no time")
    return seconds * 1000


def _id(value: Any) -> str:
    if not isinstance(value, str) or not value or len(value.encode()) > _ID_MAX:
        raise ValueError("no id")
    return value


def _optional_id(value: Any) -> str | None:
    return _id(value) if value else None


def _account(value: Any) -> str | None:
    metadata = value.get("metadata") if isinstance(value, Mapping) else None
    found = metadata.get("phone_number_id") if isinstance(metadata, Mapping) else None
    return found if isinstance(found, str) and found else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _word(value: Any) -> str:
    """A kind, as a dimension of a metric: what is no plain word is `other`."""
    return value if isinstance(value, str) and _WORD.fullmatch(value) else "other"


def _body(entry: Any) -> Document:
    return {"object": OBJECT, "entry": [entry]}


def _item(happening: Happening, raw: Any, account: str | None = None, number: int = 0) -> Item:
    """Named after what it was told by, so that the same told again has the same name."""
    try:
        told = json.dumps([raw, number], sort_keys=True, default=str)
    except (RecursionError, TypeError, ValueError):  # deeper than Python goes: no webhook of WhatsApp's
        told = repr(type(raw))
    return Item(happening, raw, hashlib.sha256(told.encode()).hexdigest()[:40], account)
