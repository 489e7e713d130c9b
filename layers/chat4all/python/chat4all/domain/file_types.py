"""What the first bytes of a file tell of its type, and whether that contradicts what was said."""

import re
from collections.abc import Mapping

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
    "application/x-gzip": "application/gzip",
    "application/x-rar-compressed": "application/vnd.rar",
    "application/vnd.sqlite3": "application/x-sqlite3",
    "audio/x-matroska": "video/x-matroska",
}
_EXACT = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "application/pdf"})
"""Types that always begin in the same way: what is said to be one and does not begin so, is none."""
_EBML, _ZIP, _OLE = b"\x1a\x45\xdf\xa3", b"PK", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BEGINNINGS: Mapping[str, tuple[bytes, ...]] = {
    "application/epub+zip": (_ZIP,),
    "application/gzip": (b"\x1f\x8b",),
    "application/vnd.oasis.opendocument.": (_ZIP,),
    "application/vnd.openxmlformats-officedocument.": (_ZIP, _OLE),  # OLE where it is encrypted
    "application/vnd.rar": (b"Rar!\x1a\x07",),
    "application/x-7z-compressed": (b"7z\xbc\xaf\x27\x1c",),
    "application/x-sqlite3": (b"SQLite format 3\0",),
    "application/x-xz": (b"\xfd7zXZ\0",),
    "audio/webm": (_EBML,),
    "font/woff": (b"wOF",),
    "video/webm": (_EBML,),
    "video/x-matroska": (_EBML,),
}
"""Types (or the beginnings of their names) of which filetype does not know every form, but which all begin so. Of a zip only
the first letters: an empty or a cut one goes on in another way. Left out is what may have anything before it, such as a zip."""
_PACKED = (
    b"PK\x03\x04",
    b"\x1f\x8b\x08",
    *(_BEGINNINGS[t][0] for t in ("application/vnd.rar", "application/x-7z-compressed")),
)
"""Archives that begin with bytes which no text has."""
_NEVER_PACKED = re.compile(r"audio/|video/|text/|image/(bmp|tiff|heic|heif|avif|jxl)$")
"""Of images SVG, EMF and OpenRaster may be."""
_RUNNING: Mapping[bytes, str] = {
    b"\xfe\xed\xfa\xce": "application/x-mach-binary",
    b"\xfe\xed\xfa\xcf": "application/x-mach-binary",
    b"\xce\xfa\xed\xfe": "application/x-mach-binary",
    b"\xcf\xfa\xed\xfe": "application/x-mach-binary",
    b"\xca\xfe\xba\xbe": "application/java-vm",
    b"L\0\0\0\x01\x14\x02\0": "application/x-ms-shortcut",
}
"""What runs and filetype does not know."""
_RUNS = frozenset(
    {"application/x-msdownload", "application/x-executable", "application/x-shockwave-flash", *_RUNNING.values()}
)
_RUNS_TOO = re.compile(
    r"application/(x-)?(ms-?dos(-program|-executable)?|dosexec|exe|elf|sharedlib|pie-executable|object|"
    r"vnd\.microsoft\.portable-executable|java(-vm|-class)?|vnd\.adobe\.flash\.movie|mach-binary|ms-shortcut)"
)
"""Other names of the same."""


def found_type(head: bytes) -> str | None:
    """The type that the first bytes tell; None where they tell nothing."""
    if _HTML.match(head):
        return "text/html"
    running = next((name for first, name in _RUNNING.items() if head.startswith(first)), None)
    guess = None if running is not None else filetype.guess(head)
    return running if guess is None else _alias(guess.mime)


def contradiction(declared: str, head: bytes) -> str | None:
    """What is wrong with calling these bytes `declared` (of media_type); None where it may be so.

    Containers (zip, mp4, ogg) hold many types, so of them only the family is compared.
    """
    found = found_type(head)
    if declared == UNKNOWN or found == _alias(declared):
        return None
    if _alias(declared) in _EXACT or not _begins_as(_alias(declared), head):
        return f"the bytes are {found or 'no such thing'}, not {declared}"
    if found in _EXACT or _runs_as_another(declared, found):
        return f"the bytes are {found}, not {declared}"
    if head.startswith(_PACKED) and _NEVER_PACKED.match(declared):
        return f"the bytes are an archive, not {declared}"
    return None


def settled_type(declared: str, head: bytes) -> str:
    """What to call bytes that nobody answers for: as declared, unless they contradict it or nothing was declared."""
    if declared == UNKNOWN or contradiction(declared, head) is not None:
        return found_type(head) or UNKNOWN
    return declared


def _begins_as(declared: str, head: bytes) -> bool:
    return all(head.startswith(firsts) for name, firsts in _BEGINNINGS.items() if declared.startswith(name))


def _runs_as_another(declared: str, found: str | None) -> bool:
    if found == "text/html":
        return not declared.startswith(("text/", "application/xhtml"))
    return found in _RUNS and declared not in _RUNS and not _RUNS_TOO.fullmatch(declared)


def _alias(name: str) -> str:
    return _ALIASES.get(name, name)
