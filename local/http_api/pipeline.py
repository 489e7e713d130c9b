"""What happens to a request, in order: REQUEST_STEPS until one answers, then RESPONSE_STEPS."""

import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from local.api_gateway import LAMBDA_PAYLOAD_BYTES, TokenBucket, account_throttle
from local.application import HttpApi
from local.function_answer import MalformedAnswer
from local.http_api import cors
from local.http_api.authorization import authorize as authorize_by_jwt
from local.http_api.event_v1 import build_event_v1
from local.http_api.event_v2 import build_event_v2
from local.http_api.exchange import Exchange
from local.http_api.function_response import interpret
from local.http_api.issuer_keys import IssuerKeys
from local.http_api.messages import (
    BodyTooLarge,
    BrokenBody,
    Response,
    StalledBody,
    bad_request,
    header_fields_too_large,
    internal_server_error,
    not_found,
    request_entity_too_large,
    request_timeout,
    service_unavailable,
    too_many_requests,
)
from local.http_api.routes import RouteTable
from local.invocation import FunctionNotFound, Invocations, Stopped, TooManyRequests

HEADER_BYTES = 10_240
BODY_BYTES = 10 * 1024 * 1024
INTEGRATION_TIMEOUT_S = 30.0
"""Quotas of HTTP APIs: request line and headers, payload, integration timeout."""

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class Gateway:
    """What the steps share."""

    api: HttpApi
    invocations: Invocations
    routes: RouteTable
    keys: IssuerKeys = field(default_factory=IssuerKeys)
    throttle: TokenBucket = field(default_factory=account_throttle)
    route_throttles: Mapping[str, TokenBucket] = field(init=False)
    """By route key: of the routes whose stage limits them."""

    def __post_init__(self) -> None:
        limited = ((route.route_key, route.throttle) for route in self.api.routes)
        self.route_throttles = {key: TokenBucket(limit.rate_per_s, limit.burst) for key, limit in limited if limit}


async def refuse_over_throttle(gateway: Gateway, _exchange: Exchange) -> Response | None:
    return None if gateway.throttle.take() else too_many_requests()


async def refuse_large_headers(_gateway: Gateway, exchange: Exchange) -> Response | None:
    return header_fields_too_large() if exchange.request.header_bytes > HEADER_BYTES else None


async def answer_preflight(gateway: Gateway, exchange: Exchange) -> Response | None:
    return cors.preflight(gateway.api.cors, exchange.request) if gateway.api.cors else None


async def find_route(gateway: Gateway, exchange: Exchange) -> Response | None:
    path = _without_stage(exchange.request.path, gateway.api.stage)
    exchange.match = None if path is None else gateway.routes.match(exchange.request.method, path)
    return not_found() if exchange.match is None else None


async def refuse_over_route_throttle(gateway: Gateway, exchange: Exchange) -> Response | None:
    assert exchange.match is not None, "it is that of the route"
    bucket = gateway.route_throttles.get(exchange.match.route.route_key)
    return None if bucket is None or bucket.take() else too_many_requests()


async def meet_fault(gateway: Gateway, exchange: Exchange) -> Response | None:
    """What `scripts/fault` wants of the route."""
    if gateway.invocations.fault is None:
        return None
    assert exchange.match is not None, "it is that of the route"
    kind = await gateway.invocations.fault(exchange.match.route.route_key)
    if kind is None:
        return None
    return too_many_requests() if kind == "throttle" else internal_server_error()


async def authorize(gateway: Gateway, exchange: Exchange) -> Response | None:
    return await authorize_by_jwt(exchange, gateway.keys)


async def read_body(_gateway: Gateway, exchange: Exchange) -> Response | None:
    try:
        exchange.body = await exchange.request.read_body(BODY_BYTES)
    except BodyTooLarge:
        return request_entity_too_large()
    except StalledBody:
        return request_timeout()
    except BrokenBody:
        return bad_request()
    return None


async def call_function(gateway: Gateway, exchange: Exchange) -> Response | None:
    assert exchange.match is not None, "the function is that of the route"
    route = exchange.match.route
    build = build_event_v1 if route.payload_version == "1.0" else build_event_v2
    payload = _encoded(build(exchange))
    if len(payload) > LAMBDA_PAYLOAD_BYTES:
        return request_entity_too_large()
    timeout_s = min(route.timeout_s, INTEGRATION_TIMEOUT_S)
    try:
        result = await gateway.invocations.call(route.function, payload, timeout_s)
    except (TimeoutError, TooManyRequests, Stopped):
        return service_unavailable()
    except FunctionNotFound:
        _LOG.error("%s: function %s does not exist", route.route_key, route.function)
        return internal_server_error()
    if result.function_error is not None:
        return internal_server_error()
    try:
        return interpret(result.payload, route.payload_version)
    except MalformedAnswer as error:
        _LOG.error("%s: function %s: %s", route.route_key, route.function, error)
        return internal_server_error()


def _encoded(event: Mapping[str, Any]) -> bytes:
    try:
        return orjson.dumps(event)
    except TypeError:  # a claim with half a surrogate pair, which is JSON and not UTF-8
        return _ENCODER.encode(event).encode(errors="replace")


def override_cors_headers(gateway: Gateway, exchange: Exchange, response: Response) -> None:
    preflight_answered = response.status == 204 and exchange.match is None
    if gateway.api.cors and not preflight_answered:
        response.headers = cors.override(gateway.api.cors, exchange.request, response.headers)


def add_request_id(_gateway: Gateway, exchange: Exchange, response: Response) -> None:
    response.headers.append(("apigw-requestid", exchange.request_id))


RequestStep = Callable[[Gateway, Exchange], Awaitable[Response | None]]
ResponseStep = Callable[[Gateway, Exchange, Response], None]

REQUEST_STEPS: tuple[RequestStep, ...] = (
    refuse_over_throttle,
    refuse_large_headers,
    answer_preflight,
    find_route,
    refuse_over_route_throttle,
    meet_fault,
    authorize,
    read_body,
    call_function,
)
RESPONSE_STEPS: tuple[ResponseStep, ...] = (
    override_cors_headers,
    add_request_id,
)


async def handle(gateway: Gateway, exchange: Exchange) -> Response:
    """Answer one request. A fault of the gateway itself is logged and answered 500, as any other failure is."""
    try:
        response = await _first_answer(gateway, exchange)
    except Exception:
        _LOG.exception("%s %s failed in the gateway", exchange.request.method, exchange.request.path)
        response = internal_server_error()
    for step in RESPONSE_STEPS:
        step(gateway, exchange, response)
    return response


async def _first_answer(gateway: Gateway, exchange: Exchange) -> Response:
    for step in REQUEST_STEPS:
        response = await step(gateway, exchange)
        if response is not None:
            return response
    raise AssertionError("no step answered")


def _without_stage(path: str, stage: str) -> str | None:
    """Path that routes see. `$default` is served at the root; a named stage is the first segment of the path."""
    if stage == "$default":
        return path
    prefix = f"/{stage}"
    if path == prefix:
        return "/"
    return path.removeprefix(prefix) if path.startswith(f"{prefix}/") else None
