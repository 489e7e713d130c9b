"""The event of payload format 1.0, for routes whose integration asks for it."""

from typing import Any

from local.api_gateway import request_time
from local.http_api.event_parts import decoded_path, encode_body, forwarded_headers, group, query_items
from local.http_api.exchange import Exchange
from local.http_api.jwt_rules import claim_texts

_IDENTITY_KEYS = (
    "accessKey",
    "accountId",
    "caller",
    "cognitoAmr",
    "cognitoAuthenticationProvider",
    "cognitoAuthenticationType",
    "cognitoIdentityId",
    "cognitoIdentityPoolId",
    "principalOrgId",
)


def build_event_v1(exchange: Exchange) -> dict[str, Any]:
    """Event for the route that matched. Absent values are null; single-value maps hold the last of repeated values."""
    request, match = exchange.request, exchange.match
    assert match is not None, "no event without a route"
    port = int(exchange.identity.domain_name.rpartition(":")[2])
    headers = group(forwarded_headers(request, port))
    query = group(query_items(request.query_string))
    body, is_base64 = None, False
    if exchange.body:
        body, is_base64 = encode_body(exchange.body, request.header("content-type"))
    return {
        "version": "1.0",
        "resource": _resource(match.route.route_key),
        "path": decoded_path(request.path),
        "httpMethod": request.method,
        "headers": {name: values[-1] for name, values in headers.items()},
        "multiValueHeaders": headers,
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "requestContext": _request_context(exchange),
        "pathParameters": dict(match.path_parameters) or None,
        "stageVariables": dict(exchange.identity.api.stage_variables) or None,
        "body": body,
        "isBase64Encoded": is_base64,
    }


def _request_context(exchange: Exchange) -> dict[str, Any]:
    request, identity, match = exchange.request, exchange.identity, exchange.match
    assert match is not None, "no event without a route"
    authorizer: dict[str, Any] | None = None
    if exchange.claims is not None:
        scopes = None if exchange.scopes is None else list(exchange.scopes)
        authorizer = {"claims": claim_texts(exchange.claims), "scopes": scopes}
    caller: dict[str, str | None] = dict.fromkeys(_IDENTITY_KEYS)
    caller |= {"sourceIp": request.source_ip, "user": None, "userAgent": request.header("user-agent"), "userArn": None}
    return {
        "accountId": identity.account_id,
        "apiId": identity.api.api_id,
        "authorizer": authorizer,
        "domainName": identity.domain_name,
        "domainPrefix": identity.api.api_id,
        "extendedRequestId": exchange.request_id,
        "httpMethod": request.method,
        "identity": caller,
        "path": decoded_path(request.path),
        "protocol": request.protocol,
        "requestId": exchange.request_id,
        "requestTime": request_time(exchange.received_ms),
        "requestTimeEpoch": exchange.received_ms,
        "resourceId": match.route.route_key,
        "resourcePath": _resource(match.route.route_key),
        "stage": identity.api.stage,
    }


def _resource(route_key: str) -> str:
    return route_key.rpartition(" ")[2]
