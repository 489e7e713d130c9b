import json
from typing import Any

import pytest

from local.function_answer import MalformedAnswer
from local.http_api.function_response import interpret


def respond(answer: Any, version: str = "2.0") -> tuple[int, list[tuple[str, str]], bytes]:
    response = interpret(json.dumps(answer).encode(), version)
    return response.status, response.headers, response.body


JSON = [("content-type", "application/json")]
TEXT = [("content-type", "text/plain;charset=UTF-8")]


@pytest.mark.parametrize(
    ("answer", "status", "headers", "body"),
    [
        ("Hello from Lambda!", 200, JSON, b"Hello from Lambda!"),
        ({"message": "hi"}, 200, JSON, b'{"message": "hi"}'),
        ([1, 2], 200, JSON, b"[1, 2]"),
        ("half a pair: \ud800", 200, JSON, b"half a pair: ?"),
        (None, 200, JSON, b"null"),
        (float("nan"), 200, JSON, b"NaN"),
        ({"statusCode": 200, "body": "half: \ud800"}, 200, TEXT, b"half: ?"),
        ({"statusCode": 201}, 201, [], b""),
        ({"statusCode": "204"}, 204, [], b""),
        ({"statusCode": 200, "body": "x"}, 200, TEXT, b"x"),
        ({"statusCode": 200, "body": "eA==", "isBase64Encoded": True}, 200, TEXT, b"x"),
        ({"statusCode": 200, "headers": {"X-N": 1, "X-B": True}}, 200, [("x-n", "1"), ("x-b", "true")], b""),
        ({"statusCode": 200, "headers": {"Content-Length": "9", "connection": "x"}}, 200, [], b""),
        ({"statusCode": 200, "cookies": ["a=1", "b=2"]}, 200, [("set-cookie", "a=1"), ("set-cookie", "b=2")], b""),
    ],
)
def test_format_2_0(answer: Any, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
    assert respond(answer) == (status, headers, body)


@pytest.mark.parametrize(
    "answer",
    [
        {"statusCode": "abc"},
        {"statusCode": 99},
        {"statusCode": 101},
        {"statusCode": 600},
        {"statusCode": True},
        {"statusCode": None},
        {"statusCode": 200, "body": {"a": 1}},
        {"statusCode": 200, "body": "%", "isBase64Encoded": True},
        {"statusCode": 200, "headers": []},
        {"statusCode": 200, "headers": {"a": {}}},
        {"statusCode": 200, "headers": {"a": "x\r\nset-cookie: y"}},
        {"statusCode": 200, "headers": {"a b": "x"}},
        {"statusCode": 200, "headers": {"": "x"}},
        {"statusCode": 200, "cookies": "a=1"},
        {"statusCode": 200, "cookies": ["a=1\nx: y"]},
    ],
)
def test_malformed_answers_are_refused(answer: Any) -> None:
    with pytest.raises(MalformedAnswer):
        respond(answer)


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(MalformedAnswer, match="JSON"):
        interpret(b"{", "2.0")


def test_format_1_0_needs_a_status_and_has_multi_value_headers() -> None:
    answer = {"statusCode": 200, "headers": {"A": "1", "b": "2"}, "multiValueHeaders": {"a": ["3", "4"]}}
    assert respond(answer, "1.0") == (200, [("b", "2"), ("a", "3"), ("a", "4")], b"")
    with pytest.raises(MalformedAnswer, match="statusCode"):
        respond({"message": "hi"}, "1.0")


def test_an_answer_that_is_nested_too_deeply() -> None:
    with pytest.raises(MalformedAnswer, match="no JSON"):
        interpret(b"[" * 100_000, "2.0")
