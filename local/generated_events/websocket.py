"""Events of a WebSocket API: its routes and its authorizer."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from local.application import WebSocketApi
from local.endpoints import Endpoints
from local.generated_events.asked import Asked
from local.start_error import StartError
from local.websocket_api.events import (
    ApiIdentity,
    Moment,
    Upgrade,
    authorizer_event,
    connect_event,
    disconnect_event,
    message_event,
)
from local.websocket_api.route_selection import CONNECT, DISCONNECT, select_route
from local.websocket_api.session import Session

_NORMAL_CLOSURE = 1000


def route_event(api: WebSocketApi, port: int, function: str, asked: Asked, endpoints: Endpoints) -> dict[str, Any]:
    """The event of the route that was named, else of the one the body selects, else of the function's first.

    Raises StartError when that is not the function's.
    """
    own = [route.route_key for route in api.routes.values() if route.function == function]
    route_key = asked.route or (own[0] if asked.body is None else _selected(api, asked.body))
    if route_key not in own:
        raise StartError(f"The route {route_key} does not lead to {function}; its routes are: {', '.join(own)}.")
    identity, session = _identity(api, port, endpoints), _session(api, asked)
    if route_key == CONNECT:
        return connect_event(identity, session, _upgrade(asked, identity), Moment())
    if route_key == DISCONNECT:
        return disconnect_event(identity, session, Moment(), _NORMAL_CLOSURE, "")
    return message_event(identity, session, Moment(), route_key, asked.body or _message(api, route_key))


def authorization_event(api: WebSocketApi, port: int, asked: Asked, endpoints: Endpoints) -> dict[str, Any]:
    identity = _identity(api, port, endpoints)
    session = replace(_session(api, asked), authorizer=None)
    return authorizer_event(identity, session, _upgrade(asked, identity), Moment())


def _selected(api: WebSocketApi, body: str) -> str:
    route = select_route(api.route_selection_expression, api.routes, body)
    return route.route_key if route else "$default"


def _message(api: WebSocketApi, route_key: str) -> str:
    """The least that selects the route, where its key is one level deep."""
    name = api.route_selection_expression.rpartition(".")[2].removesuffix("}")
    return "hello" if route_key.startswith("$") else f'{{"{name}":"{route_key}"}}'


def _identity(api: WebSocketApi, port: int, endpoints: Endpoints) -> ApiIdentity:
    return ApiIdentity(api, endpoints.account_id, endpoints.region, f"{endpoints.host}:{port}")


def _session(api: WebSocketApi, asked: Asked) -> Session:
    """Of a caller whom the authorizer let in; what it says of them is flat, and only the template's author knows its names."""
    session = Session("127.0.0.1", "scripts/invoke")
    said = {"principalId": "someone", **dict(asked.claims)}
    return replace(session, authorizer=said) if api.authorizer else session


def _upgrade(asked: Asked, identity: ApiIdentity) -> Upgrade:
    return Upgrade([("Host", identity.domain_name), *asked.headers], urlencode(asked.query))
