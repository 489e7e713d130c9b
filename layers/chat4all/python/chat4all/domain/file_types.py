"""Types of files: what a few first bytes tell, whether that contradicts what was said, and what a browser may show."""

import re

import filetype

HEAD_BYTES = 8_192
"""So many first bytes are looked at: what filetype needs at most."""
KINDS = ("image", "video", "audio", "voice", "document", "sticker", "animation")
UNKNOWN = "application/octet-stream"

_NAME = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}")
"""RFC 6838, section 4.2."""
_HTML = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|script|iframe)\b", re.IGNORECASE | re.DOTALL
)
_SAFE_TO_SHOW = frozenset(
    {"image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", "image/heic", "application/pdf", "text/plain"}
)
"""Beside audio and video: what a browser shows without running what somebody wrote (an SVG image has scripts)."""
_ALIASES = {
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/apng": "image/png",
    "audio/mp3": "audio/mpeg",
    "audio/opus": "audio/ogg",
    "audio/wav": "audio/x-wav",
    "audio/x-m4a": "audio/mp4",
    "audio/m4a": "audio/mp4",
    "video/x-m4v": "video/mp4",
}
_EXACT = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "application/pdf"})
"""Types that always begin in the same way: what is said to be one and does not begin so, is none."""
_RUNS = frozenset({"application/x-msdownload", "application/x-executable", "application/x-shockwave-flash"})
_FIT = {
    "image": {"image", "sticker", "animation", "document"},
    "video": {"video", "animation", "sticker", "document"},
    "audio": {"audio", "voice", "document"},
}


def media_type(text: str | None) -> str:
    """`type/subtype` in lower case without parameters; application/octet-stream where it is none."""
    name = (text or "").partition(";")[0].strip().lower()
    return name if _NAME.fullmatch(name) else UNKNOWN


def found_type(head: bytes) -> str | None:
    """The type that the first bytes tell; None where they tell nothing."""
    if _HTML.match(head):
        return "text/html"
    guess = filetype.guess(head)
    return None if guess is None else _alias(guess.mime)


def contradiction(declared: str, head: bytes) -> str | None:
    """What is wrong with calling these bytes `declared` (of media_type); None where it may be so.

    Containers (zip, mp4, ogg) hold many types, so of them only the family is compared.
    """
    found = found_type(head)
    if declared == UNKNOWN or found == _alias(declared):
        return None
    if _alias(declared) in _EXACT:
        return f"the bytes are {found or 'no such thing'}, not {declared}"
    family = declared.partition("/")[0]
    if found in _EXACT or found in _RUNS or (found == "text/html" and family != "text"):
        return f"the bytes are {found}, not {declared}"
    return None


def settled_type(declared: str, head: bytes) -> str:
    """What to call bytes that nobody answers for: as declared, unless they contradict it or nothing was declared."""
    if declared == UNKNOWN or contradiction(declared, head) is not None:
        return found_type(head) or UNKNOWN
    return declared


def kind_of(content_type: str) -> str:
    """How a file of this type is shown and sent where nobody says it."""
    if content_type == "image/gif":
        return "animation"
    family = content_type.partition("/")[0]
    return family if family in _FIT and content_type != "image/svg+xml" else "document"


def fitting_kind(kind: str, content_type: str) -> str:
    """`kind` where a file of this type can be it."""
    return kind if kind in _FIT.get(content_type.partition("/")[0], {"document"}) else kind_of(content_type)


def may_be_shown(content_type: str) -> bool:
    """Whether a browser may show it in place; everything else is offered for saving."""
    return content_type in _SAFE_TO_SHOW or content_type.startswith(("audio/", "video/"))


def _alias(name: str) -> str:
    return _ALIASES.get(name, name)
