"""A message of ours as the parts that the Send API takes. Pure.

It has texts and attachments and nothing else: a location and a contact are said as a text, and so is a file's caption.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from chat4all.channels.fates import NotSent, Permanent
from chat4all.channels.outgoing import (
    LinkPart,
    LocationPart,
    MediaPart,
    Outgoing,
    OutgoingFile,
    Part,
    TextPart,
    lines,
    place_text,
    with_sender,
)
from chat4all.channels.splitting import Length, split_text
from chat4all.domain.media_types import media_type


@dataclass(frozen=True, slots=True)
class Attachment:
    """What a channel takes as one type of attachment."""

    max_bytes: int
    content_types: frozenset[str] | None = None
    """None: any that our kind of file has."""


@dataclass(frozen=True, slots=True)
class Takes:
    """What one of the two channels takes."""

    channel: str
    """Its name, as people know it."""
    text_max: int
    length: Length
    attachments: Mapping[str, Attachment]
    """By the API's types: image, video, audio, file."""


_TYPES: Mapping[str, tuple[str, ...]] = {
    "image": ("image", "file"),
    "sticker": ("image", "file"),
    "animation": ("image", "video", "file"),
    "video": ("video", "file"),
    "audio": ("audio", "file"),
    "voice": ("audio", "file"),
    "document": ("file",),
}
"""Types of attachment for our kinds of file, the best first."""
_PREFIXES = {"image": "image/", "video": "video/", "audio": "audio/", "file": ""}


def parts_of(message: Outgoing, takes: Takes) -> list[Part]:
    """Parts, at least one, always the same for the same message.

    Raises:
        NotSent: permanent, where it says nothing.
    """
    text = with_sender(message, _text_of(message))
    parts: list[Part] = [*_file(message.file, takes)] if message.file else []
    if text.strip():
        parts += [TextPart(part) for part in split_text(text, takes.text_max, takes.length)]
    if not parts:
        raise NotSent(Permanent(f"refused: {takes.channel} takes no empty message"))
    return parts


def _text_of(message: Outgoing) -> str:
    match message.type:
        case "location":
            at = message.content
            return place_text(LocationPart(at["latitude"], at["longitude"], at.get("name"), at.get("address")))
        case "contact":
            card = message.content
            return lines(card["name"], card.get("phone"), card.get("email"))
        case "text" | "file":
            return str(message.content or "")
    raise NotSent(Permanent(f"unsupported_type: a message of type {message.type} cannot be sent"))


def _file(file: OutgoingFile, takes: Takes) -> Iterator[Part]:
    """As the first type of attachment that takes it, else as a link."""
    content_type = media_type(file.content_type)
    reason = f"unsupported_media: {takes.channel} takes no {content_type}"
    for kind in _TYPES.get(file.kind, ("file",)):
        rule = takes.attachments[kind]
        if not content_type.startswith(_PREFIXES[kind]):
            continue
        if rule.content_types is not None and content_type not in rule.content_types:
            continue
        if file.size <= rule.max_bytes:
            yield MediaPart(file, kind)
            return
        reason = f"too_large: {takes.channel} takes {kind}s of at most {rule.max_bytes} bytes, and it has {file.size}"
    yield LinkPart(file, reason)
