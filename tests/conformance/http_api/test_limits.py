"""Quotas of HTTP APIs, of Lambda behind them, and throttles."""

import http.client
import json
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.http_api.client import Answer, Api
from tests.conformance.http_api.conftest import Served, started
from tests.local.stack_process import StackProcess

TOO_LARGE = (413, '{"message":"Request Entity Too Large"}')
INTERNAL = (500, '{"message":"Internal Server Error"}')
UNAVAILABLE = (503, '{"message":"Service Unavailable"}')
WITHIN_S = 20
JSON_TYPE = {"content-type": "application/json"}
MB = 1024 * 1024


def until_written(file: Path) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not file.exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.statement("http.integration-timeout")
def test_an_integration_that_is_late_is_503_and_the_function_goes_on(plain: Api, tmp_path: Path) -> None:
    written = tmp_path / "written"
    assert plain.act("/quick", answer="warm").status in (200, 503)
    assert plain.act("/quick", nap=[1.0, str(written)]).shape == UNAVAILABLE
    assert not written.exists()
    until_written(written)


@pytest.mark.statement("http.throttled-function")
def test_a_function_without_free_concurrency_is_503(plain: Api, tmp_path: Path) -> None:
    began, written = tmp_path / "began", tmp_path / "written"
    first: list[Answer] = []

    def call() -> None:
        first.append(plain.act("/single", nap=[1.0, str(written), str(began)]))

    caller = threading.Thread(target=call)
    caller.start()
    until_written(began)
    second = plain.answers("x", "/single")
    in_time = not written.exists()
    caller.join()
    assert first[0].shape == (200, "slept")
    assert second.shape == UNAVAILABLE or not in_time


@pytest.mark.statement("http.payload-10-mb")
def test_over_10_mb_is_413_unread(plain: Api) -> None:
    head = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n"
    assert b"413 Request Entity Too Large\r\n" in plain.raw(head.format(10 * MB + 1).encode())
    assert b'{"message":"Request Entity Too Large"}' in plain.raw(head.format(10**12).encode(), b"x" * 1000)
    connection = http.client.HTTPConnection(plain.host, plain.port, timeout=30)
    pieces = (bytes(MB) for _ in range(11))
    connection.request("POST", "/echo", pieces, encode_chunked=True)
    assert connection.getresponse().status == 413
    connection.close()


@pytest.mark.statement("http.payload-6-mb")
def test_lambda_s_6_mb_come_first(plain: Api) -> None:
    """They are of the event, in which a body that is not text is a third larger."""
    assert plain.request("POST", "/act", bytes(4_800_000)).shape == TOO_LARGE
    assert plain.request("POST", "/act", b" " * 6_300_000, JSON_TYPE).shape == TOO_LARGE
    body = (
        json.dumps(
            {
                "answer": "ok",
            }
        ).encode()
        + b" " * 6_200_000
    )
    assert plain.request("POST", "/act", body, JSON_TYPE).shape == (200, "ok")


@pytest.mark.statement("http.response-6-mb")
def test_an_answer_over_6_mb_is_500(plain: Api) -> None:
    assert plain.act(fill=6 * MB + 100).shape == INTERNAL
    large = plain.act(fill=6_200_000)
    assert (large.status, len(large.body)) == (200, 6_200_000)


@pytest.mark.statement("http.headers-10240")
def test_headers_over_10_240_bytes_are_431(plain: Api) -> None:
    message = '{"message":"Request Header Fields Too Large"}'
    assert plain.get("/echo", {"x-a": "a" * 9_900}).status == 200
    assert plain.get("/echo", {"x-a": "a" * 10_240}).shape == (431, message)
    assert plain.get("/echo", {f"x-{number}": "a" * 100 for number in range(100)}).shape == (431, message)
    assert plain.get(f"/echo?{'a' * 10_240}").shape == (431, message)


def statuses(api: Api, target: str, count: int) -> Counter[int]:
    """Of requests that are sent all at once on one connection."""
    request = f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    last = f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
    found = re.findall(rb"HTTP/1.1 (\d{3}) ", api.raw(request * (count - 1) + last))
    assert len(found) == count
    return Counter(map(int, found))


@pytest.fixture
def frugal(tmp_path: Path) -> Iterator[Served]:
    """Four requests a second, two at once."""
    with started(tmp_path, "--setting=account.requests_per_s=4") as one:
        yield one


@pytest.mark.statement("http.account-throttle")
def test_the_account_s_throttle_is_shared_by_its_apis(frugal: Served) -> None:
    began = time.monotonic()
    found = statuses(frugal.plain, "/echo", 40) + statuses(frugal.named, "/live/echo", 40)
    passed = found[200]
    assert found.keys() == {200, 429}
    assert 1 <= passed <= 2 + 4 * (time.monotonic() - began) + 1
    deadline = time.monotonic() + WITHIN_S
    while (answer := frugal.strict.get("/nothing")).status == 429:
        assert answer.shape == (429, '{"message":"Too Many Requests"}')
        assert time.monotonic() < deadline


@pytest.mark.statement("http.account-quota")
def test_the_account_s_quota_is_that_of_aws(served: Served) -> None:
    """A burst of 5,000 passes; far more at once does not."""
    began = time.monotonic()
    found = statuses(served.named, "/nothing", 5_000)
    assert found[404] >= 4_900
    found = statuses(served.named, "/nothing", 60_000)
    elapsed = time.monotonic() - began
    if 5_000 + 10_000 * elapsed < 65_000:
        assert 429 in found
    assert found[404] <= 5_000 + 10_000 * elapsed


@pytest.mark.statement("http.route-throttle")
def test_routes_are_throttled_as_their_stage_says(named: Api) -> None:
    began = time.monotonic()
    found = statuses(named, "/live/rare", 40)
    assert found.keys() == {200, 429}
    assert 1 <= found[200] <= 2 + (time.monotonic() - began) + 1
    assert named.get("/live/never").shape == (429, '{"message":"Too Many Requests"}')
    assert named.get("/live/echo").status == 200


def write_template(folder: Path, routes: int) -> Path:
    operation = {"x-amazon-apigateway-integration": {
        "type": "aws_proxy", "httpMethod": "POST", "payloadFormatVersion": "2.0",
        "uri": {"Fn::Sub": "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${F.Arn}/invocations"},
    }}  # fmt: skip
    body = {"openapi": "3.0.1", "paths": {f"/{number}": {"get": operation} for number in range(routes)}}
    resources: dict[str, Any] = {
        "Api": {"Type": "AWS::Serverless::HttpApi", "Properties": {"DefinitionBody": body}},
        "F": {
            "Type": "AWS::Serverless::Function",
            "Properties": {"Runtime": "python3.12", "Handler": "app.handler", "CodeUri": "code/"},
        },
    }
    (folder / "code").mkdir()
    (folder / "code" / "app.py").write_text("def handler(event, _):\n    return event['routeKey']\n")
    template = folder / "template.json"
    template.write_text(json.dumps({"Transform": "AWS::Serverless-2016-10-31", "Resources": resources}))
    return template


@pytest.mark.statement("http.routes-300")
@pytest.mark.parametrize("routes", [300, 301])
def test_an_api_has_at_most_300_routes(tmp_path: Path, routes: int) -> None:
    process = StackProcess(write_template(tmp_path, routes), tmp_path / "data")
    try:
        process.start()
        if routes > 300:
            assert process.until_ended() == 1
            assert "the API has 301 routes, and API Gateway allows 300" in process.said()
        else:
            endpoints = process.until_ready()
            answer = Api(endpoints.host, endpoints.http_port).get("/299")
            assert answer.shape == (200, "GET /299")
    finally:
        process.close()
