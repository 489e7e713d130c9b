"""Names of files, for people and for headers."""

from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat4all.domain.file_names import NAME_MAX, SAVED_MAX, content_disposition, display_name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("cv.pdf", "cv.pdf"),
        ("/etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("folder/", "folder"),
        ("a\r\nX-Evil: 1.txt", "a X-Evil: 1.txt"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("\u2067x\u2069.txt\u200f", "x.txt"),
        ("zero\u200bwidth.txt", "zerowidth.txt"),
        ("\x00\x1f", "file"),
        ("...", "file"),
        ("", "file"),
        (None, "file"),
        (".profile", "profile"),
        ("lone \ud800.txt", "lone .txt"),
        ("e\u0301.txt", "é.txt"),
        ("👩\u200d👩\u200d👧.png", "👩\u200d👩\u200d👧.png"),
        ("שלום.docx", "שלום.docx"),
    ],
)
def test_a_name_is_what_people_see(name: str | None, shown: str) -> None:
    assert display_name(name) == shown


def test_long_names_keep_their_extension_and_whole_letters() -> None:
    assert display_name("x" * 300 + ".pdf") == "x" * 196 + ".pdf"
    family = "👩\u200d👩\u200d👧"
    name = display_name(family * 100 + ".png")
    assert name == family * (196 // len(family)) + ".png"
    assert display_name("x." + "y" * 300) == ("x." + "y" * 300)[:NAME_MAX]


@settings(deadline=None)
@given(st.text(max_size=400))
def test_any_name_is_short_safe_and_stays_as_it_is(name: str) -> None:
    shown = display_name(name)
    assert 0 < len(shown) <= NAME_MAX
    assert not set(shown) & set("/\\\r\n\x00\u202e")
    assert display_name(shown) == shown
    header = content_disposition(shown, inline=False)
    assert header.isascii()
    assert header.isprintable()


def test_the_header_has_the_name_twice() -> None:
    """RFC 6266, section 5: `filename*` is taken by those who know it."""
    assert content_disposition('né"w;.txt', inline=True) == (
        "inline; filename=\"n__w_.txt\"; filename*=UTF-8''n%C3%A9%22w%3B.txt"
    )


@pytest.mark.parametrize("letter", ["x", "é", "写", "👩‍👩‍👧"])
def test_it_is_saved_under_a_name_that_file_systems_take(letter: str) -> None:
    header = content_disposition(display_name(letter * 300 + ".pdf"), inline=False)
    saved = unquote(header.partition("; filename*=UTF-8''")[2])
    assert len(saved.encode()) <= SAVED_MAX
    assert saved.removesuffix(".pdf") == letter * ((len(saved) - 4) // len(letter))
