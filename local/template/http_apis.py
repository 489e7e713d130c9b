"""HTTP APIs: from an OpenAPI body, from Route and Integration resources, or both."""

from dataclasses import replace

from local.application import Cors, HttpApi, HttpRoute, JwtAuthorizer
from local.template.context import Context, Properties
from local.template.gateway import (
    API_IGNORED,
    integration_function,
    parts_of,
    read_integration,
    read_stage,
    timeout_s,
)
from local.template.openapi import MAXIMUM_TIMEOUT_MS, read_openapi
from local.template.resources import Resource
from local.template.throttles import check_route_settings, route_throttle

_KNOWN = ("ProtocolType", "Body", "CorsConfiguration", "DisableExecuteApiEndpoint")
_ROUTE_LIMIT = 300


def is_websocket(resource: Resource) -> bool:
    """Return whether an AWS::ApiGatewayV2::Api is a WebSocket API."""
    return resource.properties.get("ProtocolType") == "WEBSOCKET"


def read_http_apis(context: Context) -> tuple[HttpApi, ...]:
    """Return the HTTP APIs in the order of the template."""
    found = []
    for resource in context.of_type("AWS::ApiGatewayV2::Api"):
        with context.problems.attempt():
            if not is_websocket(resource):
                found.append(_api(context, resource))
    return tuple(found)


def _api(context: Context, resource: Resource) -> HttpApi:
    properties = context.read(resource, _KNOWN, API_IGNORED)
    if properties.boolean("DisableExecuteApiEndpoint", False):
        raise properties.error("custom domains are not served here", "DisableExecuteApiEndpoint")
    stage = read_stage(context, resource)
    body = properties.part("Body")
    routes = read_openapi(context, body) + _raw_routes(context, resource)
    keys = [route.route_key for route in routes]
    for key in keys:
        if keys.count(key) > 1:
            raise properties.error(f"the route {key} is there twice")
    if not routes:
        raise properties.error("the API has no routes")
    if len(routes) > _ROUTE_LIMIT:
        raise properties.error(f"the API has {len(routes)} routes, and API Gateway allows {_ROUTE_LIMIT}")
    check_route_settings(stage, set(keys))
    return HttpApi(
        logical_id=resource.logical_id,
        api_id=context.identities.unique_id(resource),
        stage=stage.text("StageName"),
        routes=tuple(replace(route, throttle=route_throttle(stage, route.route_key)) for route in routes),
        cors=_cors(properties, body),
        stage_variables=stage.string_map("StageVariables"),
    )


def _cors(properties: Properties, body: Properties) -> Cors | None:
    if "CorsConfiguration" in properties:
        part = properties.part("CorsConfiguration")
        values = {name[:1].lower() + name[1:]: value for name, value in part.values.items()}
    elif "x-amazon-apigateway-cors" in body:
        part = body.part("x-amazon-apigateway-cors")
        values = dict(part.values)
    else:
        return None
    cors = Properties(values, part.where)
    cors.only(("allowOrigins", "allowMethods", "allowHeaders", "exposeHeaders", "maxAge", "allowCredentials"))
    credentials = cors.boolean("allowCredentials", False)
    if credentials and "*" in cors.texts("allowOrigins"):
        raise cors.error("credentials cannot be allowed for every origin (*)", "allowCredentials")
    return Cors(
        allow_origins=cors.texts("allowOrigins"),
        allow_methods=cors.texts("allowMethods"),
        allow_headers=cors.texts("allowHeaders"),
        expose_headers=cors.texts("exposeHeaders"),
        max_age_s=cors.integer("maxAge", 0, -1, 86_400) if "maxAge" in cors else None,
        allow_credentials=credentials,
    )


def _raw_routes(context: Context, api: Resource) -> list[HttpRoute]:
    authorizers = _raw_authorizers(context, api)
    routes = []
    for resource in parts_of(context, api, "Route"):
        known = ("ApiId", "RouteKey", "Target", "AuthorizationType", "AuthorizerId", "AuthorizationScopes")
        route = context.read(resource, known, {"OperationName": "informative"})
        integration = read_integration(context, api, route.text("Target"), route)
        kind = route.choice("AuthorizationType", ("NONE", "JWT"), "NONE")
        if kind == "JWT" and route.text("AuthorizerId") not in authorizers:
            raise route.error(f"{route.text('AuthorizerId')!r} is no authorizer of this API", "AuthorizerId")
        routes.append(
            HttpRoute(
                route_key=route.text("RouteKey"),
                function=integration_function(context, integration),
                payload_version=integration.choice("PayloadFormatVersion", ("1.0", "2.0")),
                authorizer=authorizers[route.text("AuthorizerId")] if kind == "JWT" else None,
                scopes=route.texts("AuthorizationScopes"),
                timeout_s=timeout_s(integration, MAXIMUM_TIMEOUT_MS),
            )
        )
    return routes


def _raw_authorizers(context: Context, api: Resource) -> dict[str, JwtAuthorizer]:
    found = {}
    for resource in parts_of(context, api, "Authorizer"):
        known = ("ApiId", "Name", "AuthorizerType", "IdentitySource", "JwtConfiguration")
        properties = context.read(resource, known, {})
        properties.choice("AuthorizerType", ("JWT",))
        configuration = properties.part("JwtConfiguration", ("Issuer", "Audience"))
        found[resource.logical_id] = JwtAuthorizer(
            name=properties.text("Name"),
            issuer=configuration.text("Issuer"),
            audience=configuration.texts("Audience"),
            identity_source=",".join(properties.texts("IdentitySource")) or "$request.header.Authorization",
        )
    return found
