"""The function `reference`: the document, and two pages that load nothing from elsewhere."""

import base64
import gzip
import json
import re
from typing import Any
from urllib.parse import urljoin

import pytest

from tests.contract.handlers import invoke

_ADDRESSES = re.compile(r'(?:src|href)="([^"]+)"')
PAGES = ("/docs", "/redoc")


def ask(path: str, method: str = "GET", **headers: str) -> dict[str, Any]:
    http = {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "test"}
    asked = {name.replace("_", "-"): value for name, value in headers.items()}
    context = {"http": http, "requestId": "r", "stage": "$default"}
    event = {"version": "2.0", "rawPath": path, "headers": asked, "requestContext": context}
    return dict(invoke("reference", event))


def body(answer: dict[str, Any]) -> bytes:
    text = str(answer.get("body") or "")
    return base64.b64decode(text) if answer["isBase64Encoded"] else text.encode()


@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_the_document_is_the_one_of_the_repository_and_readable_from_anywhere(encoding: str) -> None:
    answer = ask("/openapi.json", accept_encoding=encoding)
    assert answer["statusCode"] == 200
    read = gzip.decompress(body(answer)) if encoding else body(answer)
    assert json.loads(read)["openapi"].startswith("3.1")
    assert answer["headers"]["Content-Type"] == "application/json"
    assert answer["headers"]["Access-Control-Allow-Origin"] == "*"
    again = ask("/openapi.json", if_none_match=answer["headers"]["ETag"])
    assert again["statusCode"] == 304


@pytest.mark.parametrize("path", PAGES)
def test_a_page_loads_files_of_its_own_beside_it(path: str) -> None:
    answer = ask(path)
    page = body(answer).decode()
    loaded = [address for address in _ADDRESSES.findall(page) if address != "openapi.json"]
    assert len(loaded) >= 4
    for address in loaded:
        file = ask(urljoin(path, address))
        assert file["statusCode"] == 200, address
        assert "immutable" in file["headers"]["Cache-Control"]
    assert "<script>" not in page


@pytest.mark.parametrize("path", PAGES)
def test_a_page_runs_its_own_scripts_only(path: str) -> None:
    policy = ask(path)["headers"]["Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == "'self'"
    assert "http" not in policy


def test_only_reading_and_only_what_is_there() -> None:
    for path in (*PAGES, "/openapi.json", "/reference/docs.js"):
        assert ask(path, "POST")["statusCode"] == 405
        assert ask(path, "HEAD")["statusCode"] == 200
    for name in ("app.py", "../app.py", "vendor/README.md", "nothing.js"):
        assert ask(f"/reference/{name}")["statusCode"] == 404
