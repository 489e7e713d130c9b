"""The edge of HTTP functions: every error is a problem document."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from pynamodb.exceptions import GetError

from chat4all.http.api import Api
from chat4all.validation import Input
from tests.contract.handlers import Context


class Body(Input):
    name: str


def answer(api: Api, **event: Any) -> tuple[int, dict[str, Any], dict[str, str]]:
    http = {"method": "POST", "path": "/x", "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "test"}
    base = {"version": "2.0", "rawPath": "/x", "headers": {}, "requestContext": {"http": http, "stage": "$default"}}
    given = api.handle(base | {"isBase64Encoded": False} | event, Context())
    return given["statusCode"], json.loads(given["body"]), given["headers"]


def failing(error: Exception) -> Api:
    api = Api("test")

    @api.post("/x")
    def fail() -> None:
        raise error

    return api


def refused(code: str) -> GetError:
    return GetError("get", ClientError({"Error": {"Code": code, "Message": "m"}}, "GetItem"))


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (GetError("get", EndpointConnectionError(endpoint_url="http://x")), 503, "unavailable"),
        (refused("ThrottlingException"), 503, "unavailable"),
        (refused("ValidationException"), 500, "internal"),
        (KeyError("a bug"), 500, "internal"),
    ],
)
def test_storage_that_does_not_answer_is_told_from_a_mistake_of_ours(error: Exception, status: int, code: str) -> None:
    got, problem, headers = answer(failing(error))
    assert (got, problem["code"], problem["status"]) == (status, code, status)
    assert ("Retry-After" in headers) == (status == 503)
    assert str(error) not in problem["detail"]


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"body": ""},
        {"body": "{"},
        {"body": "null"},
        {"body": "NaN"},
        {"body": "//4A", "isBase64Encoded": True},
        {"body": "\ud800"},
        {"body": "[" * 100_000},
    ],
)
def test_a_body_that_is_no_json_object_is_said_to_be_none(event: dict[str, Any]) -> None:
    api = Api("test")

    @api.post("/x")
    def read() -> dict[str, str]:
        return {"name": api.body(Body).name}

    status, problem, headers = answer(api, **event)
    assert (status, problem["code"], problem["instance"]) == (400, "invalid_json", "/x")
    assert headers["Content-Type"] == "application/problem+json"


def test_an_unknown_path_and_a_missing_caller() -> None:
    api = Api("test")

    @api.post("/x")
    def who() -> dict[str, str]:
        return {"caller": api.caller()}

    status, problem, headers = answer(api)
    assert (status, problem["code"], headers["WWW-Authenticate"]) == (401, "unauthenticated", "Bearer")
    status, problem, _ = answer(api, rawPath="/y")
    assert (status, problem["code"]) == (404, "not_found")
