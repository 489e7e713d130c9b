"""Names of files: as people see them, and in the header that a download carries."""

import unicodedata
from collections.abc import Callable
from urllib.parse import quote

import regex

from chat4all.domain.one_line import one_line

NAME_MAX = 200
"""Characters."""
SAVED_MAX = 220
"""Bytes in UTF-8 of the name under which a file is saved. Linux ends at 255, and browsers add something, such as (1) and
.crdownload: with a longer name Chromium saves nothing at all (tried with 404 bytes)."""
_EXTENSION_MAX = 16


def display_name(name: str | None, otherwise: str = "file") -> str:
    """`name` without folders, and as one line; `otherwise` where nothing is left."""
    last = (name or "").replace("\\", "/").rstrip("/").rpartition("/")[2]
    shown = one_line(unicodedata.normalize("NFC", last)).strip(". ")
    return _shortened(shown, NAME_MAX) or otherwise


def content_disposition(name: str, *, inline: bool) -> str:
    """Value of the header (RFC 6266): the name in ASCII for old programs, and as it is (RFC 8187)."""
    saved = _shortened(name, SAVED_MAX, lambda text: len(text.encode()))
    ascii_name = "".join(c if " " <= c <= "~" and c not in '"\\%;' else "_" for c in saved)
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(saved, safe='')}"


def _shortened(name: str, most: int, size: Callable[[str], int] = len) -> str:
    """`name` of at most this size: whole characters as people see them, and the extension."""
    if size(name) <= most:
        return name
    stem, dot, extension = name.rpartition(".")
    end = dot + extension if stem and 0 < len(extension) <= _EXTENSION_MAX else ""
    room, kept = most - size(end), ""
    for grapheme in regex.findall(r"\X", stem if end else name):
        if size(kept + grapheme) > room:
            break
        kept += grapheme
    return kept.rstrip(". ") + end
