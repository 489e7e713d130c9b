"""Text cut into parts by each unit of length: whole graphemes, nothing lost, nothing too long."""

import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st

from chat4all.channels.splitting import Length, characters, shortened, split_text, utf8_length, utf16_length

FAMILY = "👨‍👩‍👧‍👦"


@pytest.mark.parametrize(
    ("length", "text", "limit", "sizes"),
    [
        (characters, "😀" * 4096, 4096, [4096]),
        (characters, "😀" * 4097, 4096, [4096, 1]),
        (utf16_length, "😀" * 2049, 4096, [2048, 1]),
        (utf8_length, "é" * 500, 1000, [500]),
        (utf8_length, "é" * 501, 1000, [500, 1]),
        (utf8_length, "各" * 334, 1000, [333, 1]),
        (utf8_length, "x" * 999 + "é", 1000, [999, 1]),
    ],
)
def test_limits_by_unit(length: Length, text: str, limit: int, sizes: list[int]) -> None:
    parts = split_text(text, limit, length)
    assert [len(part) for part in parts] == sizes
    assert "".join(parts) == text


def test_lengths_of_a_family() -> None:
    assert (characters(FAMILY), utf16_length(FAMILY), utf8_length(FAMILY)) == (7, 11, 25)


def test_white_space_alone_stays_within_the_limit() -> None:
    assert split_text("\u3000" * 1000, 1000, utf8_length) == ["\u3000" * 333]


def test_behind_a_line_else_a_word() -> None:
    line, words = "a" * 3000 + "\n", "word " * 500
    assert split_text(line + words, 4096)[0] == line
    assert split_text(words * 2, 4096)[0].endswith("word ")


def test_shortened_never_in_a_grapheme() -> None:
    assert shortened("abc", 3) == "abc"
    assert shortened("abcd", 3) == "ab…"
    assert shortened("ab" + FAMILY + "c", 9) == "ab…"
    assert utf8_length(shortened("é" * 20, 21, utf8_length)) <= 21


PIECES = st.sampled_from(["a", " ", "\n", "é", "e\u0301", "😀", FAMILY, "🇩🇪", "नि", "\r\n", "各", "\u3000"])


@example("aa aa" + FAMILY, 25, utf8_length)
@given(
    st.lists(PIECES, max_size=60).map("".join),
    st.integers(25, 60),
    st.sampled_from([characters, utf16_length, utf8_length]),
)
def test_any_text(text: str, limit: int, length: Length) -> None:
    parts = split_text(text, limit, length)
    assert all(length(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
    kept, found = regex.findall(r"\X", text), [g for part in parts for g in regex.findall(r"\X", part)]
    assert [g for g in found if g.strip()] == [g for g in kept if g.strip()]
