"""What a message says, by its type (…/whatsapp/webhooks/reference/messages). Pure; raises where one is not as documented."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chat4all.channels.inbound import Media
from chat4all.channels.splitting import shortened

Document = Mapping[str, Any]

_MEDIA = ("image", "video", "audio", "document", "sticker")
_NAME_MAX, _ADDRESS_MAX, _PHONE_MAX, _EMAIL_MAX = 256, 512, 64, 254


class Unreadable(Exception):
    """Nothing that we know; the text is the kind under which it is kept."""


@dataclass(frozen=True, slots=True)
class Content:
    """Of one message of ours; `origin` is what else WhatsApp says of it."""

    type: str
    content: Any
    media: Media | None = None
    origin: Mapping[str, Any] | None = None


def contents_of(message: Document) -> list[Content]:
    """What a message says: of a message with several contacts, one each.

    Raises:
        Unreadable: a type that we do not know. KeyError, TypeError, ValueError, AttributeError: another shape.
    """
    kind = message["type"]
    if kind in _MEDIA:
        return [_media(kind, message[kind])]
    match kind:
        case "text":
            return [Content("text", _text(message["text"]["body"]))]
        case "location":
            return [_location(message["location"])]
        case "contacts":
            return [_card(card) for card in message["contacts"]]
        case "button":
            button = message["button"]
            return [Content("text", _text(button["text"]), origin={"button": button.get("payload")})]
        case "interactive":
            return [_interactive(message.get("interactive"))]
        case "order":
            return [_order(message["order"])]
    raise Unreadable(str(kind))


def text_of(message: Document) -> str:
    """The text, or the caption, of a message that was changed."""
    kind = message["type"]
    if kind == "text":
        return _text(message["text"]["body"])
    if kind in _MEDIA:
        return _caption(message[kind])
    raise Unreadable(f"edit_{kind}")


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("no text")
    return value


def _optional(value: Any, most: int) -> str | None:
    return shortened(value, most) if isinstance(value, str) and value.strip() else None


def _caption(media: Document) -> str:
    caption = media.get("caption", "")
    return caption if isinstance(caption, str) else ""


def _media(kind: str, media: Document) -> Content:
    held = Media(
        kind="voice" if kind == "audio" and media.get("voice") is True else kind,
        id=_text(media["id"]),
        content_type=_optional(media.get("mime_type"), 256),
        filename=_optional(media.get("filename"), 1_024),
        sha256=_hex(media.get("sha256")),
    )
    origin = {"animated": True} if media.get("animated") is True else None
    return Content("file", _caption(media), held, origin)


def _hex(digest: Any) -> str | None:
    """SHA-256 as hex of base64; None where it is none, as in shortened examples."""
    try:
        found = base64.b64decode(digest, validate=True)
    except (TypeError, ValueError, binascii.Error):
        return None
    return found.hex() if len(found) == 32 else None


def _location(location: Document) -> Content:
    place: dict[str, Any] = {"latitude": float(location["latitude"]), "longitude": float(location["longitude"])}
    named = {
        "name": _optional(location.get("name"), _NAME_MAX),
        "address": _optional(location.get("address"), _ADDRESS_MAX),
    }
    url = _optional(location.get("url"), 1_024)
    place |= {key: value for key, value in named.items() if value}
    return Content("location", place, origin={"url": url} if url else None)


def _card(card: Document) -> Content:
    """A contact of theirs; its other numbers and fields are in `origin`."""
    name, phones, emails = card.get("name") or {}, card.get("phones") or [], card.get("emails") or []
    first = phones[0] if phones else {}
    found = {
        "phone": _optional(first.get("phone"), _PHONE_MAX) or _optional(first.get("wa_id"), _PHONE_MAX),
        "email": _optional(emails[0].get("email"), _EMAIL_MAX) if emails else None,
        "user_id": _optional(first.get("wa_id"), _PHONE_MAX),
    }
    said = _optional(name.get("formatted_name"), _NAME_MAX) or _optional(name.get("first_name"), _NAME_MAX)
    named = said or found["phone"] or found["email"]
    if not named:
        raise Unreadable("contacts")
    more = {key: value for key, value in card.items() if key not in ("name", "phones", "emails")}
    more |= {key: rest for key, rest in (("phones", phones[1:]), ("emails", emails[1:])) if rest}
    content = {"name": named} | {key: value for key, value in found.items() if value}
    return Content("contact", content, origin={"card": more} if more else None)


def _interactive(interactive: Any) -> Content:
    """What was chosen, as a text: a button, a line of a list, or a filled-in form (flow)."""
    if not isinstance(interactive, Mapping):
        raise Unreadable("interactive")
    kind = interactive["type"]
    reply = interactive.get(kind)
    match kind:
        case "button_reply" if reply:
            return Content("text", _text(reply["title"]), origin={"button": reply["id"]})
        case "list_reply" if reply:
            described = {"description": reply["description"]} if "description" in reply else {}
            return Content("text", _text(reply["title"]), origin={"list": reply["id"], **described})
        case "nfm_reply" if reply:
            return _flow(reply)
    raise Unreadable(f"interactive_{kind}")


def _flow(reply: Document) -> Content:
    """A form: what was filled in, a line each, below the text that WhatsApp shows."""
    filled = json.loads(reply["response_json"])
    lines = [f"{name}: {_plain(value)}" for name, value in filled.items() if name != "flow_token"]
    said = "\n".join([_text(reply.get("body") or reply.get("name")), *lines])
    return Content("text", said, origin={"flow": {"name": reply.get("name"), "response": filled}})


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _order(order: Document) -> Content:
    """A basket: a line for each product, below what was written to it."""
    lines = [
        f"{item['quantity']} × {item['product_retailer_id']} ({item['item_price']} {item['currency']})"
        for item in order["product_items"]
    ]
    said = "\n".join(filter(None, [order.get("text", ""), *lines]))
    return Content("text", _text(said), origin={"order": dict(order)})
