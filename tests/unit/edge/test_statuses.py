"""Refusals of the HTTP API as google.rpc.Status."""

from typing import Any

import pytest
from google.rpc import code_pb2, error_details_pb2

from chat4all.errors import (
    Conflict,
    DomainError,
    FieldError,
    Forbidden,
    Invalid,
    MethodNotAllowed,
    NotFound,
    PartsMissing,
    RateLimited,
    TooLarge,
    Unauthenticated,
    Unavailable,
)
from chat4all.http.problem import problem, status_of
from edge import statuses
from edge.contract import message_class
from edge.refusal import CODES


def details(status: Any) -> dict[str, Any]:
    """Details by the name of their kind."""
    found = {}
    for one in status.details:
        name = one.TypeName()
        kind: Any = (
            message_class("Problem")
            if name == "chat4all.v1.Problem"
            else getattr(error_details_pb2, name.split(".")[-1])
        )
        found[name.split(".")[-1]] = kind.FromString(one.value)
    return found


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Invalid("x"), "INVALID_ARGUMENT"),
        (TooLarge("x"), "RESOURCE_EXHAUSTED"),
        (Unauthenticated("x"), "UNAUTHENTICATED"),
        (Forbidden("x"), "PERMISSION_DENIED"),
        (NotFound("x"), "NOT_FOUND"),
        (MethodNotAllowed("x", allow=("GET",)), "UNIMPLEMENTED"),
        (Conflict("x", code="message_deleted"), "FAILED_PRECONDITION"),
        (Conflict("x", code="edited_meanwhile"), "ABORTED"),
        (Conflict("x", code="message_id_reused"), "ALREADY_EXISTS"),
        (PartsMissing("x", numbers=(1, 2)), "FAILED_PRECONDITION"),
        (RateLimited("x", retry_after_s=2.2, limit=5, window_s=1), "RESOURCE_EXHAUSTED"),
        (Unavailable("x"), "UNAVAILABLE"),
        (DomainError("x"), "INTERNAL"),
    ],
)
def test_every_error_of_the_product_has_a_code(error: DomainError, code: str) -> None:
    document = problem(error, "/v1/x")
    status = statuses.status_of(status_of(error).value, document)
    assert CODES[status.code].name == code
    found = details(status)
    assert (found["ErrorInfo"].reason, found["ErrorInfo"].domain) == (error.code, "chat4all")
    assert (found["Problem"].code, found["Problem"].instance, found["Problem"].detail) == (error.code, "/v1/x", "x")
    assert list(found["Problem"].numbers) == list(document.get("numbers", []))


def test_when_to_try_again() -> None:
    document = problem(Unavailable("x", retry_after_s=3, message_id="m"), "/")
    found = details(statuses.status_of(503, document, "7"))
    assert found["RetryInfo"].retry_delay.seconds == 7
    assert found["ErrorInfo"].metadata["message_id"] == "m"
    assert details(statuses.status_of(503, document))["RetryInfo"].retry_delay.seconds == 3
    assert details(statuses.status_of(503, {}, "Wed, 21 Oct 2015 07:28:00 GMT")).keys() == {"ErrorInfo"}
    assert details(statuses.status_of(503, {}, "nan")).keys() == {"ErrorInfo"}
    assert details(statuses.status_of(503, {}, "inf"))["RetryInfo"].retry_delay.seconds == 86_400


def test_wrong_fields() -> None:
    error = Invalid("x", errors=(FieldError("/settings/api_base", "a"), FieldError("?limit", "b")))
    found = details(statuses.status_of(400, problem(error, "/")))
    assert [(v.field, v.description) for v in found["BadRequest"].field_violations] == [
        ("settings.api_base", "a"),
        ("limit", "b"),
    ]


@pytest.mark.parametrize(
    ("pointer", "path"),
    [
        ("/a/b", "a.b"),
        ("/numbers/1", "numbers[1]"),
        ("/0/a", "[0].a"),
        ("/a~1b/c~0d", "a/b.c~d"),
        ("?limit", "limit"),
        ("Idempotency-Key", "Idempotency-Key"),
        ("", ""),
    ],
)
def test_pointers_as_paths(pointer: str, path: str) -> None:
    assert statuses.field_path(pointer) == path


@pytest.mark.parametrize(
    ("http_status", "answer", "code", "reason"),
    [
        (401, {"message": "Unauthorized"}, "UNAUTHENTICATED", "unauthenticated"),
        (404, {"message": "Not Found"}, "UNIMPLEMENTED", "no_such_route"),
        (413, {"message": "Request Too Long"}, "RESOURCE_EXHAUSTED", "too_large"),
        (429, {"message": "Too Many Requests"}, "RESOURCE_EXHAUSTED", "rate_limited"),
        (500, {"message": "Internal Server Error"}, "INTERNAL", "internal"),
        (502, None, "UNAVAILABLE", "http_502"),
        (503, {"message": "Service Unavailable"}, "UNAVAILABLE", "unavailable"),
        (504, None, "DEADLINE_EXCEEDED", "timeout"),
        (301, None, "UNKNOWN", "http_301"),
        (599, [], "INTERNAL", "http_599"),
        (418, "text", "UNKNOWN", "http_418"),
        (400, {"code": 3, "errors": "x"}, "INVALID_ARGUMENT", "http_400"),
    ],
)
def test_answers_of_others(http_status: int, answer: Any, code: str, reason: str) -> None:
    status = statuses.status_of(http_status, answer)
    assert CODES[status.code].name == code
    assert details(status)["ErrorInfo"].reason == reason


def test_wrong_credentials_of_oauth() -> None:
    answer = {"error": "invalid_grant", "error_description": "no", "code": "invalid_credentials", "detail": "No"}
    status = statuses.status_of(400, answer)
    assert (status.code, status.message) == (code_pb2.UNAUTHENTICATED, "No")


def test_details_never_outgrow_what_clients_take() -> None:
    errors = [{"pointer": f"/items/{n}/name", "detail": "x" * 200} for n in range(500)]
    answer = {"code": "invalid", "detail": "y" * 5_000, "errors": errors, "title": "z" * 9_000}
    status = statuses.status_of(400, answer)
    assert status.ByteSize() <= statuses.DETAILS_MAX_BYTES + 100
    assert 1 <= len(details(status)["BadRequest"].field_violations) < 500
    assert details(status)["ErrorInfo"].reason == "invalid"
