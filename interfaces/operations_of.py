"""The OpenAPI document as generators of clients read it: each operation with its parameters, body and answers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

Json = dict[str, Any]
_SUCCESS = "2"


@dataclass(frozen=True, slots=True)
class Described:
    """One operation."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    path_names: tuple[str, ...]
    """Names of path parameters for people: `conversation_id` where the path says {id}."""
    query: Mapping[str, Json]
    """Schemas by name."""
    media_type: str
    """Of the body; empty: none."""
    body: Json | None
    is_body_optional: bool
    answers: tuple[Json | None, ...]
    """Schemas of what is no error; None: no body."""
    takes_key: bool
    is_open: bool

    @property
    def is_paged(self) -> bool:
        """Whether it answers a page of a list, with a cursor."""
        return "cursor" in self.query


def described(document: Json) -> Iterator[Described]:
    """All operations, in the order of the document."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield _described(document, method.upper(), path, operation)


def _described(document: Json, method: str, path: str, operation: Json) -> Described:
    found = [_resolved(document, each) for each in operation.get("parameters", ())]
    body = operation.get("requestBody") or {}
    ((media_type, content),) = body["content"].items() if body else (("", {}),)
    return Described(
        operation["operationId"],
        method,
        path,
        operation["summary"],
        operation.get("description", ""),
        tuple(_path_names(path)),
        {each["name"]: each["schema"] for each in found if each["in"] == "query"},
        media_type,
        content.get("schema"),
        bool(body) and not body.get("required"),
        tuple(_answers(document, operation)),
        any(each["in"] == "header" and each["name"].lower() == "idempotency-key" for each in found),
        operation.get("security") == [],
    )


def _path_names(path: str) -> Iterator[str]:
    parts = path.strip("/").split("/")
    for before, part in pairwise(parts):
        if part == "{id}":
            yield f"{before.replace('-', '_').removesuffix('s')}_id"
        elif part.startswith("{"):
            yield part[1:-1]


def _answers(document: Json, operation: Json) -> Iterator[Json | None]:
    for status, answer in operation["responses"].items():
        if status.startswith(_SUCCESS):
            content = _resolved(document, answer).get("content") or {}
            yield next((one["schema"] for one in content.values()), None)


def _resolved(document: Json, shown: Json) -> Json:
    reference = shown.get("$ref")
    if reference is None:
        return shown
    found: Any = document
    for name in reference.removeprefix("#/").split("/"):
        found = found[name]
    return dict(found)
