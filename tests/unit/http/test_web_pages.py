"""The function `pages`: types, policy, caching, and nothing outside its folder."""

import base64
import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

import pytest

from chat4all.web_pages import PAGES, page_policy
from tests.contract.handlers import FUNCTIONS, invoke, new_environments

SITE = FUNCTIONS / "pages" / "site"
PATHS = [path for path, name in PAGES.items() if (SITE / name).exists()]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@pytest.fixture(autouse=True)
def _deployed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """For signing only: nothing is called."""
    variables = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}
    for name, value in (
        variables | {"FILES_BUCKET": "files", "WEBSOCKET_URL": "wss://sockets.example.com/live"}
    ).items():
        monkeypatch.setenv(name, value)
    new_environments()
    yield
    new_environments()


def ask(path: str, method: str = "GET", **headers: str) -> Answer:
    http = {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "test"}
    asked = {name.replace("_", "-"): value for name, value in headers.items()}
    event = {
        "version": "2.0",
        "rawPath": path,
        "headers": asked,
        "requestContext": {"http": http, "requestId": "r", "stage": "$default"},
        "isBase64Encoded": False,
    }
    answer = invoke("pages", event)
    body = answer.get("body") or ""
    raw = base64.b64decode(body) if answer["isBase64Encoded"] else body.encode()
    return Answer(answer["statusCode"], answer["headers"], raw)


@pytest.mark.parametrize("path", PATHS)
def test_a_page_may_speak_to_the_api_to_its_sockets_and_to_s3_and_to_nothing_else(path: str) -> None:
    page = ask(path)
    assert (page.status, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    policy = dict(part.split(" ", 1) for part in page.headers["Content-Security-Policy"].split("; "))
    found = re.fullmatch(r"'self' (https?://[a-z0-9.:-]+) wss://sockets\.example\.com", policy["connect-src"])
    assert found, policy["connect-src"]
    assert policy["img-src"] == f"'self' data: blob: {found[1]}"
    assert policy["media-src"] == f"'self' blob: {found[1]}"
    assert policy["script-src"] == policy["style-src"] == policy["worker-src"] == "'self'"
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert b"<script>" not in page.body
    assert b" style=" not in page.body
    assert b"{version}" not in page.body


@pytest.mark.parametrize("path", PATHS)
def test_whatever_a_page_names_is_there_and_may_be_kept_for_ever(path: str) -> None:
    page = ask(path).body.decode()
    named = re.findall(r'(?:src|href)="(/pages/[^"]+)"', page)
    assert named
    for each in named:
        found = ask(each)
        assert (found.status, "immutable" in found.headers["Cache-Control"]) == (200, True), each


@pytest.mark.parametrize("path", PATHS)
def test_a_page_names_every_module_that_will_be_loaded(path: str) -> None:
    """Else a browser finds them one after the other, with a way there and back for each step of the graph."""
    page = ask(path).body.decode()
    named = set(re.findall(r'<link rel="modulepreload" href="([^"]+)">', page))
    scripts = re.findall(r'<script src="([^"]+)" type="module">', page)
    assert scripts
    for each in [*scripts, *named]:
        for specifier in re.findall(r'^(?:import|export) [^(;]*?"(\.[^"]+)"', ask(each).body.decode(), re.MULTILINE):
            assert urljoin(each, specifier) in {*named, *scripts}, (each, specifier)


def test_a_page_is_told_what_it_speaks_to_by_the_name_by_which_it_was_asked_for() -> None:
    told = ask("/pages/settings.json", host="chat.example.com", x_forwarded_proto="https")
    assert (told.status, told.headers["Content-Type"], told.headers["Cache-Control"]) == (
        200,
        "application/json",
        "no-cache",
    )
    assert json.loads(told.body) == {
        "api_url": "https://chat.example.com",
        "websocket_url": "wss://sockets.example.com/live",
        "sign_in": {},
    }


def test_a_page_is_told_of_providers_where_a_sign_in_comes_back_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "PUBLIC_URL": "https://api.example.com",
        "SIGN_IN_ORIGINS": "https://chat.example.com,*",
        "GITHUB_CLIENT_ID": "Iv1.x",
    }.items():
        monkeypatch.setenv(name, value)
    new_environments()
    told = {
        host: json.loads(ask("/pages/settings.json", host=host, x_forwarded_proto="https").body)["sign_in"]
        for host in ("api.example.com", "chat.example.com", "other.example.com")
    }
    begins = {"github": "https://api.example.com/auth/github/login"}
    assert told == {"api.example.com": begins, "chat.example.com": begins, "other.example.com": {}}


def test_who_comes_without_a_path_finds_the_chat() -> None:
    answer = ask("/")
    assert (answer.status, answer.headers["Location"]) == (302, "/chat")


def test_a_file_is_sent_again_only_when_it_has_changed() -> None:
    first = ask("/pages/chat4all/index.js")
    assert first.headers["Cache-Control"] == "no-cache"
    again = ask("/pages/chat4all/index.js", if_none_match=f'"other", {first.headers["ETag"]}')
    assert (again.status, again.body, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert ask("/pages/chat4all/index.js", if_none_match='"other"').status == 200


def test_a_page_from_before_a_deployment_still_finds_its_files() -> None:
    found = ask("/pages/0123456789ab/chat4all/digest_worker.js")
    assert (found.status, found.headers["Cache-Control"]) == (200, "no-cache")


def test_what_gains_by_it_is_compressed_for_those_who_take_it() -> None:
    plain = (SITE / "chat4all/upload.js").read_bytes()
    compressed = ask("/pages/chat4all/upload.js", accept_encoding="br, gzip;q=0.8")
    assert compressed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(compressed.body) == plain
    assert len(compressed.body) < len(plain) / 2
    for refused in ("", "br", "gzip;q=0"):
        assert ask("/pages/chat4all/upload.js", accept_encoding=refused).body == plain


def test_a_head_has_everything_but_the_body() -> None:
    head, got = ask("/upload", "HEAD"), ask("/upload")
    assert head.headers.pop("traceparent") != got.headers.pop("traceparent")
    assert (head.status, head.headers, head.body) == (200, got.headers, b"")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_pages_can_only_be_read(method: str) -> None:
    for path in ("/", *PATHS, "/pages/chat4all/index.js", "/pages/settings.json"):
        answer = ask(path, method)
        assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    "name",
    [
        "nothing.js", "chat4all", "chat4all/", "../app.py", "%2e%2e/app.py", "..%2fapp.py", "/etc/passwd",
        "chat4all/../../app.py", "chat4all/vendor/hash-wasm/LICENSE", "app.py", "0123456789ab/app.py", "ã.js", "a" * 3000,
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_found(name: str) -> None:
    answer = ask(f"/pages/{name}")
    assert (answer.status, answer.headers["Content-Type"]) == (404, "application/problem+json")


def test_only_the_worker_may_compile() -> None:
    assert "wasm" not in ask("/upload").headers["Content-Security-Policy"]
    worker = ask("/pages/chat4all/digest_worker.js")
    assert worker.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert "'wasm-unsafe-eval'" in worker.headers["Content-Security-Policy"]


def test_a_deployment_without_sockets_names_none() -> None:
    assert "connect-src 'self' https://s3.example.com; " in page_policy("https://s3.example.com", "")
