import json
from typing import Any

import pytest

from local.function_answer import MalformedAnswer
from local.websocket_api.connection_id import is_connection_id, new_connection_id
from local.websocket_api.expiry import has_expired
from local.websocket_api.function_answer import proxy_answer
from local.websocket_api.identity_sources import check_identity_sources, has_identity
from local.websocket_api.limits import Limits
from local.websocket_api.open_connections import as_text
from local.websocket_api.session import Session


@pytest.mark.parametrize(
    ("answer", "status", "body"),
    [
        ({"statusCode": 200}, 200, b""),
        ({"statusCode": "403", "body": "no"}, 403, b"no"),
        ({"statusCode": 200, "body": "eA==", "isBase64Encoded": True}, 200, b"x"),
    ],
)
def test_a_proxy_answer_is_read(answer: Any, status: int, body: bytes) -> None:
    read = proxy_answer(json.dumps(answer).encode())
    assert (read.status, read.body) == (status, body)
    assert read.is_success is (status == 200)


def test_headers_of_an_answer_are_found_in_any_case() -> None:
    answer = {"statusCode": 200, "headers": {"Sec-WebSocket-Protocol": "v1"}}
    assert proxy_answer(json.dumps(answer).encode()).headers == {"sec-websocket-protocol": "v1"}


@pytest.mark.parametrize(
    "answer",
    [
        None,
        "ok",
        {},
        {"statusCode": "x"},
        {"statusCode": 101},
        {"statusCode": 200, "body": {}},
        {"statusCode": 200, "body": "%", "isBase64Encoded": True},
        {"statusCode": 200, "headers": []},
        {"statusCode": 200, "headers": {"sec-websocket-protocol": "a\r\nb: c"}},
    ],
)
def test_other_answers_are_malformed(answer: Any) -> None:
    with pytest.raises(MalformedAnswer):
        proxy_answer(json.dumps(answer).encode())


EVENT = {
    "headers": {"Authorization": "x"},
    "queryStringParameters": {"token": "t", "empty": ""},
    "stageVariables": {"v": "1"},
    "requestContext": {"routeKey": "$connect"},
}


@pytest.mark.parametrize(
    ("sources", "found"),
    [
        ((), True),
        (("route.request.querystring.token",), True),
        (("route.request.header.authorization", "stageVariables.v", "context.routeKey"), True),
        (("route.request.querystring.token", "route.request.header.x"), False),
        (("route.request.querystring.empty",), False),
    ],
)
def test_every_identity_source_must_have_a_value(sources: tuple[str, ...], found: bool) -> None:
    assert has_identity(sources, EVENT) is found


def test_another_identity_source_is_named() -> None:
    check_identity_sources(("route.request.querystring.token", "route.request.header.a"))
    with pytest.raises(ValueError, match=r"method\.request\.header"):
        check_identity_sources(("route.request.querystring.token", "method.request.header.a"))


def test_connection_ids_are_told_from_other_texts() -> None:
    assert is_connection_id("BFHPhfCWIAMCKlQ=")
    assert all(is_connection_id(new_connection_id()) for _ in range(50))
    assert not any(is_connection_id(text) for text in ("", "x", "BFHPhfCWIAMCKlQ", "../../etc/passwd", "é" * 16))


def test_a_session_expires_by_silence_or_by_age() -> None:
    session = Session("::1", None, opened_at=1000.0, active_at=1000.0)
    assert not has_expired(session, Limits(), 1599.0)
    assert has_expired(session, Limits(), 1600.0)
    session.active_at = 8199.0
    assert not has_expired(session, Limits(), 8199.0)
    assert has_expired(session, Limits(), 8200.0)


def test_text_frames_hold_utf_8() -> None:
    assert as_text("ü".encode()) == "ü".encode()
    assert as_text(b"a\xffb").decode() == "a\ufffdb"
