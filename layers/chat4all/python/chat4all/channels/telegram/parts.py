"""A message of ours as the parts that Telegram takes (core.telegram.org/bots/api, "Sending files" and each method). Pure."""

from collections.abc import Mapping, Sequence
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
from chat4all.channels.splitting import split_text, utf16_length
from chat4all.channels.telegram.limits import (
    ALBUM_MAX,
    CAPTION_MAX,
    MB,
    PHOTO_MAX,
    STICKER_MAX,
    TEXT_MAX,
    UPLOAD_MAX_MB,
)
from chat4all.domain.media_types import media_type

_NATIVE: Mapping[str, tuple[str, frozenset[str]]] = {
    "image": ("photo", frozenset({"image/jpeg", "image/png", "image/webp"})),
    "video": ("video", frozenset({"video/mp4"})),
    "audio": ("audio", frozenset({"audio/mpeg", "audio/mp4", "audio/m4a", "audio/x-m4a"})),
    "voice": ("voice", frozenset({"audio/ogg", "audio/mpeg", "audio/mp4", "audio/m4a", "audio/x-m4a"})),
    "animation": ("animation", frozenset({"image/gif", "video/mp4"})),
    "sticker": ("sticker", frozenset(STICKER_MAX)),
}
"""Kind of a file: (send<Kind>, content types that it takes). Everything else goes as a document."""
_ALBUMS = {"photo": "seen", "video": "seen", "audio": "audio", "document": "document"}
"""What may be together in an album: "documents and audio files can be only grouped with messages of the same type"; nothing else
at all (sendMediaGroup)."""


def parts_of(message: Outgoing) -> list[Part]:
    """Parts, always the same for the same message and settings; what a part cannot say goes before or after it as text.

    Raises:
        NotSent: permanent, where there is nothing that could be sent.
    """
    content = message.content
    match message.type:
        case "text":
            return _texts(with_sender(message, content))
        case "location":
            return [*_texts(with_sender(message, "")), *_location(content)]
        case "contact":
            return _contact(message)
        case "file" if message.files:
            return _files(message)
    raise NotSent(Permanent(f"unsupported_type: Telegram cannot be sent a message of type {message.type}"))


def _location(content: Mapping[str, Any]) -> list[Part]:
    """A venue needs both name and address (sendVenue)."""
    latitude, longitude = content["latitude"], content["longitude"]
    name, address = content.get("name"), content.get("address")
    if name and address:
        return [LocationPart(latitude, longitude, name, address)]
    return [LocationPart(latitude, longitude), *_texts(name or address or "")]


def _contact(message: Outgoing) -> list[Part]:
    """sendContact needs a number; it has no field for an address."""
    content = message.content
    name, phone, email = content["name"], content.get("phone"), content.get("email")
    if not phone:
        return _texts(with_sender(message, lines(name, email)))
    return [*_texts(with_sender(message, "")), ContactPart(name, phone), *_texts(email or "")]


def _files(message: Outgoing) -> list[Part]:
    """The caption is the first file's; what that cannot carry stands before it, and what is too long behind all."""
    most_mb = int((message.settings or {}).get("upload_max_mb") or UPLOAD_MAX_MB)
    said = with_sender(message, message.content or "")
    first, *more = (_file(file, most_mb) for file in message.files)
    if isinstance(first, LinkPart) or first.kind == "sticker":
        return [*_texts(said), *_in_albums([first, *more], most_mb * MB)]
    if utf16_length(said) > CAPTION_MAX:
        return [*_in_albums([first, *more], most_mb * MB), *_texts(said)]
    return _in_albums([replace(first, caption=said), *more], most_mb * MB)


def _file(file: OutgoingFile, most_mb: int) -> MediaPart | LinkPart:
    refusal = _refusal(file, most_mb)
    return LinkPart(file, refusal) if refusal is not None else MediaPart(file, _kind(file))


def _in_albums(parts: Sequence[MediaPart | LinkPart], most_bytes: int) -> list[Part]:
    """Neighbours that may be in one album (sendMediaGroup) and are no more than one upload together, by number from 1."""
    found: list[Part] = []
    album: list[MediaPart] = []
    number = 0
    for part in [*parts, None]:
        is_next = isinstance(part, MediaPart) and _fits(album, part, most_bytes)
        if not is_next:
            number += len(album) > 1
            found += [replace(one, album=number) for one in album] if len(album) > 1 else album
            album = []
        if isinstance(part, MediaPart):
            album.append(part)
        elif part is not None:
            found.append(part)
    return found


def _fits(album: Sequence[MediaPart], part: MediaPart, most_bytes: int) -> bool:
    sort = _ALBUMS.get(part.kind)
    if not album:
        return True
    size = sum(one.file.size for one in album) + part.file.size
    return sort is not None and sort == _ALBUMS.get(album[0].kind) and len(album) < ALBUM_MAX and size <= most_bytes


def _refusal(file: OutgoingFile, most_mb: int) -> str | None:
    """Why it cannot be uploaded."""
    if file.size > most_mb * MB:
        return f"too_large: Telegram takes files of at most {most_mb} MB"
    if file.size == 0:
        return "empty: Telegram takes no empty files"
    return None


def _kind(file: OutgoingFile) -> str:
    content_type = media_type(file.content_type)
    kind = "animation" if file.kind == "image" and content_type == "image/gif" else file.kind
    native, content_types = _NATIVE.get(kind, ("document", frozenset()))
    if content_type not in content_types:
        return "document"
    most = {"photo": PHOTO_MAX, "sticker": STICKER_MAX.get(content_type, 0)}.get(native)
    return native if most is None or file.size <= most else "document"


def _texts(text: str) -> list[Part]:
    return [TextPart(part) for part in split_text(text, TEXT_MAX, utf16_length)] if text else []
