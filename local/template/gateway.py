"""What HTTP and WebSocket APIs share: integrations, stages and the ignored parts of an API.

Properties: docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_ApiGatewayV2.html
"""

from local.template.context import Context, Properties
from local.template.resources import Resource

API_IGNORED = {
    "Name": "informative",
    "Description": "informative",
    "Tags": "informative",
    "Version": "informative",
    "FailOnWarnings": "an import with warnings is an error here in any case",
    "IpAddressType": "the stack listens on loopback",
    "DisableSchemaValidation": "no models are read",
}
_STAGE_IGNORED = {
    "Description": "informative",
    "Tags": "informative",
    "AccessLogSettings": "the stack keeps logs itself",
    "AutoDeploy": "routes are always those of the template",
    "DeploymentId": "routes are always those of the template",
}
_INTEGRATION_IGNORED = {
    "Description": "informative",
    "CredentialsArn": "permissions are not enforced here",
    "IntegrationMethod": "Lambda is always invoked by POST",
    "PassthroughBehavior": "a proxy integration passes all through",
}


def belongs_to(context: Context, resource: Resource, api: Resource) -> bool:
    """Return whether the resource's ApiId is this API."""
    value = context.resolver.resolve(resource.properties.get("ApiId"), resource.where("ApiId"))
    return bool(value == context.identities.unique_id(api))


def parts_of(context: Context, api: Resource, kind: str) -> list[Resource]:
    """Return the resources of type `AWS::ApiGatewayV2::{kind}` of one API."""
    return [each for each in context.of_type(f"AWS::ApiGatewayV2::{kind}") if belongs_to(context, each, api)]


def read_stage(context: Context, api: Resource) -> Properties:
    """Return the properties of the API's one stage: StageName, StageVariables and the settings of routes.

    Raises:
        TemplateError: there is none, so that AWS would serve nothing, or more than one.
    """
    stages = parts_of(context, api, "Stage")
    if not stages:
        raise Properties({}, api.where()).error("the API has no AWS::ApiGatewayV2::Stage, so nothing would answer")
    known = ("ApiId", "StageName", "StageVariables", "DefaultRouteSettings", "RouteSettings")
    stage = context.read(stages[0], known, _STAGE_IGNORED)
    if len(stages) > 1:
        raise stage.error(f"is a second stage of {api.logical_id}, and one is served here", "StageName")
    deployed = stages[0].properties
    if "DeploymentId" not in deployed and str(deployed.get("AutoDeploy", False)).lower() == "false":
        raise stage.error("the stage has neither AutoDeploy nor a DeploymentId, so nothing would answer")
    return stage


def read_integration(context: Context, api: Resource, target: str, route: Properties) -> Properties:
    """Return the properties of the Lambda proxy integration behind `Target: integrations/{id}`."""
    for integration in parts_of(context, api, "Integration"):
        if target == f"integrations/{integration.logical_id}":
            known = ("ApiId", "IntegrationType", "IntegrationUri", "TimeoutInMillis", "PayloadFormatVersion",
                     "ConnectionType")  # fmt: skip
            properties = context.read(integration, known, _INTEGRATION_IGNORED)
            properties.choice("IntegrationType", ("AWS_PROXY",))
            properties.choice("ConnectionType", ("INTERNET",), "INTERNET")
            return properties
    raise route.error(f"{target!r} is no integration of this API", "Target")


def integration_function(context: Context, integration: Properties) -> str:
    """Return the name of the function of an integration."""
    where = (*integration.where, "IntegrationUri")
    return context.function_name(integration.text("IntegrationUri"), where)


def timeout_s(integration: Properties, most_ms: int) -> float:
    """Return the timeout of an integration in seconds; unset means the most that the kind of API allows."""
    return integration.integer("TimeoutInMillis", most_ms, 50, most_ms) / 1000
