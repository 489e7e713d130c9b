"""A message of ours as the parts that WhatsApp takes."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chat4all.channels.fates import NotSent, Permanent
from chat4all.channels.outgoing import (
    ContactPart,
    LinkPart,
    LocationPart,
    MediaPart,
    Outgoing,
    OutgoingFile,
    Part,
    TextPart,
    lines,
    with_sender,
)
from chat4all.channels.splitting import split_text
from chat4all.channels.whatsapp.limits import CAPTION_MAX, CAPTIONED, MEDIA_RULES, STICKER, TEXT_MAX, MediaRule
from chat4all.domain.media_types import media_type


def parts_of(message: Outgoing) -> list[Part]:
    """Parts, always the same for the same message. A name that a part cannot show is said before it.

    Raises:
        NotSent: permanent, where nothing of that type can be sent.
    """
    content = message.content
    match message.type:
        case "text":
            return _texts(with_sender(message, content))
        case "location":
            place = LocationPart(content["latitude"], content["longitude"], content.get("name"), content.get("address"))
            return [*_name(message), place]
        case "contact":
            return _contact(message, content)
        case "file" if message.files:
            return _files(message)
    raise NotSent(Permanent(f"unsupported_type: WhatsApp cannot be sent a message of type {message.type}"))


def _texts(text: str) -> list[Part]:
    return [TextPart(part) for part in split_text(text, TEXT_MAX)] if text else []


def _name(message: Outgoing) -> list[Part]:
    return [TextPart(f"{message.sender_name}:")] if message.sender_name else []


def _contact(message: Outgoing, content: Mapping[str, Any]) -> list[Part]:
    name, phone, email = content["name"], content.get("phone"), content.get("email")
    if not phone:  # a card without a number opens nothing on a phone
        return _texts(with_sender(message, lines(name, email)))
    return [*_name(message), ContactPart(name, phone, email)]


def _files(message: Outgoing) -> list[Part]:
    """Each is a message of its own; the first has the caption, or stands behind it."""
    said = with_sender(message, message.content or "")
    first, *more = (_file(file) for file in message.files)
    if isinstance(first, MediaPart) and first.kind in CAPTIONED and len(said) <= CAPTION_MAX:
        return [replace(first, caption=said), *more]
    return [*_texts(said), first, *more]


def _file(file: OutgoingFile) -> MediaPart | LinkPart:
    content_type = media_type(file.content_type)
    rule = _rule(file.kind, content_type)
    if rule is None:
        return LinkPart(file, f"unsupported_type: WhatsApp takes no {content_type}")
    if file.size > rule.size_max:
        most = f"{rule.size_max // 1000} KB" if rule is STICKER else f"{rule.size_max // 1_000_000} MB"
        return LinkPart(file, f"too_large: WhatsApp takes files of type {rule.kind} up to {most}")
    is_voice = rule.kind == "audio" and file.kind == "voice" and content_type == "audio/ogg"
    return MediaPart(file, "voice" if is_voice else rule.kind)


def _rule(kind: str, content_type: str) -> MediaRule | None:
    if kind == "sticker" and content_type in STICKER.content_types:
        return STICKER
    return next((rule for rule in MEDIA_RULES if content_type in rule.content_types), None)
