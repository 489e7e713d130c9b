"""Errors."""

from typing import Annotated

from pydantic import Field

from chat4all.contract.documents.document import Document, Uuid, example


class FieldProblem(Document):
    """One thing that is wrong with a request."""

    pointer: str
    """A JSON Pointer (RFC 6901) into the body, `?name` of a parameter, or the name of a header."""
    detail: str


class Problem(Document):
    """An error (RFC 9457)."""

    model_config = example(
        {
            "type": "urn:chat4all:problem:invalid",
            "title": "Bad Request",
            "status": 400,
            "detail": "/title: String should have at most 200 characters",
            "instance": "/v1/conversations",
            "code": "invalid",
            "errors": [{"pointer": "/title", "detail": "String should have at most 200 characters"}],
        }
    )

    type: str
    """`urn:chat4all:problem:<code>`."""
    title: str
    """The status in words."""
    status: Annotated[int, Field(ge=400, le=599)]
    detail: str
    """For people."""
    instance: str
    """The path that was asked."""
    code: str
    """A stable word, for programs."""
    errors: list[FieldProblem] | None = None
    numbers: list[Annotated[int, Field(ge=1)]] | None = None
    """Of `parts_missing`: the first 1,000 parts that an upload lacks."""
    retry_after: Annotated[int, Field(ge=0)] | None = None
    """Seconds, as the header Retry-After says."""
    message_id: Uuid | None = None
    """Of a send that may have been written: what to repeat it with."""


class OAuthProblem(Problem):
    """An error of the token endpoint: RFC 6749, section 5.2, and the members of a problem."""

    model_config = example(
        {
            "error": "invalid_grant",
            "error_description": "The username or the password is wrong",
            "type": "urn:chat4all:problem:invalid_credentials",
            "title": "Bad Request",
            "status": 400,
            "detail": "The username or the password is wrong",
            "instance": "/token",
            "code": "invalid_credentials",
        }
    )

    error: str
    error_description: str


class GatewayError(Document):
    """What API Gateway answers by itself, before anything of ours is asked: no token or a wrong one, too large, too busy."""

    model_config = example({"message": "Unauthorized"})

    message: str | None
