"""What a function's answer means to the client."""

import base64
import re
from typing import Any

import pytest

from tests.conformance.http_api.client import Api

INTERNAL = (500, '{"message":"Internal Server Error"}')


@pytest.mark.statement("http.response-inferred")
@pytest.mark.parametrize(
    ("answer", "body"),
    [
        ({"a": [1, None]}, '{"a": [1, null]}'),
        ({}, "{}"),
        ([1, 2], "[1, 2]"),
        ("hello", "hello"),
        (None, "null"),
        (7, "7"),
        (True, "true"),
        ({"body": "x", "headers": {"x-a": "1"}}, '{"body": "x", "headers": {"x-a": "1"}}'),
    ],
)
def test_without_a_status_code_it_is_200_and_json(plain: Api, answer: Any, body: str) -> None:
    response = plain.answers(answer)
    assert response.shape == (200, body)
    assert response.header("content-type") == "application/json"
    assert response.header("x-a") is None


@pytest.mark.statement("http.response-2")
def test_a_whole_answer_is_given_as_it_is(plain: Api) -> None:
    headers = {
        "X-Number": 7,
        "x-true": True,
        "x-text": "a, b",
        "X-None": None,
        "Content-Type": "text/css",
        "x-float": 1.5,
    }
    response = plain.answers({"statusCode": 201, "headers": headers, "body": "a{}"})
    assert response.shape == (201, "a{}")
    found = {
        name: response.header(name) for name in ("x-number", "x-true", "x-text", "x-none", "content-type", "x-float")
    }
    assert found == {
        "x-number": "7", "x-true": "true", "x-text": "a, b", "x-none": None, "content-type": "text/css", "x-float": "1.5"
    }  # fmt: skip
    bare = plain.answers({"statusCode": 200, "body": "grün"})
    assert (bare.body.decode(), bare.header("content-type")) == ("grün", "text/plain;charset=UTF-8")
    assert plain.answers({"statusCode": 200}).shape == (200, "")


@pytest.mark.statement("http.function-error")
def test_text_that_has_no_utf_8_cannot_be_returned(plain: Api) -> None:
    """Lambda's runtime cannot marshal it."""
    assert plain.answers({"statusCode": 200, "headers": {"x-a": "a\ud800"}}).shape == INTERNAL
    assert plain.answers({"statusCode": 200, "body": "b\ud800"}).shape == INTERNAL


@pytest.mark.statement("http.status-as-text")
def test_a_status_code_may_be_a_text(plain: Api) -> None:
    assert plain.answers({"statusCode": "404", "body": "x"}).shape == (404, "x")


@pytest.mark.statement("http.cookies-out")
def test_each_cookie_is_one_header(plain: Api) -> None:
    cookies = ["a=1; Path=/; HttpOnly", "b=2; Expires=Wed, 21 Oct 2026 07:28:00 GMT"]
    assert plain.answers({"statusCode": 200, "cookies": cookies}).all("set-cookie") == cookies


@pytest.mark.statement("http.binary-out")
def test_base64_is_decoded_on_its_way_out(plain: Api) -> None:
    every_byte = bytes(range(256))
    response = plain.answers(
        {"statusCode": 200, "body": base64.b64encode(every_byte).decode(), "isBase64Encoded": True}
    )
    assert response.body == every_byte
    assert response.header("content-length") == "256"
    same = plain.answers({"statusCode": 200, "body": "aGk=", "isBase64Encoded": False})
    assert same.body == b"aGk="


@pytest.mark.statement("http.malformed-answer")
@pytest.mark.parametrize(
    "answer",
    [
        {"statusCode": 200, "body": {"a": 1}},
        {"statusCode": 200, "body": 7},
        {"statusCode": "ok"},
        {"statusCode": None},
        {"statusCode": 99},
        {"statusCode": 600},
        {"statusCode": 200, "headers": ["a"]},
        {"statusCode": 200, "headers": {"x-a": {"b": 1}}},
        {"statusCode": 200, "headers": {"x a": "b"}},
        {"statusCode": 200, "cookies": "a=1"},
        {"statusCode": 200, "cookies": [1]},
        {"statusCode": 200, "body": "not base64!", "isBase64Encoded": True},
    ],
)
def test_a_malformed_answer_is_500(plain: Api, answer: Any) -> None:
    assert plain.answers(answer).shape == INTERNAL


@pytest.mark.statement("http.header-injection")
@pytest.mark.parametrize("value", ["a\r\nx-evil: 1", "a\nb", "a\x00b", "a\rb"])
def test_line_breaks_in_headers_are_refused(plain: Api, value: str) -> None:
    for answer in ({"headers": {"x-a": value}}, {"cookies": [value]}, {"headers": {f"x{value}": "a"}}):
        response = plain.answers({"statusCode": 200, **answer})
        assert response.shape == INTERNAL
        assert response.header("x-evil") is None


@pytest.mark.statement("http.function-error")
def test_a_function_that_fails_is_500(plain: Api) -> None:
    for act in ({"raise": "boom"}, {"exit": 1}, {"unserializable": 0}, {"unknown": 0}):
        response = plain.act(**act)
        assert response.shape == INTERNAL
        assert response.header("content-type") == "application/json"


@pytest.mark.statement("http.response-1")
def test_payload_1_needs_a_whole_answer(plain: Api) -> None:
    answer = {
        "statusCode": 200, "headers": {"X-A": "one", "x-b": "b"}, "multiValueHeaders": {"x-a": ["1", 2]}, "body": "x"
    }  # fmt: skip
    response = plain.answers(answer, "/old-act")
    assert response.shape == (200, "x")
    assert (response.all("x-a"), response.header("x-b")) == (["1", "2"], "b")
    for malformed in ({"a": 1}, "text", None, [1], {"statusCode": 200, "multiValueHeaders": {"x-a": "1"}}):
        assert plain.answers(malformed, "/old-act").shape == INTERNAL


@pytest.mark.statement("http.response-headers")
def test_headers_that_the_gateway_gives(plain: Api) -> None:
    answer = {"statusCode": 200, "headers": {"content-length": "1", "connection": "close", "transfer-encoding": "x"}}
    response = plain.answers({**answer, "body": "abc"})
    assert response.body == b"abc"
    assert response.header("content-length") == "3"
    assert response.header("connection") == "keep-alive"
    assert response.header("transfer-encoding") is None
    assert response.header("server") is None
    assert re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT", response.header("date") or "")
    first, second = plain.get("/echo"), plain.get("/echo")
    assert first.header("apigw-requestid") == first.json["requestContext"]["requestId"]
    assert re.fullmatch(r"[A-Za-z0-9_-]{15}=", first.header("apigw-requestid") or "")
    assert first.header("apigw-requestid") != second.header("apigw-requestid")


@pytest.mark.statement("http.bodiless")
@pytest.mark.parametrize("status", [204, 304])
def test_some_statuses_have_no_body(plain: Api, status: int) -> None:
    with plain.open() as connection:
        connection.sendall(
            b"GET /status/%d HTTP/1.1\r\nHost: x\r\n\r\nGET /status/200 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            % status
        )
        received = b""
        while piece := connection.recv(65536):
            received += piece
    first, second = received.split(b"\r\n\r\n", 1)
    assert first.startswith(b"HTTP/1.1 %d " % status)
    assert b"content-length" not in first
    assert second.startswith(b"HTTP/1.1 200 OK")


@pytest.mark.statement("http.head")
def test_head_has_the_headers_and_no_body(plain: Api) -> None:
    response = plain.request("HEAD", "/status/200")
    assert (response.status, response.body, response.header("content-length")) == (200, b"", "6")
    missing = plain.request("HEAD", "/act")
    assert missing.status == 200  # of $default
    assert plain.request("HEAD", "/echo").body == b""
