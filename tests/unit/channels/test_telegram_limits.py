"""Text cut into parts: whole graphemes, nothing lost, nothing too long."""

import regex
from hypothesis import example, given
from hypothesis import strategies as st

from chat4all.channels.telegram.limits import TEXT_MAX, split_text, utf16_length

FAMILY = "👨‍👩‍👧‍👦"


def test_what_fits_is_one_part() -> None:
    assert split_text("x" * TEXT_MAX) == ["x" * TEXT_MAX]
    assert split_text("😀" * 2048) == ["😀" * 2048]


def test_cut_at_the_limit_in_utf16_units() -> None:
    assert [len(part) for part in split_text("x" * 4097)] == [4096, 1]
    assert [len(part) for part in split_text("😀" * 2049)] == [2048, 1]


def test_never_in_a_grapheme() -> None:
    parts = split_text("x" * 4090 + FAMILY * 3)
    assert parts == ["x" * 4090, FAMILY * 3]
    assert utf16_length(FAMILY) == 11


def test_behind_a_line_else_a_word() -> None:
    line, words = "a" * 3000 + "\n", "word " * 500
    assert split_text(line + words)[0] == line
    assert split_text(words * 2)[0].endswith("word ")


def test_a_grapheme_that_is_too_long_is_cut() -> None:
    monster = "e" + "\u0301" * 5000
    parts = split_text(monster)
    assert "".join(parts) == monster
    assert max(map(utf16_length, parts)) <= TEXT_MAX


def test_parts_of_white_space_are_left_out() -> None:
    assert [part.strip() for part in split_text("a" + " " * 9000 + "b")] == ["a", "b"]


PIECES = st.sampled_from(["a", " ", "\n", "é", "e\u0301", "😀", FAMILY, "🇩🇪", "नि", "\r\n", "各"])


@example("aa aa" + FAMILY, 12)
@given(st.lists(PIECES, max_size=60).map("".join), st.integers(12, 40))
def test_any_text(text: str, limit: int) -> None:
    parts = split_text(text, limit)
    assert all(utf16_length(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
    if utf16_length(text) > limit:
        assert all(part.strip() for part in parts) or not text.strip()
    if not any(g for g in regex.findall(r"\X", text) if utf16_length(g) > limit):
        kept = regex.findall(r"\X", text)
        found = [g for part in parts for g in regex.findall(r"\X", part)]
        assert [g for g in found if g.strip()] == [g for g in kept if g.strip()]
