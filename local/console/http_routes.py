"""The API of routes: what the gateways serve, and a request made by hand."""

import time
from typing import Any

import aiohttp
from aiohttp import web

from local.application import Application
from local.console.answers import ApiError, Handler, read_body, text_of
from local.console.record_view import bytes_view
from local.console.stack_view import StackView
from local.endpoints import Endpoints

_TIMEOUT_S = 35.0
"""Above the gateway's own 30 s."""
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD")


class HttpRoutes:
    """Routes of the HTTP and WebSocket APIs of the application."""

    def __init__(self, stack: StackView) -> None:
        self._stack = stack

    def routes(self) -> list[tuple[str, str, Handler]]:
        return [("GET", "/api/routes", self.list), ("POST", "/api/http-requests", self.send)]

    async def list(self, _request: web.Request) -> Any:
        """{http: [{api, address, routes: [...]}], websocket: [{api, address, selection, routes: [...]}]}."""
        return routes_of(self._stack.application, self._stack.endpoints)

    async def send(self, request: web.Request) -> Any:
        """{api, method, path, headers?: [{name, value}], body?} -> {status, reason, headers, body, waited_ms}.

        Sent to that HTTP API of this stack, over its port. `body` is as `bytes_view`.
        """
        wish = await read_body(request)
        base = self._address(text_of(wish, "api"))
        method, path = text_of(wish, "method", "GET").upper(), text_of(wish, "path", "/")
        if method not in _METHODS:
            raise ApiError(400, f"method must be one of {', '.join(_METHODS)}")
        if not path.startswith("/") or any(character in path for character in "\r\n\0"):
            raise ApiError(400, "path must begin with / and hold no line breaks")
        headers, body = _headers(wish.get("headers", [])), text_of(wish, "body", "")
        began = time.perf_counter()
        try:
            async with (
                aiohttp.ClientSession(
                    timeout=aiohttp.ClientTimeout(total=_TIMEOUT_S), auto_decompress=False
                ) as session,
                session.request(
                    method, base + path, headers=headers, data=body.encode() or None, allow_redirects=False
                ) as answer,
            ):
                data = await answer.read()
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise ApiError(502, f"{base}{path[:200]}: {str(error) or 'no answer in time'}") from error
        return {
            "status": answer.status,
            "reason": answer.reason,
            "headers": [{"name": name, "value": value} for name, value in answer.headers.items()],
            "body": bytes_view(data),
            "waited_ms": round((time.perf_counter() - began) * 1000, 2),
        }

    def _address(self, api: str) -> str:
        apis = [one.logical_id for one in self._stack.application.http_apis]
        if api not in apis:
            raise ApiError(404, f"there is no HTTP API {api[:100]}")
        endpoints = self._stack.endpoints
        return f"http://{endpoints.host}:{endpoints.http_port + apis.index(api)}"


def routes_of(application: Application, endpoints: Endpoints) -> dict[str, Any]:
    """See `HttpRoutes.list`."""
    http = [
        {
            "api": api.logical_id,
            "address": f"http://{endpoints.host}:{endpoints.http_port + index}",
            "stage": api.stage,
            "routes": [
                {
                    "route": route.route_key,
                    "function": route.function,
                    "authorizer": route.authorizer.name if route.authorizer else None,
                    "scopes": list(route.scopes),
                    "payload_version": route.payload_version,
                    "timeout_s": route.timeout_s,
                }
                for route in api.routes
            ],
        }
        for index, api in enumerate(application.http_apis)
    ]
    websocket = [
        {
            "api": api.logical_id,
            "address": f"ws://{endpoints.host}:{endpoints.websocket_port + index}",
            "stage": api.stage,
            "selection": api.route_selection_expression,
            "authorizer": api.authorizer.function if api.authorizer else None,
            "routes": [
                {"route": route.route_key, "function": route.function, "route_response": route.route_response}
                for route in api.routes.values()
            ],
        }
        for index, api in enumerate(application.websocket_apis)
    ]
    return {"http": http, "websocket": websocket}


def _headers(given: Any) -> list[tuple[str, str]]:
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise ApiError(400, "headers must be a list of {name, value}")
    return [(text_of(one, "name"), text_of(one, "value")) for one in given]
