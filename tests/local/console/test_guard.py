"""Who may ask the console, and what its answers tell the browser."""

import http.client

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from tests.local.console.served import Served

pytestmark = pytest.mark.engines

PATH = "/api/functions/shop-EchoFunction/invocations"
JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize("path", ["/", "/api/stack", "/console/main.js", "/phones"])
def test_another_name_of_the_host_is_refused(console: Served, path: str) -> None:
    status, body = console.send("GET", path, headers={"Host": f"evil.example:{console.endpoints.console_port}"})
    assert status == 421
    assert "evil.example" in body["error"]


@pytest.mark.parametrize(
    "headers",
    [
        JSON,
        JSON | {"Origin": "https://evil.example"},
        JSON | {"Origin": "null"},
        JSON | {"Sec-Fetch-Site": "cross-site"},
        JSON | {"Sec-Fetch-Site": "same-site"},
        JSON | {"Sec-Fetch-Site": "none"},
        JSON | {"Origin": "http://127.0.0.1:1", "Sec-Fetch-Site": "same-origin"},
    ],
)
def test_another_origin_changes_nothing(console: Served, headers: dict[str, str]) -> None:
    before = console.get("/api/invocations?text=from-elsewhere")["items"]
    status, body = console.send("POST", PATH, {"event": {"body": "from-elsewhere"}}, headers)
    assert (status, before) == (403, [])
    assert body["error"]
    assert console.get("/api/invocations?text=from-elsewhere")["items"] == []


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_only_json_changes_something(console: Served, content_type: str) -> None:
    headers = {"Origin": console.origin} | ({"Content-Type": content_type} if content_type else {})
    status, body = console.send("POST", PATH, {"event": {}}, headers)
    assert status == 415
    assert "application/json" in body["error"]


def test_the_fetch_metadata_of_an_own_page_is_enough(console: Served) -> None:
    assert console.send("POST", PATH, {"event": {}}, JSON | {"Sec-Fetch-Site": "same-origin"})[0] == 200


def test_a_page_of_another_site_reads_nothing(console: Served) -> None:
    assert console.send("GET", "/api/stack", headers={"Sec-Fetch-Site": "cross-site"})[0] == 403
    address = f"ws://{console.endpoints.host}:{console.endpoints.console_port}/api/live"
    for origin in ("https://evil.example", None):
        with pytest.raises(InvalidStatus, match="403"):
            connect(address, origin=None if origin is None else Origin(origin))


@pytest.mark.parametrize("path", ["/", "/functions/x", "/console/main.js", "/api/stack", "/phones"])
def test_every_answer_has_a_strict_policy_and_no_cors(console: Served, path: str) -> None:
    connection = http.client.HTTPConnection(console.endpoints.host, console.endpoints.console_port, timeout=30)
    connection.request("GET", path, headers={"Origin": console.origin})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    assert answer.status == 200
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert not [name for name in answer.headers if name.lower().startswith("access-control-")]
    assert "<style" not in text
    assert " style=" not in text
    assert "http://" not in text or path in ("/api/stack", "/console/main.js")
