"""SAM's OpenAPI definition of an HTTP API, read for a target that does not read it."""

from typing import Any

import pytest

from infra.deploy.http_definition import JwtAuthorizer, Route, UnknownDefinition, authorizers, routes


def _operation(function: str = "PetsFunction", **more: Any) -> dict[str, Any]:
    uri = {"Fn::Sub": f"arn:${{AWS::Partition}}:apigateway:…:functions/${{{function}.Arn}}/invocations"}
    return {"x-amazon-apigateway-integration": {"type": "aws_proxy", "uri": uri, "payloadFormatVersion": "2.0"}, **more}


_SCHEME = {
    "type": "oauth2",
    "x-amazon-apigateway-authorizer": {
        "type": "jwt",
        "jwtConfiguration": {"issuer": {"Ref": "Issuer"}, "audience": ["pets"]},
        "identitySource": "$request.header.Authorization",
    },
}


def test_routes_with_their_functions_authorizers_and_scopes() -> None:
    body = {
        "paths": {
            "/pets/{id}": {
                "get": _operation(security=[{"Token": ["read"]}]),
                "x-amazon-apigateway-any-method": _operation("OtherFunction", security=[{"NONE": []}]),
            },
            "$default": {"x-amazon-apigateway-any-method": _operation()},
        },
        "components": {"securitySchemes": {"Token": _SCHEME}},
    }
    assert routes(body) == [
        Route("GET /pets/{id}", "PetsFunction", "2.0", "Token", ("read",)),
        Route("ANY /pets/{id}", "OtherFunction", "2.0"),
        Route("$default", "PetsFunction", "2.0"),
    ]
    wanted = JwtAuthorizer("Token", "https://issuer", ("pets",), "$request.header.Authorization")
    assert authorizers(body, lambda given: "https://issuer" if isinstance(given, dict) else given) == {"Token": wanted}


def test_a_route_may_lead_to_an_alias() -> None:
    uri = {
        "Fn::Sub": "arn:${AWS::Partition}:apigateway:…:path/2015-03-31/functions/${PetsFunctionAliaslive}/invocations"
    }
    integration = {"uri": uri, "payloadFormatVersion": "2.0"}
    body = {"paths": {"/pets": {"get": {"x-amazon-apigateway-integration": integration}}}}
    assert routes(body) == [Route("GET /pets", "PetsFunctionAliaslive", "2.0")]


def test_what_cannot_be_read_is_named() -> None:
    with pytest.raises(UnknownDefinition, match="GET /pets has no function"):
        routes({"paths": {"/pets": {"get": {"x-amazon-apigateway-integration": {"uri": "https://elsewhere"}}}}})
    with pytest.raises(UnknownDefinition, match="Token is not of type jwt"):
        authorizers({"components": {"securitySchemes": {"Token": {"type": "apiKey"}}}}, str)
