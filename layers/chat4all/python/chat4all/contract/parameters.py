"""Parameters of operations as OpenAPI describes them."""

from collections.abc import Mapping
from typing import Any

from chat4all.contract.operation import Operation
from chat4all.contract.schemas import Json, Schemas
from chat4all.ids import PATTERN

_UUID: Json = {"type": "string", "format": "uuid", "pattern": PATTERN}
_PATH: Mapping[str, tuple[str, Json]] = {
    "id": ("Of what is asked for", _UUID),
    "user_id": ("Of the user", _UUID),
    "webhook_id": ("Of the endpoint", _UUID),
    "channel": ("The channel", {"type": "string", "enum": ["telegram", "whatsapp", "messenger", "instagram"]}),
    "provider": ("By whom one signs in", {"type": "string", "enum": ["google", "github"]}),
    "emoji": ("One emoji of Unicode", {"type": "string", "minLength": 1, "examples": ["👍"]}),
}
"""By name: what it is, and its schema."""

IDEMPOTENCY_KEY: Json = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Any text of your own: the same again is answered the same, and done once.",
    "schema": {"type": "string", "minLength": 1, "pattern": r"\S"},
}


def parameters(operation: Operation, schemas: Schemas) -> list[Json]:
    """Of the path, of the query, and the Idempotency-Key."""
    found: list[Json] = [_path(name) for name in operation.path_parameters]
    if operation.query is not None:
        found += _query(schemas.query(operation.query))
    if operation.takes_key:
        found.append({"$ref": "#/components/parameters/IdempotencyKey"})
    return found


def _path(name: str) -> Json:
    text, schema = _PATH[name]
    return {"name": name, "in": "path", "required": True, "description": text, "schema": schema}


def _query(schema: Mapping[str, Any]) -> list[Json]:
    required = schema.get("required", ())
    found = []
    for name, field in schema["properties"].items():
        one = _without_null(field)
        described = {"description": one.pop("description")} if "description" in one else {}
        found.append({"name": name, "in": "query", "required": name in required} | described | _listed(one))
    return found


def _without_null(field: Json) -> Json:
    """A parameter is there or not; no text means null."""
    field = dict(field)
    kinds = [kind for kind in field.pop("anyOf", ()) if kind != {"type": "null"}]
    return field | (kinds[0] if len(kinds) == 1 else {"anyOf": kinds} if kinds else {})


def _listed(schema: Json) -> Json:
    """Lists stand in one parameter, with commas between."""
    if schema.get("type") != "array":
        return {"schema": schema}
    return {"style": "form", "explode": False, "schema": schema}
