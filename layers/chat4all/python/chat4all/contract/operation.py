"""One operation of the HTTP API: the row that OpenAPI, the clients, gRPC and the tests are made from, or held against."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"

Answer = type[BaseModel] | None
"""The document of an answer; None: no body."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path."""

    id: str
    """In lowerCamelCase, unique: the name of the operation in every interface."""
    method: str
    path: str
    """As template.yaml has it: `/v1/conversations/{id}`."""
    tag: str
    """Its subject."""
    summary: str
    """One line."""
    answers: Mapping[int, Answer]
    """By status, of what is no error."""
    description: str = ""
    body: type[BaseModel] | None = None
    """The class by which the handler reads it."""
    media_type: str = JSON
    """Of the body."""
    is_body_optional: bool = False
    query: type[BaseModel] | None = None
    """The class by which the handler reads the query."""
    errors: tuple[str, ...] = ()
    """Codes of problems beside those that any operation may answer (`chat4all.contract.problems`)."""
    is_open: bool = False
    """Needs no access token."""
    takes_key: bool = False
    """Takes an `Idempotency-Key`: a repeat with the same key does nothing twice."""
    example: Mapping[str, Any] | None = None
    """Of the body."""
    header_names: tuple[str, ...] = field(default=())
    """Of the answer, beside those that all have."""

    @property
    def path_parameters(self) -> tuple[str, ...]:
        """Names in the path, in order."""
        return tuple(part[1:-1] for part in self.path.split("/") if part.startswith("{"))

    @property
    def route(self) -> str:
        """Route key of API Gateway: `GET /v1/users/me`."""
        return f"{self.method} {self.path}"
