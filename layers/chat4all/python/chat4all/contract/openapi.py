"""The table as an OpenAPI 3.1 document (spec.openapis.org/oas/v3.1.1), which docs/openapi.json holds and /openapi.json serves."""

import json
from typing import Any

from chat4all.contract.answers import HEADERS, Answers
from chat4all.contract.operation import Operation
from chat4all.contract.parameters import IDEMPOTENCY_KEY, parameters
from chat4all.contract.schemas import Json, Schemas
from chat4all.contract.table import OPERATIONS, TAGS

VERSION = "1.0.0"
"""Of the contract (Semantic Versioning): a change that breaks a client is a new path, `/v2`."""
_DESCRIPTION = """One ordered conversation across an app, WhatsApp, Messenger, Instagram and Telegram.

JSON in UTF-8 with names in snake_case, ids are UUIDs in lower case, times RFC 3339 in UTC with milliseconds. Clients accept
fields that they do not know. Errors are problems (RFC 9457) with a stable `code`. Lists take `limit` and an opaque `cursor`,
and answer `items` and `next_cursor`. At 429 and 503 ask again after `Retry-After` seconds.

Sign in by `POST /token` and send the access token as `Authorization: Bearer`. Live events come over WebSockets, webhooks and
gRPC."""
_SECURITY: list[Json] = [{"bearer": []}, {"password": ["chat"]}]
_SCHEMES: Json = {
    "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "An access token"},
    "password": {
        "type": "oauth2",
        "description": "Sign in with name and password",
        "flows": {"password": {"tokenUrl": "/token", "refreshUrl": "/token", "scopes": {"chat": "All of the API"}}},
    },
}


def openapi(operations: tuple[Operation, ...] = OPERATIONS) -> Json:
    """The document."""
    schemas = Schemas.of_operations(operations)
    answers = Answers(operations, schemas)
    paths: Json = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation, schemas, answers)
    return {
        "openapi": "3.1.1",
        "info": {"title": "Chat4All", "version": VERSION, "description": _DESCRIPTION},
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": text} for name, text in TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": schemas.components,
            "parameters": {"IdempotencyKey": IDEMPOTENCY_KEY},
            "responses": dict(sorted(answers.components.items())),
            "headers": HEADERS,
            "securitySchemes": _SCHEMES,
        },
    }


def openapi_text() -> str:
    """The document as docs/openapi.json has it."""
    return json.dumps(openapi(), indent=2, ensure_ascii=False) + "\n"


def _operation(operation: Operation, schemas: Schemas, answers: Answers) -> Json:
    shown: dict[str, Any] = {"operationId": operation.id, "tags": [operation.tag], "summary": operation.summary}
    if operation.description:
        shown["description"] = operation.description
    shown["security"] = [] if operation.is_open else _SECURITY
    found = parameters(operation, schemas)
    if found:
        shown["parameters"] = found
    if operation.body is not None:
        content: Json = {"schema": schemas.ref(operation.body)}
        if operation.example is not None:
            content["examples"] = {"example": {"value": dict(operation.example)}}
        shown["requestBody"] = {
            "required": not operation.is_body_optional,
            "content": {operation.media_type: content},
        }
    return shown | {"responses": answers.of(operation)}
