"""Routes of an HTTP API in the OpenAPI definition that SAM makes of it.

Source: "Working with OpenAPI definitions for HTTP APIs" and "x-amazon-apigateway-authorizer" in the API Gateway guide.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

_FUNCTION = re.compile(r"functions/\$\{(\w+)(?:\.Arn)?\}")
"""GetAtt of a function, or Ref of an alias of one."""
_ANY_METHOD = "x-amazon-apigateway-any-method"


@dataclass(frozen=True, slots=True)
class Route:
    key: str
    """`GET /pets/{id}`, `$default`."""
    function: str
    """Logical id of the function, or of its alias, in the template."""
    payload_version: str
    authorizer: str = ""
    """Name of the JWT authorizer; empty for none."""
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class JwtAuthorizer:
    name: str
    issuer: str
    audience: tuple[str, ...]
    identity_source: str


class UnknownDefinition(ValueError):
    """A part of the definition that this module cannot read; the text names it."""


def authorizers(body: Mapping[str, Any], value: Callable[[Any], str]) -> dict[str, JwtAuthorizer]:
    """JWT authorizers by name. `value` gives the text of what the template says, such as `{"Ref": "Issuer"}`."""
    found = {}
    for name, scheme in body.get("components", {}).get("securitySchemes", {}).items():
        given = scheme.get("x-amazon-apigateway-authorizer", {})
        if given.get("type") != "jwt":
            raise UnknownDefinition(f"the authorizer {name} is not of type jwt")
        settings = given["jwtConfiguration"]
        audience = tuple(map(value, settings["audience"]))
        found[name] = JwtAuthorizer(name, value(settings["issuer"]), audience, value(given["identitySource"]))
    return found


def routes(body: Mapping[str, Any]) -> list[Route]:
    """All routes, in the order of the definition. Raises UnknownDefinition."""
    known = body.get("components", {}).get("securitySchemes", {})
    return [
        _route(path, method, operation, known)
        for path, operations in body.get("paths", {}).items()
        for method, operation in operations.items()
        if method != "options" or "x-amazon-apigateway-integration" in operation
    ]


def _route(path: str, method: str, operation: Mapping[str, Any], known: Mapping[str, Any]) -> Route:
    key = path if path == "$default" else f"{'ANY' if method == _ANY_METHOD else method.upper()} {path}"
    integration = operation.get("x-amazon-apigateway-integration", {})
    uri = integration.get("uri", {})
    found = _FUNCTION.search(uri.get("Fn::Sub", "") if isinstance(uri, dict) else "")
    if found is None:
        raise UnknownDefinition(f"{key} has no function of the template as its integration")
    # SAM writes {"NONE": []} for a route without its API's default authorizer.
    chosen = [(name, scopes) for security in operation.get("security", []) for name, scopes in security.items()]
    name, scopes = next(((name, scopes) for name, scopes in chosen if name in known), ("", []))
    return Route(key, found[1], integration.get("payloadFormatVersion", "2.0"), name, tuple(scopes))
