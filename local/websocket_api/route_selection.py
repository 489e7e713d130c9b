"""Which route a message takes (Developer Guide, "Route selection expressions")."""

import json
from collections.abc import Mapping
from typing import Any

from local.application import WebSocketRoute

CONNECT, DISCONNECT, DEFAULT = "$connect", "$disconnect", "$default"


def select_route(expression: str, routes: Mapping[str, WebSocketRoute], message: str) -> WebSocketRoute | None:
    """Route of the message: that of the expression's value, else `$default`; None where there is neither.

    A message that is no JSON, or whose value is absent or no text, number or boolean, goes to `$default`.
    """
    key = _evaluate(expression, message)
    # A client must not reach the routes of the connection's life by naming them.
    if key is not None and not key.startswith("$") and key in routes:
        return routes[key]
    return routes.get(DEFAULT)


def check_expression(expression: str) -> None:
    """Raise ValueError for an expression other than `$request.body.x` (or `${request.body.x}`)."""
    _path(expression)


def _evaluate(expression: str, message: str) -> str | None:
    try:
        value: Any = json.loads(message)
    except (ValueError, RecursionError):
        return None
    for name in _path(expression):
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else None


def _path(expression: str) -> list[str]:
    inner = expression.removeprefix("$").removeprefix("{").removesuffix("}")
    names = inner.removeprefix("request.body.").split(".")
    if not expression.startswith("$") or not inner.startswith("request.body.") or not all(names):
        raise ValueError(f"route selection expression {expression!r} is none of the form $request.body.x")
    return names
