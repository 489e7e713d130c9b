"""The function `reference`: the document, and two pages that load nothing from elsewhere."""

import json
import re
from pathlib import Path

import pytest

from chat4all.errors import MethodNotAllowed, NotFound
from chat4all.reference_pages import FILES, PATHS, ReferencePages

SITE = Path(__file__).resolve().parents[3] / "functions/reference/site"
PAGES = ReferencePages(SITE)
_ADDRESSES = re.compile(r'(?:src|href)="([^"]+)"')


def test_the_document_is_the_one_of_the_repository_and_readable_from_anywhere() -> None:
    answer = PAGES.answer("GET", PATHS["/openapi.json"], {})
    assert answer.body is not None
    assert json.loads(answer.body)["openapi"].startswith("3.1")
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_a_page_loads_files_of_its_own_beside_it(path: str) -> None:
    answer = PAGES.answer("GET", PATHS[path], {})
    page = answer.body.decode() if isinstance(answer.body, bytes) else str(answer.body)
    loaded = [address for address in _ADDRESSES.findall(page) if address != "openapi.json"]
    assert len(loaded) >= 4
    for address in loaded:
        file = PAGES.answer("GET", address.removeprefix(FILES[1:]), {})
        assert "immutable" in str(file.headers["Cache-Control"])
    assert "<script>" not in page


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_a_page_runs_its_own_scripts_only(path: str) -> None:
    policy = str(PAGES.answer("GET", PATHS[path], {}).headers["Content-Security-Policy"])
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == "'self'"
    assert "http" not in policy


def test_only_reading_and_only_what_is_there() -> None:
    with pytest.raises(MethodNotAllowed):
        PAGES.answer("POST", "docs.html", {})
    for name in ("app.py", "../app.py", "vendor/README.md", "nothing.js"):
        with pytest.raises(NotFound):
            PAGES.answer("GET", name, {})
