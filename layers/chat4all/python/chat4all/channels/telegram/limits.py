"""Telegram's limits, and text cut to fit (core.telegram.org/bots/api#sendmessage)."""

from collections.abc import Iterator

import regex

TEXT_MAX = 4096
"""UTF-16 code units of one message."""
_GRAPHEME = regex.compile(r"\X")


def utf16_length(text: str) -> int:
    """Length as Telegram counts it."""
    return len(text) + sum(1 for character in text if character > "\uffff")


def split_text(text: str, limit: int = TEXT_MAX) -> list[str]:
    """Parts of at most `limit` units which joined are `text`: cut behind a line, else a word, never in a grapheme.

    Parts of white space alone are left out, because Telegram refuses them. A grapheme longer than `limit` is cut.
    """
    if utf16_length(text) <= limit:
        return [text]
    return [part for part in _parts(text, limit) if part.strip()] or [text[:limit]]


def _parts(text: str, limit: int) -> Iterator[str]:
    graphemes: list[str] = []
    length = 0
    for grapheme in _units(text, limit):
        size = utf16_length(grapheme)
        while length + size > limit:
            end = _cut(graphemes)
            yield "".join(graphemes[:end])
            graphemes = graphemes[end:]
            length = sum(map(utf16_length, graphemes))
        graphemes.append(grapheme)
        length += size
    yield "".join(graphemes)


def _cut(graphemes: list[str]) -> int:
    """Where to cut: behind the last line break, else the last space, of the second half."""
    for is_break in (lambda g: "\n" in g, str.isspace):
        for end in range(len(graphemes), len(graphemes) // 2, -1):
            if is_break(graphemes[end - 1]):
                return end
    return len(graphemes)


def _units(text: str, limit: int) -> Iterator[str]:
    """Graphemes; code points of one that is too long by itself."""
    for found in _GRAPHEME.finditer(text):
        grapheme = found.group()
        if utf16_length(grapheme) > limit:
            yield from grapheme
        else:
            yield grapheme
