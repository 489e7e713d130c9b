"""Messages as the Cloud API takes them (…/whatsapp/reference/whatsapp-business-phone-number/message-api). Pure."""

import re
from collections.abc import Mapping
from typing import Any

from chat4all.channels.outgoing import ContactPart, LocationPart, MediaPart, TextPart
from chat4all.channels.pieces import whole_id
from chat4all.channels.splitting import shortened
from chat4all.channels.whatsapp.limits import TEMPLATE_TEXT_MAX

Body = dict[str, Any]

_SCOPED_ID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}")
_NAME_MAX = 256
_FILENAME_MAX = 240


def recipient(address: str) -> Body:
    """Whom a message is for: a phone number by `to`, a business-scoped id (`US.1349…`) by `recipient`
    (…/whatsapp/business-scoped-user-ids)."""
    return {"recipient": address} if _SCOPED_ID.fullmatch(address) else {"to": address}


def envelope(address: str, content: Body, reply_to: str | None, reference: str | None) -> Body:
    """A whole message around its content."""
    body = {"messaging_product": "whatsapp", "recipient_type": "individual", **recipient(address), **content}
    if reply_to:
        body["context"] = {"message_id": whole_id(reply_to)}
    if reference:
        body["biz_opaque_callback_data"] = reference
    return body


def text(part: TextPart) -> Body:
    """Type text. Links get no preview: what is sent is what is said."""
    return {"type": "text", "text": {"body": part.text, "preview_url": False}}


def location(part: LocationPart) -> Body:
    """Type location."""
    named = {"name": part.name, "address": part.address}
    place = {"latitude": part.latitude, "longitude": part.longitude}
    return {"type": "location", "location": place | {key: value for key, value in named.items() if value}}


def contacts(part: ContactPart) -> Body:
    """Type contacts; `formatted_name` needs another name beside it."""
    name = shortened(part.name, _NAME_MAX)
    card: Body = {
        "name": {"formatted_name": name, "first_name": name},
        "phones": [{"phone": part.phone, "type": "CELL"}],
    }
    if part.email:
        card["emails"] = [{"email": part.email}]
    return {"type": "contacts", "contacts": [card]}


def media(part: MediaPart, link: str) -> Body:
    """Types image, video, audio (a voice message is one), document and sticker."""
    kind = "audio" if part.kind == "voice" else part.kind
    asset: Body = {"link": link}
    if part.kind == "voice":
        asset["voice"] = True
    if part.caption:
        asset["caption"] = part.caption
    if kind == "document":
        asset["filename"] = shortened(part.file.filename, _FILENAME_MAX)
    return {"type": kind, kind: asset}


def template(terms: Mapping[str, Any], said: str) -> tuple[Body, bool]:
    """The account's template with what is said as its body's only variable; whether all of it fitted.

    A variable has no line breaks, tabs or more than four spaces in a row (error 132018 or 132005).
    """
    line = " ".join(said.split())
    fitting = shortened(line, TEMPLATE_TEXT_MAX)
    variable = {"type": "text", "text": fitting}
    filled = {
        "name": terms["name"],
        "language": {"code": terms["language"]},
        "components": [{"type": "body", "parameters": [variable]}],
    }
    return {"type": "template", "template": filled}, fitting == line


def reaction(external_id: str, emoji: str) -> Body:
    """Type reaction; an empty emoji takes it away."""
    return {"type": "reaction", "reaction": {"message_id": whole_id(external_id), "emoji": emoji}}


def read(external_id: str, *, is_typing: bool = False) -> Body:
    """Marks a message and those before it as read; with typing for 25 seconds or until the next message
    (…/whatsapp/typing-indicators)."""
    body: Body = {"messaging_product": "whatsapp", "status": "read", "message_id": whole_id(external_id)}
    return body | {"typing_indicator": {"type": "text"}} if is_typing else body
