"""The event of a request: payload formats 2.0 and 1.0."""

import base64
import http.client
import re
import time
from typing import Any

import pytest

from tests.conformance.http_api.client import Api, read_answer, until_closed
from tests.conformance.http_api.conftest import Served


@pytest.mark.statement("http.payload-2", "http.absent-left-out")
def test_the_smallest_event_has_these_keys_and_no_other(plain: Api) -> None:
    before = time.time() * 1000
    event = plain.get("/echo").json
    context = event["requestContext"]
    assert event.keys() == {
        "version", "routeKey", "rawPath", "rawQueryString", "headers", "requestContext", "isBase64Encoded"
    }  # fmt: skip
    assert (event["version"], event["routeKey"], event["rawPath"]) == ("2.0", "ANY /echo", "/echo")
    assert (event["rawQueryString"], event["isBase64Encoded"]) == ("", False)
    assert context.keys() == {
        "accountId", "apiId", "domainName", "domainPrefix", "http", "requestId", "routeKey", "stage", "time", "timeEpoch"
    }  # fmt: skip
    assert context["http"] == {
        "method": "GET", "path": "/echo", "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": ""
    }  # fmt: skip
    assert (context["routeKey"], context["stage"]) == ("ANY /echo", "$default")
    assert re.fullmatch(r"\d{12}", context["accountId"])
    assert context["domainPrefix"] == context["apiId"]
    assert before - 1 <= context["timeEpoch"] <= time.time() * 1000 + 1
    assert re.fullmatch(r"\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000", context["time"])


@pytest.mark.statement("http.payload-2", "http.path-parameters", "http.cookies-in")
def test_the_fullest_event_has_all_keys(named: Api, plain: Api) -> None:
    headers = {"cookie": "a=1; b=2", "content-type": "application/json", "user-agent": "agent/1"}
    event = named.request("POST", "/live/echo?a=1&b=2&a=3", "{}", headers).json
    assert event["cookies"] == ["a=1", "b=2"]
    assert "cookie" not in event["headers"]
    assert event["queryStringParameters"] == {"a": "1,3", "b": "2"}
    assert event["rawQueryString"] == "a=1&b=2&a=3"
    assert event["stageVariables"] == {"colour": "green", "table": "pets"}
    assert event["body"] == "{}"
    assert event["requestContext"]["http"]["userAgent"] == "agent/1"
    assert plain.get("/echo/7").json["pathParameters"] == {"id": "7"}


@pytest.mark.statement("http.headers-lower-case")
def test_headers_are_lower_case_and_repeats_are_joined_by_commas(plain: Api) -> None:
    connection = http.client.HTTPConnection(plain.host, plain.port, timeout=30)
    connection.putrequest("GET", "/echo")
    for name, value in (("X-Kind", "a"), ("x-kind", "b,c"), ("X-EMPTY", ""), ("Cookie", "a=1"), ("cookie", "b=2;c=3")):
        connection.putheader(name, value)
    connection.endheaders()
    event = read_answer(connection).json
    connection.close()
    assert event["headers"]["x-kind"] == "a,b,c"
    assert event["headers"]["x-empty"] == ""
    assert event["headers"]["host"] == f"{plain.host}:{plain.port}"
    assert event["cookies"] == ["a=1", "b=2", "c=3"]
    assert all(name == name.lower() for name in event["headers"])


@pytest.mark.statement("http.headers-added")
def test_the_gateway_adds_headers_of_its_own(plain: Api) -> None:
    headers = plain.get("/echo", {"x-forwarded-for": "192.0.2.1", "x-forwarded-proto": "gopher"}).json["headers"]
    assert headers["x-forwarded-for"] == "192.0.2.1, 127.0.0.1"
    assert headers["x-forwarded-port"] == str(plain.port)
    assert headers["x-forwarded-proto"] == "http"
    assert headers["content-length"] == "0"
    assert re.fullmatch(r"Root=1-[0-9a-f]{8}-[0-9a-f]{24}", headers["x-amzn-trace-id"])
    kept = plain.get("/echo", {"X-Amzn-Trace-Id": "Root=1-67891233-abcdef012345678912345678"}).json["headers"]
    assert kept["x-amzn-trace-id"] == "Root=1-67891233-abcdef012345678912345678"
    for name in ("connection", "te", "transfer-encoding", "upgrade", "keep-alive"):
        assert name not in plain.get("/echo", {"connection": "keep-alive, te", "te": "trailers"}).json["headers"]


@pytest.mark.statement("http.query-commas")
@pytest.mark.parametrize(
    ("query", "parameters"),
    [
        ("a=1&a=2", {"a": "1,2"}),
        ("a=b%2Cc&a=d", {"a": "b,c,d"}),
        ("a=&b", {"a": "", "b": ""}),
        ("a+b=c+d&e=%20f%26", {"a b": "c d", "e": " f&"}),
        ("%C3%BC=%F0%9F%90%95", {"ü": "🐕"}),
        ("a=%FF&b=%zz", {"a": "\ufffd", "b": "%zz"}),
        ("a=1?2=3", {"a": "1?2=3"}),
    ],
)
def test_query_strings_are_decoded_and_repeats_joined(plain: Api, query: str, parameters: dict[str, str]) -> None:
    event = plain.get(f"/echo?{query}").json
    assert event["rawQueryString"] == query
    assert event["queryStringParameters"] == parameters


@pytest.mark.statement("http.absent-left-out")
def test_an_empty_query_string_gives_no_parameters(plain: Api) -> None:
    event = plain.get("/echo?").json
    assert event["rawQueryString"] == ""
    assert "queryStringParameters" not in event


TEXT = ("text/plain", "text/html", "text/csv", "text/xml", "application/json", "application/xml",
        "application/javascript", "application/graphql")  # fmt: skip


@pytest.mark.statement("http.body-as-text")
@pytest.mark.parametrize(
    "content_type", [*TEXT, "Application/JSON", "text/plain; charset=utf-8", "TEXT/CSV;header=present"]
)
def test_a_body_of_these_types_is_text(plain: Api, content_type: str) -> None:
    event = plain.request("POST", "/echo", "grün".encode(), {"content-type": content_type}).json
    assert (event["body"], event["isBase64Encoded"]) == ("grün", False)
    assert event["headers"]["content-type"] == content_type


@pytest.mark.statement("http.body-as-text")
@pytest.mark.parametrize(
    "content_type",
    ["application/x-www-form-urlencoded", "application/octet-stream", "image/png", "application/vnd.api+json",
     "multipart/form-data; boundary=x", "text/markdown", "text", "", None],
)  # fmt: skip
def test_a_body_of_any_other_type_is_base64(plain: Api, content_type: str | None) -> None:
    headers = {} if content_type is None else {"content-type": content_type}
    connection = http.client.HTTPConnection(plain.host, plain.port, timeout=30)
    connection.request("POST", "/echo", b"a=1", headers)
    event = read_answer(connection).json
    connection.close()
    assert (event["body"], event["isBase64Encoded"]) == ("YT0x", True)


@pytest.mark.statement("http.body-not-utf-8")
def test_text_that_is_not_utf_8_is_base64(plain: Api) -> None:
    event = plain.request("POST", "/echo", b"\xff\x00", {"content-type": "text/plain; charset=latin-1"}).json
    assert (base64.b64decode(event["body"]), event["isBase64Encoded"]) == (b"\xff\x00", True)


@pytest.mark.statement("http.absent-left-out")
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_without_a_body_there_is_no_key(plain: Api, method: str) -> None:
    event = plain.request(method, "/echo", "", {"content-type": "application/json"}).json
    assert "body" not in event
    assert event["isBase64Encoded"] is False


@pytest.mark.statement("http.chunked")
def test_a_chunked_body_arrives_whole(plain: Api) -> None:
    connection = http.client.HTTPConnection(plain.host, plain.port, timeout=30)
    pieces = iter([b"gr", "ü".encode()[:1], "ü".encode()[1:], b"n" * 100_000])
    connection.request("POST", "/echo", pieces, {"content-type": "text/plain"}, encode_chunked=True)
    event = read_answer(connection).json
    connection.close()
    assert event["body"] == "grü" + "n" * 100_000
    assert "transfer-encoding" not in event["headers"]
    head = b"POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    answer = plain.raw(head, b"1;extension=1\r\na\r\n0\r\nX-T: 1\r\n\r\n")
    assert b'"body": "YQ=="' in answer
    assert b"x-t" not in answer


@pytest.mark.statement("http.path-decoded")
@pytest.mark.parametrize(
    ("target", "raw_path", "parameter"),
    [
        ("/echo/a%20b", "/echo/a b", "a b"),
        ("/echo/a+b", "/echo/a+b", "a+b"),
        ("/echo/%C3%BC", "/echo/ü", "ü"),
        ("/echo/a%2Fb", "/echo/a/b", "a/b"),
        ("/echo/100%", "/echo/100%", "100%"),
        ("/echo/a;b=c", "/echo/a;b=c", "a;b=c"),
    ],
)
def test_paths_and_path_parameters_are_decoded(plain: Api, target: str, raw_path: str, parameter: str) -> None:
    event = plain.get(target).json
    assert event["rawPath"] == raw_path
    assert event["requestContext"]["http"]["path"] == raw_path
    assert event["pathParameters"] == {"id": parameter}


OLD_KEYS = {"version", "resource", "path", "httpMethod", "headers", "multiValueHeaders", "queryStringParameters",
            "multiValueQueryStringParameters", "requestContext", "pathParameters", "stageVariables", "body",
            "isBase64Encoded"}  # fmt: skip
OLD_CONTEXT = {"accountId", "apiId", "authorizer", "domainName", "domainPrefix", "extendedRequestId", "httpMethod",
               "identity", "path", "protocol", "requestId", "requestTime", "requestTimeEpoch", "resourceId",
               "resourcePath", "stage"}  # fmt: skip


def old_event(api: Api, target: str, headers: dict[str, str], body: str | None = None) -> dict[str, Any]:
    event: dict[str, Any] = api.request("POST" if body else "GET", target, body, headers).json
    assert event.keys() == OLD_KEYS
    assert event["requestContext"].keys() == OLD_CONTEXT
    return event


@pytest.mark.statement("http.payload-1")
def test_payload_1_has_all_keys_always(plain: Api) -> None:
    event = old_event(plain, "/old/1", {})
    assert (event["version"], event["resource"], event["path"]) == ("1.0", "/old/{id}", "/old/1")
    for name in ("queryStringParameters", "multiValueQueryStringParameters", "stageVariables", "body"):
        assert event[name] is None
    context = event["requestContext"]
    assert (context["httpMethod"], context["path"], context["protocol"]) == ("GET", "/old/1", "HTTP/1.1")
    assert (context["stage"], context["resourcePath"], context["authorizer"]) == ("$default", "/old/{id}", None)
    assert context["identity"]["sourceIp"] == "127.0.0.1"
    assert {"accessKey", "accountId", "caller", "cognitoAmr", "cognitoIdentityId", "user", "userArn"} < context[
        "identity"
    ].keys()


@pytest.mark.statement("http.payload-1", "http.multi-values-1")
def test_payload_1_keeps_repeats_apart(plain: Api, named: Api) -> None:
    event = old_event(plain, "/old/a%20b?q=1&q=2&r=", {"Cookie": "a=1", "User-Agent": "x", "X-A": "1"}, "é")
    assert event["queryStringParameters"] == {"q": "2", "r": ""}
    assert event["multiValueQueryStringParameters"] == {"q": ["1", "2"], "r": [""]}
    assert event["pathParameters"] == {"id": "a b"}
    assert event["headers"]["cookie"] == "a=1"
    assert event["multiValueHeaders"]["x-a"] == ["1"]
    assert event["requestContext"]["identity"]["userAgent"] == "x"
    assert event["isBase64Encoded"] is True
    assert base64.b64decode(event["body"]) == "é".encode("latin-1")
    assert old_event(named, "/live/old", {})["stageVariables"] == {"colour": "green", "table": "pets"}


@pytest.mark.statement("http.payload-2")
def test_http_1_0_is_named_as_the_protocol(served: Served) -> None:
    with served.plain.open() as connection:
        connection.sendall(b"GET /echo HTTP/1.0\r\n\r\n")
        answer = until_closed(connection)
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b'"protocol": "HTTP/1.0"' in answer
