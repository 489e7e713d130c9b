"""Text cut to fit a channel's limit, which each counts in its own unit."""

from collections.abc import Callable, Iterator

import regex

Length = Callable[[str], int]
"""A unit of length: `characters`, `utf16_length` or `utf8_length`. Of a joined text it is the sum of its pieces'."""
_GRAPHEME = regex.compile(r"\X")


def characters(text: str) -> int:
    """Length in Unicode code points."""
    return len(text)


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units: characters beyond the first plane count twice."""
    return len(text) + sum(1 for character in text if character > "\uffff")


def utf8_length(text: str) -> int:
    """Length in bytes of UTF-8."""
    return len(text.encode(errors="surrogatepass"))


def split_text(text: str, limit: int, length: Length = characters) -> list[str]:
    """Parts of at most `limit` units which joined are `text`: cut behind a line, else a word, never in a grapheme.

    Parts of white space alone are left out, because providers refuse them (of white space alone, the first stays).
    A grapheme longer than `limit` is cut between its code points. `limit` is at least 4 (a code point of UTF-8).
    """
    if length(text) <= limit:
        return [text]
    parts = list(_parts(text, limit, length))
    return [part for part in parts if part.strip()] or parts[:1]


def shortened(text: str, limit: int, length: Length = characters) -> str:
    """`text`, or as many of its graphemes as fit with an ellipsis at the end."""
    if length(text) <= limit:
        return text
    first = next(_parts(text, limit - length("…"), length))
    return f"{first.rstrip()}…"


def _parts(text: str, limit: int, length: Length) -> Iterator[str]:
    graphemes: list[str] = []
    total = 0
    for grapheme in _units(text, limit, length):
        size = length(grapheme)
        while total + size > limit:
            end = _cut(graphemes)
            yield "".join(graphemes[:end])
            graphemes = graphemes[end:]
            total = sum(map(length, graphemes))
        graphemes.append(grapheme)
        total += size
    yield "".join(graphemes)


def _cut(graphemes: list[str]) -> int:
    """Where to cut: behind the last line break, else the last space, of the second half."""
    for is_break in (lambda g: "\n" in g, str.isspace):
        for end in range(len(graphemes), len(graphemes) // 2, -1):
            if is_break(graphemes[end - 1]):
                return end
    return len(graphemes)


def _units(text: str, limit: int, length: Length) -> Iterator[str]:
    """Graphemes; code points of one that is too long by itself."""
    for found in _GRAPHEME.finditer(text):
        grapheme = found.group()
        if length(grapheme) > limit:
            yield from grapheme
        else:
            yield grapheme
