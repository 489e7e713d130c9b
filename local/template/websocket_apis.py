"""WebSocket APIs: SAM's AWS::Serverless::WebSocketApi becomes the same resources as one written by hand."""

from local.application import RequestAuthorizer, WebSocketApi, WebSocketRoute
from local.template.context import Context, Properties
from local.template.gateway import (
    API_IGNORED,
    integration_function,
    parts_of,
    read_integration,
    read_stage,
    timeout_s,
)
from local.template.http_apis import is_websocket
from local.template.resources import Resource
from local.template.throttles import check_route_settings, route_throttle

_MAXIMUM_TIMEOUT_MS = 29_000
_ROUTE_KNOWN = (
    "ApiId", "RouteKey", "Target", "AuthorizationType", "AuthorizerId", "RouteResponseSelectionExpression",
    "ApiKeyRequired",
)  # fmt: skip


def read_websocket_apis(context: Context) -> tuple[WebSocketApi, ...]:
    """Return the WebSocket APIs in the order of the template."""
    found = []
    for resource in context.of_type("AWS::ApiGatewayV2::Api"):
        with context.problems.attempt():
            if is_websocket(resource):
                found.append(_api(context, resource))
    return tuple(found)


def _api(context: Context, resource: Resource) -> WebSocketApi:
    known = ("ProtocolType", "RouteSelectionExpression", "DisableExecuteApiEndpoint")
    properties = context.read(resource, known, API_IGNORED)
    if properties.boolean("DisableExecuteApiEndpoint", False):
        raise properties.error("custom domains are not served here", "DisableExecuteApiEndpoint")
    stage = read_stage(context, resource)
    answering = _routes_with_response(context, resource)
    routes: dict[str, WebSocketRoute] = {}
    authorizer = None
    for each in parts_of(context, resource, "Route"):
        route = context.read(each, _ROUTE_KNOWN, {"OperationName": "informative"})
        key = route.text("RouteKey")
        if key in routes:
            raise route.error(f"the route {key} is there twice", "RouteKey")
        integration = read_integration(context, resource, route.text("Target"), route)
        routes[key] = WebSocketRoute(
            route_key=key,
            function=integration_function(context, integration),
            route_response=each.logical_id in answering,
            timeout_s=timeout_s(integration, _MAXIMUM_TIMEOUT_MS),
            throttle=route_throttle(stage, key),
        )
        if "RouteResponseSelectionExpression" in route and each.logical_id not in answering:
            reason = "without an AWS::ApiGatewayV2::RouteResponse nothing is returned to the client, as on AWS"
            context.ignore(f"{each.logical_id}.RouteResponseSelectionExpression", reason)
        authorizer = _authorizer(context, resource, route, key) or authorizer
    if not routes:
        raise properties.error("the API has no routes")
    check_route_settings(stage, set(routes))
    return WebSocketApi(
        logical_id=resource.logical_id,
        api_id=context.identities.unique_id(resource),
        stage=stage.text("StageName"),
        route_selection_expression=properties.text("RouteSelectionExpression"),
        routes=routes,
        authorizer=authorizer,
        stage_variables=stage.string_map("StageVariables"),
    )


def _routes_with_response(context: Context, api: Resource) -> set[str]:
    """Return the logical ids of routes with a route response, without which answers do not reach the client.

    Source: docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-response.html
    """
    found = set()
    for resource in parts_of(context, api, "RouteResponse"):
        properties = context.read(resource, ("ApiId", "RouteId", "RouteResponseKey"), {})
        properties.choice("RouteResponseKey", ("$default",))
        found.add(properties.text("RouteId"))
    return found


def _authorizer(context: Context, api: Resource, route: Properties, key: str) -> RequestAuthorizer | None:
    if route.boolean("ApiKeyRequired", False):
        raise route.error("API keys are not checked here", "ApiKeyRequired")
    if route.choice("AuthorizationType", ("NONE", "CUSTOM"), "NONE") == "NONE":
        return None
    if key != "$connect":
        raise route.error("only $connect can have an authorizer", "AuthorizationType")
    for resource in parts_of(context, api, "Authorizer"):
        if resource.logical_id == route.text("AuthorizerId"):
            known = ("ApiId", "AuthorizerType", "AuthorizerUri", "IdentitySource")
            ignored = {"Name": "informative", "AuthorizerCredentialsArn": "permissions are not enforced here"}
            properties = context.read(resource, known, ignored)
            properties.choice("AuthorizerType", ("REQUEST",))
            uri = (*properties.where, "AuthorizerUri")
            return RequestAuthorizer(
                function=context.function_name(properties.text("AuthorizerUri"), uri),
                identity_sources=properties.texts("IdentitySource"),
            )
    raise route.error(f"{route.text('AuthorizerId')!r} is no authorizer of this API", "AuthorizerId")
