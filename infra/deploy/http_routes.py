"""Gives deployed HTTP APIs the routes of their OpenAPI definition, where the target has not read it.

AWS reads `Body` of AWS::ApiGatewayV2::Api; MiniStack (1.5) deploys the API without routes. This makes the missing ones by the
API's own operations, changes those that changed, and removes those that the template has no more. On a target that has
read the definition there is nothing to do.
"""

import json
from collections.abc import Mapping
from typing import Any

import boto3

from infra.deploy.http_definition import JwtAuthorizer, Route, UnknownDefinition, authorizers, routes


def _client(service: str) -> Any:
    return boto3.client(service)  # type: ignore[call-overload]


class _Stack:
    """A deployed CloudFormation stack."""

    def __init__(self, name: str) -> None:
        cloudformation = _client("cloudformation")
        answer: Any = cloudformation.get_template(StackName=name, TemplateStage="Processed")["TemplateBody"]
        self.template: Mapping[str, Any] = json.loads(answer) if isinstance(answer, str) else answer
        described = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        given = described.get("Parameters", [])
        self._parameters = {one["ParameterKey"]: one.get("ParameterValue", "") for one in given}
        pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=name)
        summaries = [summary for page in pages for summary in page["StackResourceSummaries"]]
        self._lambda = _client("lambda")
        self._arns: dict[str, str] = {}
        self.physical = {one["LogicalResourceId"]: one.get("PhysicalResourceId", "") for one in summaries}

    def function_arn(self, logical_id: str) -> str:
        """Of a function, asked for once, since many routes share one; or of an alias, which is its physical id."""
        physical: str = self.physical[logical_id]
        if physical.startswith("arn:"):
            return physical
        if logical_id not in self._arns:
            found = self._lambda.get_function_configuration(FunctionName=self.physical[logical_id])
            self._arns[logical_id] = str(found["FunctionArn"])
        return self._arns[logical_id]

    def value(self, given: Any) -> str:
        """Text of a literal or a parameter."""
        if isinstance(given, str):
            return given
        if isinstance(given, dict) and given.get("Ref") in self._parameters:
            return str(self._parameters[given["Ref"]])
        raise UnknownDefinition(f"{given} is neither a text nor a parameter")


def complete(stack_name: str) -> list[str]:
    """Make each HTTP API what its definition says; the keys of the routes that were made.

    Raises:
        UnknownDefinition: a route or an authorizer is of a kind that cannot be made here.
        botocore.exceptions.ClientError: the target refused.
    """
    stack = _Stack(stack_name)
    made = []
    for logical_id, resource in stack.template["Resources"].items():
        body = resource.get("Properties", {}).get("Body")
        if resource["Type"] == "AWS::ApiGatewayV2::Api" and body and logical_id in stack.physical:
            made += _ApiRoutes(stack, stack.physical[logical_id]).complete(body)
    return made


class _ApiRoutes:
    """Routes of one API."""

    def __init__(self, stack: _Stack, api_id: str) -> None:
        self._stack = stack
        self._api_id = api_id
        self._gateway = _client("apigatewayv2")
        self._integrations: dict[tuple[str, str], str] = {}

    def complete(self, body: Mapping[str, Any]) -> list[str]:
        wanted = routes(body)
        present = self._all("get_routes")
        authorizer_ids = self._authorizer_ids(authorizers(body, self._stack.value))
        for found in self._all("get_integrations"):
            version = found.get("PayloadFormatVersion", "2.0")
            self._integrations[found["IntegrationUri"], version] = found["IntegrationId"]
        of_key = {found["RouteKey"]: found for found in present}
        for key in of_key.keys() - {route.key for route in wanted}:
            self._gateway.delete_route(ApiId=self._api_id, RouteId=of_key[key]["RouteId"])
        return [route.key for route in wanted if self._put(route, of_key.get(route.key), authorizer_ids)]

    def _put(self, route: Route, present: Mapping[str, Any] | None, authorizer_ids: Mapping[str, str]) -> bool:
        """Whether the route was made or changed."""
        settings: dict[str, Any] = {
            "RouteKey": route.key,
            "Target": f"integrations/{self._integration_id(route)}",
            "AuthorizationType": "JWT" if route.authorizer else "NONE",
        }
        if route.authorizer:
            settings |= {"AuthorizerId": authorizer_ids[route.authorizer], "AuthorizationScopes": list(route.scopes)}
        if present is None:
            self._gateway.create_route(ApiId=self._api_id, **settings)
            return True
        empty: dict[str, Any] = {"AuthorizationScopes": []}
        if all((present.get(name) or empty.get(name)) == value for name, value in settings.items()):
            return False
        self._gateway.update_route(ApiId=self._api_id, RouteId=present["RouteId"], **settings)
        return True

    def _integration_id(self, route: Route) -> str:
        uri = self._stack.function_arn(route.function)
        key = (uri, route.payload_version)
        if key not in self._integrations:
            answer = self._gateway.create_integration(
                ApiId=self._api_id,
                IntegrationType="AWS_PROXY",
                IntegrationUri=uri,
                PayloadFormatVersion=route.payload_version,
            )
            self._integrations[key] = answer["IntegrationId"]
        return self._integrations[key]

    def _authorizer_ids(self, wanted: Mapping[str, JwtAuthorizer]) -> dict[str, str]:
        present = {found["Name"]: found for found in self._all("get_authorizers")}
        ids = {}
        for name, authorizer in wanted.items():
            settings: dict[str, Any] = {
                "Name": name,
                "AuthorizerType": "JWT",
                "IdentitySource": [authorizer.identity_source],
                "JwtConfiguration": {"Issuer": authorizer.issuer, "Audience": list(authorizer.audience)},
            }
            if name in present:
                ids[name] = present[name]["AuthorizerId"]
                self._gateway.update_authorizer(ApiId=self._api_id, AuthorizerId=ids[name], **settings)
            else:
                ids[name] = self._gateway.create_authorizer(ApiId=self._api_id, **settings)["AuthorizerId"]
        return ids

    def _all(self, operation: str) -> list[dict[str, Any]]:
        pages = self._gateway.get_paginator(operation).paginate(ApiId=self._api_id)
        return [item for page in pages for item in page["Items"]]
