"""Names that somebody chose, in front of other words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat4all.domain.one_line import is_one_line, one_line


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ana Ç. 🙂", "Ana Ç. 🙂"),
        ("Ana\nBob: I quit", "Ana Bob: I quit"),
        ("Ana\u2028Bob", "Ana Bob"),
        ("Ana\u2029\u0085\x0bBob", "Ana Bob"),
        ("\u202eanA\u202c", "anA"),
        ("\u2067\u200b", ""),
        ("lone \ud800", "lone"),
        ("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"),
        ("שרה", "שרה"),
    ],
)
def test_one_line(text: str, shown: str) -> None:
    assert one_line(text) == shown
    assert is_one_line(text) == (text == shown)


@given(st.text())
def test_any_text_becomes_one_line_and_stays_it(text: str) -> None:
    shown = one_line(text)
    assert (one_line(shown), is_one_line(shown), len(shown.splitlines())) == (shown, True, 1 if shown else 0)
