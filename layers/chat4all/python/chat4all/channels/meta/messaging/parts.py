"""A message of ours as the parts that the Send API takes. Pure.

It has texts and attachments and nothing else: a location and a contact are said as a text, and so is a file's caption.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

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
    images_at_once: int
    """Of one message; no other type goes with others."""


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
    parts = _in_albums([_file(file, takes) for file in message.files], takes.images_at_once)
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


def _in_albums(parts: Sequence[MediaPart | LinkPart], most: int) -> list[Part]:
    """Images that stand together, by number from 1."""
    found: list[Part] = []
    number = 0
    for is_image, some in groupby(parts, lambda part: isinstance(part, MediaPart) and part.kind == "image"):
        run = list(some)
        for at in range(0, len(run), most):
            together = run[at : at + most]
            if is_image and len(together) > 1:
                number += 1
                found += [replace(part, album=number) for part in together if isinstance(part, MediaPart)]
            else:
                found += together
    return found


def _file(file: OutgoingFile, takes: Takes) -> MediaPart | LinkPart:
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
            return MediaPart(file, kind)
        reason = f"too_large: {takes.channel} takes {kind}s of at most {rule.max_bytes} bytes, and it has {file.size}"
    return LinkPart(file, reason)
