"""What a message of Messenger or Instagram says: its text and attachments as messages of ours. Pure.

Sources: developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks/webhook-events/messages and
.../instagram-platform/webhooks/examples.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from chat4all.channels.inbound import Media
from chat4all.channels.splitting import shortened

Document = Mapping[str, Any]
_MEDIA = {"image": "image", "video": "video", "audio": "audio", "file": "document", "sticker": "sticker"}
_SHARES = frozenset({"fallback", "share", "post", "ig_post", "reel", "ig_reel", "template"})
"""What somebody shared: a link, with a title."""
_NAME_MAX = 256
"""Characters of a place's name, as domain.message has it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One message of ours."""

    type: str
    content: Any
    media: Media | None = None
    origin: Mapping[str, Any] = field(default_factory=dict)


def pieces(message: Document) -> tuple[list[Piece], list[str]]:
    """What `message` says, and the types of attachments that are not known.

    A text is the caption of a file that comes with it, and goes together with what is shared by it.

    Raises:
        KeyError, TypeError, AttributeError, ValueError: it is not of the shape that it should have.
    """
    found: list[Piece] = []
    unknown: list[str] = []
    for attachment in _once(message.get("attachments") or ()):
        piece = _piece(attachment)
        if piece is None:
            unknown.append(attachment["type"])
        else:
            found.append(piece)
    said = _with_text(message.get("text") or "", found)
    if said:
        said[0] = replace(said[0], origin={**said[0].origin, **_origin(message)})
    return said, unknown


def _origin(message: Document) -> dict[str, Any]:
    """What else is said of the whole message."""
    origin: dict[str, Any] = {}
    if "quick_reply" in message:
        origin["button"] = message["quick_reply"].get("payload")
    story = (message.get("reply_to") or {}).get("story")
    if story:
        origin["story"] = story
    if "referral" in message:
        origin["referral"] = message["referral"]
    return origin


def _with_text(text: str, found: list[Piece]) -> list[Piece]:
    if not isinstance(text, str):
        raise TypeError("text is none")
    if not text:
        return found
    if not found or found[0].type not in ("file", "text"):
        return [Piece("text", text), *found]
    first, *others = found
    if first.type == "file":
        return [replace(first, content=text), *others]
    url = first.origin["share"].get("url") or ""
    missing = url and url not in text  # a link that was typed comes as a text and a fallback
    return [replace(first, content=f"{text}\n{url}" if missing else text), *others]


def _piece(attachment: Document) -> Piece | None:
    kind, payload = attachment["type"], attachment.get("payload") or {}
    if kind in _MEDIA:
        # Until the type `sticker` came in 2026, a sticker was an image with a number.
        is_sticker = kind == "image" and "sticker_id" in payload
        return Piece("file", "", Media("sticker" if is_sticker else _MEDIA[kind], url=_url(payload["url"])))
    if kind == "story_mention":
        return Piece("file", "", Media("image", url=_url(payload["url"])), {"story_mention": dict(payload)})
    if kind == "location":
        return Piece("location", _location(attachment, payload))
    if kind in _SHARES:
        return _share(attachment, payload)
    return None


def _share(attachment: Document, payload: Document) -> Piece | None:
    titles = [attachment.get("title") or payload.get("title"), *_titles(payload)]
    url = attachment.get("url") or payload.get("url")
    lines = [line for line in (*titles, url) if isinstance(line, str) and line.strip()]
    if not lines:
        return None
    ids = {name: value for name, value in payload.items() if name.endswith("_id")}
    return Piece("text", "\n".join(lines), None, {"share": {"type": attachment["type"], "url": url, **ids}})


def _titles(payload: Document) -> list[str]:
    """Of a template's elements; a product template has them one level deeper."""
    elements = (payload.get("product") or payload).get("elements") or ()
    return [f"{element.get('title') or ''}\n{element.get('subtitle') or ''}".strip() for element in elements]


def _location(attachment: Document, payload: Document) -> dict[str, Any]:
    place = payload["coordinates"]
    found: dict[str, Any] = {"latitude": float(place["lat"]), "longitude": float(place["long"])}
    title = attachment.get("title")
    return found | ({"name": shortened(str(title), _NAME_MAX)} if title else {})


def _url(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("no URL")
    return value


def _once(attachments: Any) -> Sequence[Document]:
    """Without what is there twice while Meta changes a type: stickers also as `image`, posts also as `share`."""
    found = list(attachments)
    newer = {_same(attachment) for attachment in found if attachment["type"] in ("sticker", "ig_post")}
    return [a for a in found if a["type"] not in ("image", "share") or _same(a) is None or _same(a) not in newer]


def _same(attachment: Document) -> str | None:
    payload = attachment.get("payload") or {}
    found = payload.get("sticker_id") or payload.get("ig_post_media_id")
    return str(found) if found else None
