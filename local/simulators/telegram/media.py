"""Media of a message: what a file becomes when a bot or a person sends it (core.telegram.org/bots/api#sending-files).

Media as stored: {kind, file, mime, name, size, width?, height?, duration?, title?, performer?, emoji?}, and of a photo
also `sizes: [{file, width, height, size}]`, smallest first, the last of which is the photo itself.
"""

import mimetypes
from typing import Any

from local.simulators.telegram.file_store import FileStore, file_id
from local.simulators.telegram.images import photo_sizes

KINDS = ("photo", "video", "audio", "voice", "document", "animation", "sticker", "video_note")
_DETAILS: dict[str, tuple[str, ...]] = {
    "video": ("duration", "width", "height"),
    "animation": ("duration", "width", "height"),
    "audio": ("duration", "title", "performer"),
    "voice": ("duration",),
    "video_note": ("duration", "length"),
    "sticker": ("width", "height", "emoji"),
}
_NEEDED = ("duration", "width", "height", "length")


def sniffed(data: bytes) -> str:
    """MIME type by the first bytes; empty where they say nothing."""
    for start, mime in (
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"GIF8", "image/gif"),
        (b"OggS", "audio/ogg"),
        (b"ID3", "audio/mpeg"),
        (b"\xff\xfb", "audio/mpeg"),
        (b"\xff\xf3", "audio/mpeg"),
        (b"%PDF-", "application/pdf"),
        (b"PK\x03\x04", "application/zip"),
        (b"\x1aE\xdf\xa3", "video/webm"),
        (b"\x1f\x8b", "application/x-tgsticker"),
    ):
        if data.startswith(start):
            return mime
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp":
        return "audio/mp4" if data[8:11] == b"M4A" else "video/mp4"
    return ""


_FITS = {
    "video": ("video/mp4",),
    "animation": ("image/gif", "video/mp4"),
    "audio": ("audio/mpeg", "audio/mp4"),
    "voice": ("audio/ogg", "audio/mpeg", "audio/mp4"),
    "video_note": ("video/mp4",),
    "sticker": ("image/webp", "application/x-tgsticker", "video/webm"),
}


def make_media(files: FileStore, kind: str, data: bytes, name: str, details: dict[str, Any]) -> dict[str, Any]:
    """Keep a file as media of a kind; raises PhotoRefusedError.

    What a kind cannot be in (a video other than MPEG4, a voice other than OGG, MP3 and M4A) arrives as a document.
    """
    if kind == "photo":
        return _photo(files, data, name)
    mime = sniffed(data)
    if kind in _FITS and mime not in _FITS[kind]:
        kind = "document"
    mime = mime or mimetypes.guess_type(name)[0] or "application/octet-stream"
    row = files.add(kind, data, mime, name)
    media: dict[str, Any] = {"kind": kind, "file": row["id"], "mime": mime, "name": name, "size": len(data)}
    for detail in _DETAILS.get(kind, ()):
        if detail in details or detail in _NEEDED:
            media[detail] = details.get(detail, 512 if kind == "sticker" else 0)
    files.set_media(row["id"], media)
    return media


def _photo(files: FileStore, data: bytes, name: str) -> dict[str, Any]:
    sizes = []
    for size in photo_sizes(data):
        row = files.add("photo", size.data, "image/jpeg", name)
        sizes.append({"file": row["id"], "width": size.width, "height": size.height, "size": len(size.data)})
    media = {"kind": "photo", **sizes[-1], "mime": "image/jpeg", "name": name, "sizes": sizes}
    for one in sizes:
        files.set_media(one["file"], media)
    return media


def media_object(media: dict[str, Any], bot_id: int) -> dict[str, Any]:
    """Fields of the Message object: {photo: [...]}, {video: {...}}, and so on."""
    kind = media["kind"]
    if kind == "photo":
        return {"photo": [_file(one, "photo", bot_id) | _size(one) for one in media["sizes"]]}
    document = _file(media, kind, bot_id)
    document |= {name: media[name] for name in _DETAILS.get(kind, ()) if name in media}
    if kind == "sticker":
        document |= {
            "type": "regular",
            "is_animated": media["mime"] == "application/x-tgsticker",
            "is_video": media["mime"] == "video/webm",
        }
        return {"sticker": document}
    if kind != "video_note":
        document["mime_type"] = media["mime"]
    if kind in ("document", "video", "audio", "animation") and media["name"]:
        document["file_name"] = media["name"]
    if kind == "animation":  # For clients from before animations, the Bot API says it twice.
        plain = {name: document[name] for name in document if name not in _DETAILS["animation"]}
        return {"animation": document, "document": plain}
    return {kind: document}


def _file(one: dict[str, Any], kind: str, bot_id: int) -> dict[str, Any]:
    return {
        "file_id": file_id(bot_id, kind, one["file"]),
        "file_unique_id": one["file"],
        "file_size": one["size"],
    }


def _size(one: dict[str, Any]) -> dict[str, Any]:
    return {"width": one["width"], "height": one["height"]}
