"""The headers of every page and of each kind of answer of the API, as the functions give them to a deployment with HTTPS."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from chat4all.bootstrap import App
from chat4all.http.security_headers import HSTS
from tests.contract.handlers import invoke, new_environments

TABLE = [
    ("pages", "GET", "/chat", 200, "script-src 'self'"),
    ("pages", "GET", "/upload", 200, "script-src 'self'"),
    ("pages", "GET", "/", 302, "default-src 'none'"),
    ("pages", "GET", "/pages/page/base.css", 200, "default-src 'none'"),
    ("pages", "GET", "/pages/settings.json", 200, "default-src 'none'"),
    ("pages", "GET", "/pages/none.js", 404, "default-src 'none'"),
    ("pages", "POST", "/chat", 405, "default-src 'none'"),
    ("reference", "GET", "/docs", 200, "script-src 'self'"),
    ("reference", "GET", "/redoc", 200, "script-src 'self'"),
    ("reference", "GET", "/openapi.json", 200, "default-src 'none'"),
    ("files", "GET", "/files/0192f0c1-0000-7000-8000-0000000000aa/x", 404, "default-src 'none'"),
    ("users", "GET", "/v1/users/me", 401, "default-src 'none'"),
    ("users", "POST", "/v1/users", 400, "default-src 'none'"),
    ("tokens", "POST", "/auth/token", 400, "default-src 'none'"),
    ("discovery", "GET", "/.well-known/jwks.json", 200, "default-src 'none'"),
    (
        "telegram_webhook",
        "POST",
        "/channels/telegram/0192f0c1-0000-7000-8000-0000000000aa/webhook",
        404,
        "default-src 'none'",
    ),
    ("health", "GET", "/health/live", 200, "default-src 'none'"),
]


@pytest.fixture
def over_https(deployed: App, files_bucket: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("PUBLIC_URL", "https://hub.example.com")
    monkeypatch.setenv("FILES_BUCKET", files_bucket)
    new_environments()
    yield
    new_environments()


@pytest.mark.parametrize(("function", "method", "path", "status", "policy"), TABLE)
@pytest.mark.usefixtures("over_https")
def test_every_answer_says_what_browsers_may_do(
    function: str, method: str, path: str, status: int, policy: str
) -> None:
    accept = "text/html" if function == "files" else "*/*"
    answer = invoke(function, event(method, path, accept))
    headers = {name.lower(): value for name, value in answer["headers"].items()}
    assert answer["statusCode"] == status, answer
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["strict-transport-security"] == HSTS
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert policy in headers["content-security-policy"]
    is_page = headers.get("content-type", "").startswith("text/html")
    assert not is_page or "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe-inline" not in headers["content-security-policy"].partition("script-src")[2].partition(";")[0]
    assert headers["cache-control"]


def event(method: str, path: str, accept: str) -> dict[str, Any]:
    http = {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "test"}
    _, _, rest = path.partition("/channels/")
    parameters = {"pathParameters": {"account_id": rest.split("/")[1]}} if rest else {}
    return {
        "version": "2.0",
        "routeKey": f"{method} {path}",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"accept": accept, "content-type": "application/json", "host": "hub.example.com"},
        "requestContext": {"http": http, "requestId": "r", "stage": "$default"},
        "isBase64Encoded": False,
        "body": json.dumps({}) if method == "POST" else "",
    } | parameters
