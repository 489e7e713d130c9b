"""Which files a channel takes, by kind: types and sizes in bytes.

Sources: providers.md; WhatsApp, "Supported media types" (.../cloud-api/reference/media); Instagram, "Send a message", table of
media; Messenger, "Send API": 25 MB (providers.md: unverified).
"""

from dataclasses import dataclass

MB = 1024 * 1024
_OFFICE = "application/vnd.openxmlformats-officedocument."


@dataclass(frozen=True, slots=True)
class Limit:
    """`types` are exact, or a beginning that ends with "/"."""

    types: tuple[str, ...]
    size: int

    def takes(self, mime_type: str) -> bool:
        return any(mime_type == one or (one.endswith("/") and mime_type.startswith(one)) for one in self.types)


_DOCUMENTS = (
    *(
        "text/plain",
        "application/pdf",
        "application/msword",
        "application/vnd.ms-excel",
        "application/vnd.ms-powerpoint",
    ),
    *(_OFFICE + kind for kind in ("wordprocessingml.document", "presentationml.presentation", "spreadsheetml.sheet")),
)
WHATSAPP: dict[str, Limit] = {
    "audio": Limit(("audio/aac", "audio/mp4", "audio/mpeg", "audio/amr", "audio/ogg", "audio/opus"), 16 * MB),
    "document": Limit(_DOCUMENTS, 100 * MB),
    "image": Limit(("image/jpeg", "image/png"), 5 * MB),
    "sticker": Limit(("image/webp",), 500 * 1024),
    "video": Limit(("video/mp4", "video/3gpp"), 16 * MB),
}
STILL_STICKER = 100 * 1024
MESSENGER: dict[str, Limit] = {
    "audio": Limit(("audio/", "video/mp4"), 25 * MB),
    "file": Limit(("application/", "text/", "image/", "audio/", "video/"), 25 * MB),
    "image": Limit(("image/jpeg", "image/png", "image/gif", "image/webp"), 25 * MB),
    "video": Limit(("video/",), 25 * MB),
}
INSTAGRAM: dict[str, Limit] = {
    "audio": Limit(
        ("audio/aac", "audio/x-m4a", "audio/m4a", "audio/wav", "audio/x-wav", "audio/mp4", "video/mp4"), 25 * MB
    ),
    "file": Limit(("application/pdf",), 25 * MB),
    "image": Limit(("image/png", "image/jpeg", "image/gif"), 8 * MB),
    "video": Limit(("video/mp4", "video/ogg", "video/x-msvideo", "video/quicktime", "video/webm"), 25 * MB),
}


def problem(limits: dict[str, Limit], kind: str, mime_type: str, data: bytes) -> str | None:
    """Why the file cannot go as `kind`; None where it can."""
    limit = limits[kind]
    if not limit.takes(mime_type):
        return f"{mime_type} is not supported as {kind}; supported are {', '.join(limit.types)}"
    most = limit.size
    if kind == "sticker" and not animated(data):
        most = STILL_STICKER
    if len(data) > most:
        return f"the file has {len(data)} bytes; {kind} may have at most {most}"
    return None


def animated(webp: bytes) -> bool:
    """Whether a WebP has the flag of animations (developers.google.com/speed/webp/docs/riff_container, VP8X)."""
    return webp[12:16] == b"VP8X" and len(webp) > 20 and bool(webp[20] & 0x02)
