"""Names of files: as people see them, and in the header that a download carries."""

import unicodedata
from urllib.parse import quote

import regex

from chat4all.domain.one_line import one_line

NAME_MAX = 200
"""Characters. With 55 to spare for what a program adds, such as (1): most file systems end at 255 bytes or units."""
_EXTENSION_MAX = 16


def display_name(name: str | None, otherwise: str = "file") -> str:
    """`name` without folders, and as one line; `otherwise` where nothing is left."""
    last = (name or "").replace("\\", "/").rstrip("/").rpartition("/")[2]
    shown = one_line(unicodedata.normalize("NFC", last)).strip(". ")
    return _shortened(shown) or otherwise


def content_disposition(name: str, *, inline: bool) -> str:
    """Value of the header (RFC 6266): the name in ASCII for old programs, and as it is (RFC 8187)."""
    ascii_name = "".join(c if " " <= c <= "~" and c not in '"\\%;' else "_" for c in name)
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}"


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
