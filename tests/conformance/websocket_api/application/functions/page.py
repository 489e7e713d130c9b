"""A route of an HTTP API beside the WebSocket APIs."""

from typing import Any


def handler(_event: dict[str, Any], _context: object) -> Any:
    return {"statusCode": 200, "body": "page"}
