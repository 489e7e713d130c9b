"""Answers of the token endpoint, as OAuth 2.0 wants them (RFC 6749, sections 5.1 and 5.2)."""

import re
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response

from chat4all.errors import DomainError, Invalid, TooLarge, Unauthenticated
from chat4all.http.api import json_response
from chat4all.http.problem import headers, problem, status_of

NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
"""Tokens must not be kept by anything on the way (section 5.1)."""

_NOT_DESCRIPTION = re.compile(r"[^\x20-\x21\x23-\x5B\x5D-\x7E]")


def unsupported_grant_type(name: str) -> Invalid:
    """What another grant type than ours is told."""
    return Invalid(
        f"grant_type {name!r} is not supported; known: password, refresh_token", code="unsupported_grant_type"
    )


def oauth_error(error: DomainError, path: str) -> Response[str]:
    """`error` and `error_description` beside the members of a problem; wrong credentials are 400 here (section 5.2)."""
    status = HTTPStatus.BAD_REQUEST if isinstance(error, Unauthenticated) else status_of(error)
    document: dict[str, Any] = {
        "error": _word(error),
        "error_description": _NOT_DESCRIPTION.sub("?", error.detail),
        **problem(error, path),
        "title": status.phrase,
        "status": status.value,
    }
    extra = {name: value for name, value in headers(error).items() if name != "WWW-Authenticate"}
    return json_response(status, document, NO_STORE | extra)


def _word(error: DomainError) -> str:
    if isinstance(error, Unauthenticated):
        return "invalid_grant"
    if isinstance(error, Invalid | TooLarge):
        return "unsupported_grant_type" if error.code == "unsupported_grant_type" else "invalid_request"
    return "temporarily_unavailable"
