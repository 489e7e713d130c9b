"""The page of a shared file: sizes in words, hostile names, and a policy that fits its style."""

import base64
import hashlib
import re
from typing import Any

import pytest

from chat4all.shared_file_page import file_page, gone_page, policy, size_text


def shown(**other: Any) -> dict[str, Any]:
    return {"filename": "sea.jpg", "content_type": "image/jpeg", "size": 1234, "thumbnail_url": None} | other


@pytest.mark.parametrize(
    ("size", "english", "portuguese"),
    [
        (1, "1 B", "1 B"),
        (999, "999 B", "999 B"),
        (1000, "1.0 kB", "1,0 kB"),
        (123_456, "123 kB", "123 kB"),
        (999_999, "1.0 MB", "1,0 MB"),
        (2_147_483_648, "2.1 GB", "2,1 GB"),
        (5 * 2**40, "5.5 TB", "5,5 TB"),
        (10**16, "10000 TB", "10000 TB"),
    ],
)
def test_sizes(size: int, english: str, portuguese: str) -> None:
    assert (size_text(size, "en"), size_text(size, "pt")) == (english, portuguese)


def test_it_speaks_both_languages_and_says_which() -> None:
    page, language = file_page(shown(), "pt-BR,pt;q=0.9")
    assert language == "pt"
    assert '<html lang="pt-BR">' in page
    assert ">Baixar</a>" in page
    assert "Imagem · 1,2 kB" in page
    page, language = file_page(shown(), "fr")
    assert ('<html lang="en">' in page, language, "Image · 1.2 kB" in page) == (True, "en", True)
    assert "não está disponível" in gone_page("pt")[0]


@pytest.mark.parametrize(
    "name",
    ["<script>alert(1)</script>.png", '"><img src=x onerror=alert(1)>', "$download ${style} $$.txt", "a&b'c.pdf"],
)
def test_a_name_is_shown_and_not_run(name: str) -> None:
    page = file_page(shown(filename=name, content_type=name, thumbnail_url=f"https://s3.example/{name}?a=1&b=2"), None)[
        0
    ]
    assert not re.search(r"<(script|img src=x)", page)
    assert page.count("<img ") == 1
    assert page.count("<h1>") == 1


def test_a_file_without_a_thumbnail_shows_its_extension_and_an_image_its_thumbnail() -> None:
    assert '<span class="sheet" aria-hidden="true">PDF</span>' in file_page(shown(filename="price list.pdf"), None)[0]
    assert '<span class="sheet" aria-hidden="true"></span>' in file_page(shown(filename="no extension"), None)[0]
    assert '<img src="https://s3/t?a&amp;b" alt="">' in file_page(shown(thumbnail_url="https://s3/t?a&b"), None)[0]


def test_the_policy_lets_the_page_have_its_style_and_nothing_else() -> None:
    (style,) = re.findall(r"<style>(.*)</style>", gone_page(None)[0], re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy("https://s3.example") == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src https://s3.example; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
