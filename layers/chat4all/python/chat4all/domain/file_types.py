"""What the first bytes of a file tell of its type, and whether that contradicts what was said."""

import re

import filetype

from chat4all.domain.media_types import UNKNOWN

HEAD_BYTES = 8_192
"""So many first bytes are looked at: what filetype needs at most."""

_HTML = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|script|iframe)\b", re.IGNORECASE | re.DOTALL
)
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


def _alias(name: str) -> str:
    return _ALIASES.get(name, name)
