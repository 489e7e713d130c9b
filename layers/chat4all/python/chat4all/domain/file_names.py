"""Names of files: as people see them, and in the header that a download carries."""

import unicodedata
from urllib.parse import quote

import regex

NAME_MAX = 200
"""Characters. With 55 to spare for what a program adds, such as (1): most file systems end at 255 bytes or units."""
_EXTENSION_MAX = 16
_UNSEEN = frozenset("\u061c\u200b\u200e\u200f\ufeff")
"""Marks of direction, and spaces without width. Joiners stay: scripts and emoji need them."""


def display_name(name: str | None, otherwise: str = "file") -> str:
    """`name` without folders, control characters and what hides its true end (such as U+202E); `otherwise` where nothing is left.

    Unicode Technical Report 36, section 2.1: characters that change the direction make "gpj.exe" look like "exe.jpg".
    """
    last = (name or "").replace("\\", "/").rstrip("/").rpartition("/")[2]
    shown = "".join(_shown(character) for character in unicodedata.normalize("NFC", last))
    shown = " ".join(shown.split()).strip(". ")
    return _shortened(shown) or otherwise


def content_disposition(name: str, *, inline: bool) -> str:
    """Value of the header (RFC 6266): the name in ASCII for old programs, and as it is (RFC 8187)."""
    ascii_name = "".join(c if " " <= c <= "~" and c not in '"\\%;' else "_" for c in name)
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}"


def _shown(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    is_bidi = "\u202a" <= character <= "\u202e" or "\u2066" <= character <= "\u2069"
    return "" if is_bidi or character in _UNSEEN or category == "Cs" else character


def _shortened(name: str) -> str:
    if len(name) <= NAME_MAX:
        return name
    stem, dot, extension = name.rpartition(".")
    end = dot + extension if stem and 0 < len(extension) <= _EXTENSION_MAX else ""
    room, kept = NAME_MAX - len(end), ""
    for grapheme in regex.findall(r"\X", stem if end else name):
        if len(kept) + len(grapheme) > room:
            break
        kept += grapheme
    return kept.rstrip(". ") + end
