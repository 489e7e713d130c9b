"""The event of a request to an HTTP API."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from local.application import HttpApi, HttpRoute
from local.endpoints import Endpoints
from local.generated_events.asked import Asked
from local.http_api.event_v1 import build_event_v1
from local.http_api.event_v2 import build_event_v2
from local.http_api.exchange import ApiIdentity, Exchange
from local.http_api.messages import Request
from local.http_api.routes import Match, RouteTable
from local.start_error import StartError

_VARIABLE = re.compile(r"\{([^}+]+)\+?\}")


def http_event(apis: tuple[HttpApi, ...], function: str, asked: Asked, endpoints: Endpoints) -> dict[str, Any]:
    """Raises StartError when no such request would reach the function."""
    found = [
        (index, api, route) for index, api in enumerate(apis) for route in api.routes if route.function == function
    ]
    path, _, query = (asked.path or "").partition("?")
    for index, api, route in found:
        method = asked.method or _method(route)
        match = _match(api, route, method.upper(), path or _path(route))
        if match is not None:
            named = [query] if query else []
            text = "&".join([*named, *([urlencode(asked.query)] if asked.query else [])])
            domain = f"{endpoints.host}:{endpoints.http_port + index}"
            request = _request(method.upper(), _staged(api, path or _path(route)), text, domain, asked)
            exchange = Exchange(request, ApiIdentity(api, endpoints.account_id, domain), match=match)
            exchange.body = (asked.body or "").encode()
            exchange.claims, exchange.scopes = _claims(match.route, asked)
            return build_event_v1(exchange) if match.route.payload_version == "1.0" else build_event_v2(exchange)
    asked_for = " ".join(part for part in (asked.method, path) if part)
    routes = ", ".join(route.route_key for _, _, route in found)
    raise StartError(f"{asked_for} does not lead to {function}; its routes are: {routes}.")


def _match(api: HttpApi, route: HttpRoute, method: str, path: str) -> Match | None:
    """The match that a request finds, when it is that of the route's function."""
    match = RouteTable(api.routes).match(method, path)
    return match if match is not None and match.route.function == route.function else None


def _method(route: HttpRoute) -> str:
    method = route.route_key.partition(" ")[0]
    return "GET" if method in ("ANY", "$default") else method


def _path(route: HttpRoute) -> str:
    """Each variable of it stands for itself: `/pets/{name}` is `/pets/name`."""
    path = route.route_key.partition(" ")[2] or "/"
    return _VARIABLE.sub(lambda found: quote(found[1]), path)


def _staged(api: HttpApi, path: str) -> str:
    return path if api.stage == "$default" else f"/{api.stage}{path}"


def _request(method: str, path: str, query: str, host: str, asked: Asked) -> Request:
    headers = [(name.lower(), value) for name, value in asked.headers]
    names = {name for name, _ in headers}
    body = (asked.body or "").encode()
    if body and "content-type" not in names:
        headers.append(("content-type", _content_type(body)))
    if body and "content-length" not in names:
        headers.append(("content-length", str(len(body))))
    for name, value in (("host", host), ("user-agent", "scripts/invoke")):
        if name not in names:
            headers.append((name, value))

    async def read_body(_limit: int) -> bytes:
        return body

    return Request(method, path, query, headers, 0, "HTTP/1.1", "127.0.0.1", read_body)


def _content_type(body: bytes) -> str:
    try:
        json.loads(body)
    except ValueError:
        return "text/plain"
    return "application/json"


def _claims(route: HttpRoute, asked: Asked) -> tuple[Mapping[str, Any] | None, tuple[str, ...] | None]:
    """What a token that the route's authorizer takes would say at least."""
    authorizer = route.authorizer
    if authorizer is None:
        return None, None
    audience = authorizer.audience[0] if authorizer.audience else ""
    claims: dict[str, Any] = {"iss": authorizer.issuer, "aud": audience, "sub": "someone"}
    if route.scopes:
        claims["scope"] = " ".join(route.scopes)
    return claims | dict(asked.claims), route.scopes or None
