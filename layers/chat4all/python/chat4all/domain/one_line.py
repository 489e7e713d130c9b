"""Names that somebody chose, as they may stand in front of other words: one line, in the direction that it seems to have."""

import unicodedata

_UNSEEN = frozenset("\u061c\u200b\u200e\u200f\ufeff")
"""Marks of direction, and spaces without width. Joiners stay: scripts and emoji need them."""
_BREAKS = frozenset({"Cc", "Zl", "Zp"})


def one_line(text: str) -> str:
    """`text` without line breaks, control characters and what hides its true order (such as U+202E); may be empty.

    Unicode Technical Report 36, section 2.1: characters that change the direction make "gpj.exe" look like "exe.jpg".
    """
    return " ".join("".join(_shown(character) for character in text).split())


def is_one_line(text: str) -> bool:
    """Whether `one_line` would leave out nothing of it but spaces."""
    return all(_shown(character) == character for character in text)


def _shown(character: str) -> str:
    category = unicodedata.category(character)
    if category in _BREAKS:
        return " "
    is_bidi = "\u202a" <= character <= "\u202e" or "\u2066" <= character <= "\u2069"
    return "" if is_bidi or character in _UNSEEN or category == "Cs" else character
