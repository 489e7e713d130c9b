"""Garbage, floods and half requests: an error in the words of the service, and the endpoint stays up."""

import json
import socket
from contextlib import ExitStack

import pytest

from local.open_files import raise_limit
from tests.conformance.aws_endpoint.served import Served
from tests.conformance.aws_endpoint.test_signatures import FORM, JSON, send, signed

TARGETS = {"logs": "Logs_20140328.", "ssm": "AmazonSSM.", "secretsmanager": "secretsmanager."}


def alive(endpoint: Served) -> bool:
    return bool(endpoint.client("sts").get_caller_identity()["Account"] == "000000000000")


@pytest.mark.statement("endpoint.bad-json")
@pytest.mark.parametrize("service", TARGETS)
def test_bodies_that_are_no_json_object(endpoint: Served, service: str) -> None:
    operation = {"logs": "FilterLogEvents", "ssm": "GetParameter", "secretsmanager": "GetSecretValue"}[service]
    headers = {**signed(endpoint, service, "/"), **JSON, "X-Amz-Target": TARGETS[service] + operation}
    wrong_types = b'{"Name": 1, "SecretId": [], "logGroupName": {}}'
    for body in (b"{", b"\xff\x00", b"[]", b'"text"', b"[" * 100_000, b'{"Name": "\\ud800"}', wrong_types):
        status, answer, text = send(endpoint, "POST", "/", headers, body)
        assert (status, json.loads(text)["__type"]) == (400, "SerializationException"), body[:20]
        assert answer.get_content_type() == "application/x-amz-json-1.1"
    status, _, text = send(endpoint, "POST", "/", headers, b"")
    assert status == 400
    assert json.loads(text)["__type"] in ("ValidationException", "InvalidParameterException")


@pytest.mark.statement("endpoint.huge-body")
def test_huge_bodies(endpoint: Served) -> None:
    body = b'{"Name": "' + b"x" * (8 * 1024 * 1024) + b'"}'
    headers = {**signed(endpoint, "ssm", "/"), **JSON, "X-Amz-Target": "AmazonSSM.GetParameter"}
    assert send(endpoint, "POST", "/", headers, body)[0] == 413
    assert send(endpoint, "POST", "/", {**signed(endpoint, "sts", "/"), **FORM}, body)[0] == 413
    assert alive(endpoint)


@pytest.mark.statement("endpoint.unknown-target")
def test_targets_nobody_has(endpoint: Served) -> None:
    for service, target in [
        ("ssm", "AmazonSSM.Nothing"),
        ("ssm", "AmazonSSM"),
        ("logs", "Logs_20140328."),
        ("kinesis", "Kinesis_20131202.ListStreams"),
        ("x", "....."),
    ]:
        headers = {**signed(endpoint, service, "/"), **JSON, "X-Amz-Target": target}
        status, answer, text = send(endpoint, "POST", "/", headers, b"{}")
        assert (status, answer["x-amzn-ErrorType"]) == (501, "NotImplementedException"), target
        assert "does not offer" in json.loads(text)["message"]


@pytest.mark.statement("endpoint.query-errors")
def test_errors_of_the_query_protocol(endpoint: Served) -> None:
    for body in (b"", b"Action=Nothing", b"\xff\xfe", b"&&&=%zz", b"Action=" + b"x" * 1000):
        for service in ("sts", "cloudformation"):
            status, answer, text = send(endpoint, "POST", "/", {**signed(endpoint, service, "/"), **FORM}, body)
            assert (status in (400, 501), answer.get_content_type()) == (True, "text/xml"), body
            assert text.startswith(b"<ErrorResponse><Error>")


@pytest.mark.statement("endpoint.half-requests")
def test_half_requests_and_many_connections(endpoint: Served) -> None:
    address = ("127.0.0.1", endpoint.endpoints.aws_port)
    halves = (
        b"",
        b"POST / HTT",
        b"GET /2015-03-31/functions HTTP/1.1\r\nHost: x\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n{",
    )
    raise_limit()
    with ExitStack() as stack:
        for index in range(1000):
            connection = stack.enter_context(socket.create_connection(address, timeout=20))
            connection.sendall(halves[index % len(halves)])
        assert alive(endpoint)
        assert endpoint.aws_json("lambda", "list-functions")["Functions"]
    assert alive(endpoint)


@pytest.mark.statement("endpoint.half-requests")
@pytest.mark.parametrize("garbage", [b"\x16\x03\x01\x02\x00\x01", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"])
def test_what_is_no_http(endpoint: Served, garbage: bytes) -> None:
    with socket.create_connection(("127.0.0.1", endpoint.endpoints.aws_port), timeout=20) as connection:
        connection.sendall(garbage + b"\r\n\r\n")
        assert connection.recv(100).startswith((b"HTTP/1.1 400", b"HTTP/1.0 400", b"HTTP/1.1 403"))
    assert alive(endpoint)


@pytest.mark.statement("endpoint.browsers")
def test_pages_of_other_sites_are_refused(endpoint: Served) -> None:
    headers = {**signed(endpoint, "ssm", "/"), **JSON, "X-Amz-Target": "AmazonSSM.DescribeParameters"}
    status, _, text = send(endpoint, "POST", "/", {**headers, "Origin": "https://evil.example"}, b"{}")
    assert (status, json.loads(text)["__type"]) == (403, "AccessDeniedException")
    assert send(endpoint, "POST", "/", headers, b"{}")[0] == 200
