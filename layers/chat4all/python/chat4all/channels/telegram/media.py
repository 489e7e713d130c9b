"""Which file a message carries (core.telegram.org/bots/api#message). Pure."""

from collections.abc import Mapping
from typing import Any

from chat4all.channels.inbound import Media
from chat4all.channels.telegram.values import count_of, text_of

Document = Mapping[str, Any]
_STICKERS = {"is_animated": "application/x-tgsticker", "is_video": "video/webm"}
_KINDS = {
    # An animation carries `document` as well, for older clients, so it comes first.
    "animation": ("animation", None),
    "video": ("video", None),
    "video_note": ("video", "video/mp4"),
    "audio": ("audio", None),
    "voice": ("voice", None),
    "sticker": ("sticker", "image/webp"),
    "document": ("document", None),
}
"""Field of the message: (our kind, content type where the field does not say)."""


def media_of(message: Document) -> Media | None:
    """The file, by the id for getFile; of a photo its largest size. None where there is none.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: it is not of the shape that the Bot API gives.
    """
    if "live_photo" in message:  # Also `photo`, for older clients: its still picture.
        return _photo(message.get("photo") or message["live_photo"]["photo"])
    if "photo" in message:
        return _photo(message["photo"])
    for field, (kind, content_type) in _KINDS.items():
        if field in message:
            return _file(message[field], kind, _sticker_type(message[field]) if kind == "sticker" else content_type)
    return None


def _photo(sizes: Any) -> Media:
    largest = max(sizes, key=lambda size: int(size["width"]) * int(size["height"]))
    return _file(largest, "image", "image/jpeg")  # Telegram turns every photo into JPEG.


def _sticker_type(sticker: Document) -> str:
    return next((named for flag, named in _STICKERS.items() if sticker.get(flag)), "image/webp")


def _file(file: Document, kind: str, content_type: str | None) -> Media:
    size = file.get("file_size")
    return Media(
        kind,
        id=text_of(file["file_id"]),
        content_type=text_of(file["mime_type"]) if "mime_type" in file else content_type,
        filename=text_of(file["file_name"]) if "file_name" in file else None,
        size=count_of(size) if size is not None else None,
    )
