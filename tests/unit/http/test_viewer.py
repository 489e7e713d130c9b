"""Whose address it is that a request comes from."""

from typing import Any

import pytest

from chat4all import config
from chat4all.http.api import Api
from chat4all.http.viewer import viewer_address
from tests.contract.handlers import Context

SECRET = "Zm9vYmFyYmF6"


@pytest.mark.parametrize(
    ("headers", "secret", "found"),
    [
        ({"x-origin-verify": SECRET, "true-client-ip": "2001:db8::7"}, SECRET, "2001:db8::7"),
        ({"x-origin-verify": SECRET}, SECRET, "192.0.2.1"),
        ({"true-client-ip": "2001:db8::7"}, SECRET, "192.0.2.1"),
        ({"x-origin-verify": "", "true-client-ip": "2001:db8::7"}, SECRET, "192.0.2.1"),
        ({"x-origin-verify": "wrong ã", "true-client-ip": "2001:db8::7"}, SECRET, "192.0.2.1"),
        ({"x-origin-verify": f"{SECRET},{SECRET}", "true-client-ip": "2001:db8::7"}, SECRET, "192.0.2.1"),
        ({"x-origin-verify": "", "true-client-ip": "2001:db8::7"}, "", "192.0.2.1"),
    ],
)
def test_only_cloudfront_is_believed(headers: dict[str, str], secret: str, found: str) -> None:
    assert viewer_address("192.0.2.1", headers, secret) == found


def test_limits_and_the_audit_log_have_the_client_s_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDGE_SECRET", SECRET)
    config.settings.cache_clear()
    api = Api("test")
    seen: list[Any] = []

    @api.get("/x")
    def look() -> dict[str, str]:
        seen.extend([api.source_ip, api.origin.source_address])
        return {}

    http = {"method": "GET", "path": "/x", "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "test"}
    event = {
        "version": "2.0", "rawPath": "/x", "requestContext": {"http": http, "requestId": "r", "stage": "$default"},
        "headers": {"x-origin-verify": SECRET, "true-client-ip": "203.0.113.9"}, "isBase64Encoded": False,
    }  # fmt: skip
    try:
        assert api.handle(event, Context())["statusCode"] == 200
    finally:
        monkeypatch.undo()
        config.settings.cache_clear()
    assert seen == ["203.0.113.9", "203.0.113.9"]
