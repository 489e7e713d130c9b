"""Errors as RFC 9457 `application/problem+json`: the one table of domain errors to HTTP statuses."""

import math
from http import HTTPStatus
from typing import Any

from chat4all.errors import (
    Conflict,
    DomainError,
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

CONTENT_TYPE = "application/problem+json"

STATUS: dict[type[DomainError], HTTPStatus] = {
    Invalid: HTTPStatus.BAD_REQUEST,
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Unauthenticated: HTTPStatus.UNAUTHORIZED,
    Forbidden: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    MethodNotAllowed: HTTPStatus.METHOD_NOT_ALLOWED,
    Conflict: HTTPStatus.CONFLICT,
    RateLimited: HTTPStatus.TOO_MANY_REQUESTS,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}


def status_of(error: DomainError) -> HTTPStatus:
    """HTTP status of `error`, by its class or the nearest base that the table names."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), HTTPStatus.INTERNAL_SERVER_ERROR)


def problem(error: DomainError, instance: str) -> dict[str, Any]:
    """The document: type, title, status, detail, instance, code, errors (RFC 9457 section 3).

    `retry_after` (seconds) says to a WebSocket what the header Retry-After says over HTTP. `message_id` is what to repeat a
    send with that may have been written, also where the caller named none; `numbers` the parts that an upload lacks.
    """
    status = status_of(error)
    document: dict[str, Any] = {
        "type": f"urn:chat4all:problem:{error.code}",
        "title": status.phrase,
        "status": status.value,
        "detail": error.detail,
        "instance": instance,
        "code": error.code,
    }
    if error.errors:
        document["errors"] = [{"pointer": e.pointer, "detail": e.detail} for e in error.errors]
    if isinstance(error, PartsMissing):
        document["numbers"] = list(error.numbers)
    if isinstance(error, RateLimited | Unavailable):
        document["retry_after"] = math.ceil(error.retry_after_s)
    if isinstance(error, Unavailable) and error.message_id:
        document["message_id"] = error.message_id
    return document


def headers(error: DomainError) -> dict[str, str]:
    """Headers that go with the status: Retry-After (RFC 9110), RateLimit fields (draft-ietf-httpapi-ratelimit-headers)."""
    if isinstance(error, RateLimited):
        seconds = math.ceil(error.retry_after_s)
        return {
            "Retry-After": str(seconds),
            "RateLimit-Policy": f'"default";q={error.limit};w={math.ceil(error.window_s)}',
            "RateLimit": f'"default";r=0;t={seconds}',
        }
    if isinstance(error, Unavailable):
        return {"Retry-After": str(math.ceil(error.retry_after_s))}
    if isinstance(error, Unauthenticated):
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(error, MethodNotAllowed):
        return {"Allow": ", ".join(error.allow)}
    return {}
