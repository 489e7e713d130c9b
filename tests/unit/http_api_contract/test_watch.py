"""What the tests of the whole stack hold every answer against: it takes what is right and finds what is not."""

import json
from typing import Any

import httpx
import pytest

from chat4all.contract.documents.samples import ANA, BEN
from chat4all.contract.table import operation
from tests.e2e.contract_watch import difference, operation_at, wrong_frame

_PROBLEM = {
    "type": "urn:chat4all:problem:not_found",
    "title": "Not Found",
    "status": 404,
    "detail": "No such user",
    "instance": f"/v1/users/{ANA}",
    "code": "not_found",
}
_USER = {"id": BEN, "kind": "user", "username": "ben", "display_name": None, "created_at": "2026-11-21T04:30:00.123Z"}


def found(status: int, document: Any, kind: str = "application/json", name: str = "getUser") -> str | None:
    body = b"" if document is None else json.dumps(document).encode()
    return difference(operation(name), status, httpx.Headers({"content-type": kind}), body)


def test_what_is_right_is_taken() -> None:
    assert found(200, _USER) is None
    assert found(200, {"id": BEN, "deleted_at": "2026-11-21T04:30:00.123Z"}) is None
    assert found(404, _PROBLEM, "application/problem+json") is None
    assert found(401, {"message": "Unauthorized"}) is None
    assert found(204, None, name="deleteMe") is None


@pytest.mark.parametrize(
    ("status", "document", "kind"),
    [
        (200, _USER | {"shoe_size": 42}, "application/json"),
        (200, _USER | {"linked_to": None}, "application/json"),
        (200, _USER | {"created_at": "2026-11-21T04:30:00Z"}, "application/json"),
        (200, _USER, "text/plain"),
        (201, _USER, "application/json"),
        (404, _PROBLEM | {"code": "group_full"}, "application/problem+json"),
        (409, _PROBLEM, "application/problem+json"),
        (418, {"message": "I'm a teapot"}, "application/json"),
    ],
)
def test_what_is_not_is_found(status: int, document: Any, kind: str) -> None:
    assert found(status, document, kind) is not None


def test_an_answer_belongs_to_the_operation_of_its_route() -> None:
    for method, path, name in (
        ("GET", "/v1/users/me", "getMe"),
        ("GET", f"/v1/users/{BEN}", "getUser"),
        ("POST", "/v1/files/initiate", "initiateUpload"),
        ("PUT", f"/v1/messages/{BEN}/reactions/%F0%9F%91%8D", "addReaction"),
    ):
        answering = operation_at(method, path)
        assert answering is not None
        assert answering.id == name
    assert operation_at("GET", "/chat") is None


def test_a_frame_is_held_against_its_event() -> None:
    time = "2026-11-21T04:30:00.123Z"
    typing = {"type": "typing", "conversation_id": ANA, "time": time, "data": {"user_id": BEN, "expires_in": 6}}
    assert wrong_frame(typing) is None
    assert wrong_frame({"message": "Forbidden", "connectionId": "x", "requestId": "y"}) is None
    assert wrong_frame({"type": "ack", "id": 1, "data": {"expires_in": 6}}) is None
    assert wrong_frame({"type": "error", "id": 1, "error": _PROBLEM}) is None
    assert wrong_frame(typing | {"type": "singing"}) is not None
    assert wrong_frame(typing | {"seq": 1}) is not None
    assert wrong_frame(typing | {"data": {"user_id": BEN, "expires_in": 6, "words": 3}}) is not None
    assert wrong_frame({"type": "error", "id": 1, "error": {"code": "x"}}) is not None
