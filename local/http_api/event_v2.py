"""The event of payload format 2.0 (Developer Guide, "Create AWS Lambda proxy integrations for HTTP APIs")."""

from typing import Any

from local.api_gateway import request_time
from local.http_api.event_parts import decoded_path, encode_body, fold, forwarded_headers, query_items
from local.http_api.exchange import Exchange
from local.http_api.jwt_rules import claim_texts


def build_event_v2(exchange: Exchange) -> dict[str, Any]:
    """Event for the route that matched. Optional keys that would be empty are left out."""
    request, match = exchange.request, exchange.match
    assert match is not None, "no event without a route"
    headers = forwarded_headers(request, _port(exchange))
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": match.route.route_key,
        "rawPath": decoded_path(request.path),
        "rawQueryString": request.query_string,
    }
    # The cookie header moves: each cookie of it is one entry of `cookies`.
    cookies = [cookie.strip() for name, value in headers if name == "cookie" for cookie in value.split(";")]
    if cookies:
        event["cookies"] = cookies
    event["headers"] = fold([item for item in headers if item[0] != "cookie"])
    if request.query_string:
        event["queryStringParameters"] = fold(query_items(request.query_string))
    event["requestContext"] = _request_context(exchange)
    if match.path_parameters:
        event["pathParameters"] = dict(match.path_parameters)
    if exchange.identity.api.stage_variables:
        event["stageVariables"] = dict(exchange.identity.api.stage_variables)
    event["isBase64Encoded"] = False
    if exchange.body:
        event["body"], event["isBase64Encoded"] = encode_body(exchange.body, request.header("content-type"))
    return event


def _request_context(exchange: Exchange) -> dict[str, Any]:
    request, identity, match = exchange.request, exchange.identity, exchange.match
    assert match is not None, "no event without a route"
    context: dict[str, Any] = {
        "accountId": identity.account_id,
        "apiId": identity.api.api_id,
        "domainName": identity.domain_name,
        "domainPrefix": identity.api.api_id,
        "http": {
            "method": request.method,
            "path": decoded_path(request.path),
            "protocol": request.protocol,
            "sourceIp": request.source_ip,
            "userAgent": request.header("user-agent") or "",
        },
        "requestId": exchange.request_id,
        "routeKey": match.route.route_key,
        "stage": identity.api.stage,
        "time": request_time(exchange.received_ms),
        "timeEpoch": exchange.received_ms,
    }
    if exchange.claims is not None:
        scopes = None if exchange.scopes is None else list(exchange.scopes)
        context["authorizer"] = {"jwt": {"claims": claim_texts(exchange.claims), "scopes": scopes}}
    return context


def _port(exchange: Exchange) -> int:
    return int(exchange.identity.domain_name.rpartition(":")[2])
