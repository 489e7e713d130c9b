import base64
import json
from pathlib import Path
from typing import Any

import pytest

from local.http_api.event_v1 import build_event_v1
from local.http_api.event_v2 import build_event_v2
from tests.unit.http_api.conftest import MakeExchange, make_request

FIXTURES = Path(__file__).parents[2] / "fixtures" / "api_gateway"
NOT_HERE = {"authentication"}
"""Mutual TLS is not served on loopback."""


def load(name: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((FIXTURES / f"{name}.json").read_text())
    return event


def rebuild(exchange: MakeExchange, real: dict[str, Any]) -> dict[str, Any]:
    """The event this gateway makes of the request that the real event tells of."""
    http = real["requestContext"]["http"]
    headers = [(name.lower(), value) for name, value in real["headers"].items()]
    headers.append(("user-agent", http["userAgent"]))
    if real.get("cookies"):
        headers.append(("cookie", "; ".join(real["cookies"])))
    if "body" in real:
        headers.append(("content-type", "application/json"))
    jwt = real["requestContext"].get("authorizer", {}).get("jwt")
    return build_event_v2(
        exchange(
            make_request(http["method"], real["rawPath"], real["rawQueryString"], headers),
            real["routeKey"],
            real.get("pathParameters"),
            real.get("stageVariables"),
            received_ms=real["requestContext"]["timeEpoch"],
            body=real.get("body", "").encode(),
            claims=jwt["claims"] if jwt else None,
            scopes=tuple(jwt["scopes"]) if jwt else None,
        )
    )


@pytest.mark.parametrize(
    "name",
    [
        "go-apigw-v2-request-jwt-authorizer",
        "go-apigw-v2-request-no-authorizer",
        "pt-apiGatewayProxyV2Event",
        "pt-apiGatewayProxyV2EventPathTrailingSlash",
    ],
)
def test_an_event_has_the_shape_of_the_real_one(exchange: MakeExchange, name: str) -> None:
    real = load(name)
    ours = rebuild(exchange, real)
    assert ours.keys() == real.keys()
    assert ours["requestContext"].keys() == real["requestContext"].keys() - NOT_HERE
    assert ours["requestContext"]["http"].keys() == real["requestContext"]["http"].keys()
    assert ours["requestContext"].get("authorizer") == real["requestContext"].get("authorizer")
    for key in ours.keys() - {"headers", "requestContext"}:
        assert ours[key] == real[key], key


def test_repeated_headers_and_parameters_are_folded_and_cookies_move(exchange: MakeExchange) -> None:
    headers = [("x-a", "1"), ("cookie", "a=1; b=2"), ("x-a", "2"), ("cookie", "c=3"), ("connection", "keep-alive")]
    event = build_event_v2(exchange(make_request(query="q=1&q=2&empty=&plus=a+b%2C", headers=headers)))
    assert event["headers"]["x-a"] == "1,2"
    assert event["cookies"] == ["a=1", "b=2", "c=3"]
    assert not {"cookie", "connection"} & event["headers"].keys()
    assert event["queryStringParameters"] == {"q": "1,2", "empty": "", "plus": "a b,"}
    assert event["rawQueryString"] == "q=1&q=2&empty=&plus=a+b%2C"


@pytest.mark.parametrize(
    ("content_type", "body", "is_text"),
    [
        ("application/json", b"{}", True),
        ("Application/JSON; charset=utf-8", b"{}", True),
        ("text/plain", "ü".encode(), True),
        ("text/plain", b"\xff", False),
        ("application/graphql", b"q", True),
        ("application/x-www-form-urlencoded", b"a=b", False),
        ("application/problem+json", b"{}", False),
        ("image/png", b"\x89PNG", False),
        (None, b"{}", False),
    ],
)
def test_only_the_listed_types_are_text(
    exchange: MakeExchange, content_type: str | None, body: bytes, is_text: bool
) -> None:
    headers = [("content-type", content_type)] if content_type else []
    event = build_event_v2(exchange(make_request("POST", headers=headers), body=body))
    assert event["isBase64Encoded"] is not is_text
    assert event["body"] == (body.decode() if is_text else base64.b64encode(body).decode())


@pytest.mark.parametrize(
    ("path", "raw_path"), [("/a%20b", "/a b"), ("/a%3Fb=1", "/a"), ("/%F0%9F%98%80", "/😀"), ("/a//b/", "/a//b/")]
)
def test_raw_path_is_decoded(exchange: MakeExchange, path: str, raw_path: str) -> None:
    assert build_event_v2(exchange(make_request(path=path)))["rawPath"] == raw_path


def test_claims_are_texts(exchange: MakeExchange) -> None:
    claims = {"sub": "u", "exp": 1795237412, "admin": True, "groups": ["a", "b"], "address": {"city": "X"}}
    event = build_event_v2(exchange(claims=claims))
    assert event["requestContext"]["authorizer"]["jwt"] == {
        "claims": {"sub": "u", "exp": "1795237412", "admin": "true", "groups": "[a b]", "address": "map[city:X]"},
        "scopes": None,
    }


def test_payload_1_0_has_multi_value_maps_and_nulls(exchange: MakeExchange) -> None:
    request = make_request("GET", "/x/1", "q=1&q=2", [("x-a", "1"), ("x-a", "2"), ("cookie", "a=1")])
    event = build_event_v1(exchange(request, "GET /x/{id}", {"id": "1"}))
    assert event["version"] == "1.0"
    assert (event["resource"], event["path"], event["httpMethod"]) == ("/x/{id}", "/x/1", "GET")
    assert event["multiValueHeaders"]["x-a"] == ["1", "2"]
    assert event["headers"]["x-a"] == "2"
    assert event["headers"]["cookie"] == "a=1"
    assert event["multiValueQueryStringParameters"] == {"q": ["1", "2"]}
    assert event["queryStringParameters"] == {"q": "2"}
    assert event["pathParameters"] == {"id": "1"}
    assert (event["body"], event["stageVariables"], event["requestContext"]["authorizer"]) == (None, None, None)
    assert event["requestContext"]["identity"]["sourceIp"] == "127.0.0.1"
