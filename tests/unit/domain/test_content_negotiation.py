"""What browsers and other clients ask for."""

import pytest

from chat4all.domain.content_negotiation import language, wants_page

CHROMIUM = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "is_page"),
    [
        (CHROMIUM, True),
        ("text/html", True),
        ("TEXT/HTML ; q=0.1", True),
        ("*/*", False),
        ("image/avif,image/webp,image/*,*/*;q=0.8", False),
        ("text/html;q=0,*/*", False),
        ("text/html;q=much", False),
        ("text/*", False),
        ("", False),
        (None, False),
    ],
)
def test_who_names_html_gets_a_page(accept: str | None, is_page: bool) -> None:
    assert wants_page(accept) is is_page


@pytest.mark.parametrize(
    ("said", "chosen"),
    [
        ("pt-BR,pt;q=0.9,en-US;q=0.8,en;q=0.7", "pt"),
        ("en-GB,en;q=0.9,pt;q=0.8", "en"),
        ("de,pt;q=0.5,en;q=0.4", "pt"),
        ("en;q=0,pt;q=0.1", "pt"),
        ("de, fr;q=0.9", "en"),
        ("pt;q=x, en;q=0.1", "en"),
        (";;,=,\x00", "en"),
        ("*", "en"),
        (None, "en"),
    ],
)
def test_the_language_that_is_liked_best_of_those_that_there_are(said: str | None, chosen: str) -> None:
    assert language(said, ("en", "pt")) == chosen
