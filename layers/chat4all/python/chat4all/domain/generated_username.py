"""Usernames for those who come by a provider and have chosen none."""

import re
import unicodedata
from collections.abc import Callable, Iterator

_MOST = 23
"""Of 32, so that eight more and a dash fit."""
_LEAST = 3
_ATTEMPTS = (0, 4, 6, 8, 8)
"""Characters of chance after the name, by the attempt."""


def usernames(name: str | None, chance: Callable[[int], str]) -> Iterator[str]:
    """Names to be tried, one after the other: what the person is called, then the same with so many characters of `chance`."""
    base = _word(name or "")
    for length in _ATTEMPTS:
        if length:
            yield f"{base}-{chance(length)}"
        elif base != _NOBODY:
            yield base


_NOBODY = "user"


def _word(name: str) -> str:
    """What a username may have of it (domain.user): letters without their accents."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    word = re.sub(r"[^A-Za-z0-9_.]+", "-", plain)[:_MOST].strip("-._").lower()
    return word if len(word) >= _LEAST else _NOBODY
