"""Names, ids and ARNs of resources: what Ref and Fn::GetAtt give.

Generated names are the same at each start, because data are kept under them.
Return values: docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
"""

import hashlib
import uuid
from collections.abc import Mapping
from typing import Any

from local.endpoints import Endpoints
from local.template.errors import TemplateError
from local.template.inert import reason_unserved
from local.template.intrinsics import NO_VALUE, Resolver, Where
from local.template.resources import Resource

_NAMESPACE = uuid.UUID("6c0f5d0a-3d0b-5c3e-9d0a-6b6f1f2b7c11")

_NAME_PROPERTIES = {
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Lambda::LayerVersion": "LayerName",
    "AWS::Lambda::Alias": "Name",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::Events::Rule": "Name",
    "AWS::Scheduler::Schedule": "Name",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::SSM::Parameter": "Name",
    "AWS::SecretsManager::Secret": "Name",
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::KMS::Alias": "AliasName",
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::CloudWatch::Dashboard": "DashboardName",
    "AWS::ApiGatewayV2::Stage": "StageName",
}
_NAME_LIMITS = {"AWS::Lambda::Function": 64, "AWS::S3::Bucket": 63, "AWS::Events::Rule": 64, "AWS::IAM::Role": 64}
_ARNS = {
    "AWS::Lambda::Function": "lambda:{region}:{account}:function:{name}",
    "AWS::DynamoDB::Table": "dynamodb:{region}:{account}:table/{name}",
    "AWS::S3::Bucket": "s3:::{name}",
    "AWS::Events::Rule": "events:{region}:{account}:rule/{name}",
    "AWS::Scheduler::Schedule": "scheduler:{region}:{account}:schedule/default/{name}",
    "AWS::Logs::LogGroup": "logs:{region}:{account}:log-group:{name}:*",
    "AWS::IAM::Role": "iam::{account}:role/{name}",
    "AWS::IAM::ManagedPolicy": "iam::{account}:policy/{name}",
    "AWS::KMS::Key": "kms:{region}:{account}:key/{id}",
    "AWS::CloudWatch::Alarm": "cloudwatch:{region}:{account}:alarm:{name}",
    "AWS::Lambda::LayerVersion": "lambda:{region}:{account}:layer:{name}:1",
    "AWS::SQS::Queue": "sqs:{region}:{account}:{name}",
    "AWS::SNS::Topic": "sns:{region}:{account}:{name}",
    "AWS::Lambda::EventSourceMapping": "lambda:{region}:{account}:event-source-mapping:{id}",
    "AWS::SecretsManager::Secret": "secretsmanager:{region}:{account}:secret:{name}-{suffix}",
}
_REF_IS_ID = {"AWS::Lambda::EventSourceMapping", "AWS::KMS::Key"}
_REF_IS_ARN = {
    "AWS::Lambda::LayerVersion",
    "AWS::IAM::ManagedPolicy",
    "AWS::SNS::Topic",
    "AWS::SecretsManager::Secret",
}
_REF_IS_LOGICAL_ID = {
    "AWS::ApiGatewayV2::Route",
    "AWS::ApiGatewayV2::Integration",
    "AWS::ApiGatewayV2::Authorizer",
    "AWS::ApiGatewayV2::Deployment",
    "AWS::ApiGatewayV2::RouteResponse",
}
_ARN_ATTRIBUTES = {"Arn", "LayerVersionArn", "EventSourceMappingArn", "PolicyArn"}
_ID_ATTRIBUTES = {"Id", "KeyId", "ApiId", "AuthorizerId", "IntegrationId", "RouteId", "DeploymentId", "RouteResponseId"}


def api_id(logical_id: str) -> str:
    """Return an id as API Gateway gives: 10 lower-case letters and digits, always the same for a logical id."""
    number = int.from_bytes(hashlib.sha256(logical_id.encode()).digest()[:8])
    digits = "abcdefghijklmnopqrstuvwxyz0123456789"
    letters = []
    for _ in range(10):
        number, rest = divmod(number, len(digits))
        letters.append(digits[rest])
    return "".join(letters)


def generated_name(stack_name: str, logical_id: str, limit: int) -> str:
    """Return `{stack_name}-{logical_id}`, shortened to the limit with a hash of what was cut."""
    name = f"{stack_name}-{logical_id}"
    if len(name) <= limit:
        return name
    return f"{name[: limit - 9]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


class Identities:
    """What names in the template stand for. Set `resolver` before use: names may hold intrinsics themselves."""

    resolver: Resolver

    def __init__(
        self,
        stack_name: str,
        endpoints: Endpoints,
        parameters: Mapping[str, str | list[str]],
        left_out: Mapping[str, str],
    ) -> None:
        """`left_out` are the types, by logical id, of resources that are left out on purpose."""
        self.resources: Mapping[str, Resource] = {}
        self._left_out = left_out
        self._stack_name = stack_name
        self._endpoints = endpoints
        self.parameters: dict[str, Any] = {
            **parameters,
            "AWS::Region": endpoints.region,
            "AWS::AccountId": endpoints.account_id,
            "AWS::Partition": "aws",
            "AWS::StackName": stack_name,
            "AWS::StackId": f"arn:aws:cloudformation:{endpoints.region}:{endpoints.account_id}:stack/{stack_name}/"
            + str(uuid.uuid5(_NAMESPACE, stack_name)),
            "AWS::URLSuffix": "amazonaws.com",
            "AWS::NoValue": NO_VALUE,
            "AWS::NotificationARNs": [],
        }

    def name(self, resource: Resource) -> str:
        """Return the physical name: the template's own, else a generated one."""
        given = resource.properties.get(_NAME_PROPERTIES.get(resource.type, ""))
        if given is not None:
            where = resource.where(_NAME_PROPERTIES[resource.type])
            value = self.resolver.resolve(given, where)
            if isinstance(value, str) and value:
                return value
            if value is not NO_VALUE:
                raise TemplateError(f"a name is needed, not {value!r}", where)
        name = generated_name(self._stack_name, resource.logical_id, _NAME_LIMITS.get(resource.type, 255))
        return name.lower() if resource.type == "AWS::S3::Bucket" else name

    def unique_id(self, resource: Resource) -> str:
        """Return the id of a resource that AWS gives a UUID (or, for an API, ten letters)."""
        if resource.type == "AWS::ApiGatewayV2::Api":
            return api_id(resource.logical_id)
        if resource.type in _REF_IS_LOGICAL_ID:
            return resource.logical_id
        return str(uuid.uuid5(_NAMESPACE, f"{self._stack_name}/{resource.logical_id}"))

    def arn(self, resource: Resource, where: Where = ()) -> str:
        """Return the ARN of a resource."""
        if resource.type in ("AWS::Lambda::Version", "AWS::Lambda::Alias"):
            function = self.resolver.resolve(resource.properties.get("FunctionName"), resource.where("FunctionName"))
            qualifier = "1" if resource.type == "AWS::Lambda::Version" else self.name(resource)
            name = str(function).rpartition(":function:")[2]
            return self._arn("AWS::Lambda::Function", name, "") + f":{qualifier}"
        if resource.type not in _ARNS:
            raise TemplateError(f"the ARN of {resource.logical_id} ({resource.type}) is not known here", where)
        return self._arn(resource.type, self.name(resource), self.unique_id(resource))

    def ref(self, name: str, where: Where) -> Any:
        """Return what `!Ref name` gives."""
        if name in self.parameters:
            return self.parameters[name]
        resource = self._resource(name, where)
        if resource.type in _REF_IS_ARN or resource.type in ("AWS::Lambda::Version", "AWS::Lambda::Alias"):
            return self.arn(resource, where)
        if resource.type in _REF_IS_ID or resource.type == "AWS::ApiGatewayV2::Api":
            return self.unique_id(resource)
        if resource.type in _REF_IS_LOGICAL_ID:
            return resource.logical_id
        return self.name(resource)

    def get_att(self, logical_id: str, attribute: str, where: Where) -> Any:
        """Return what `!GetAtt logical_id.attribute` gives."""
        resource = self._resource(logical_id, where)
        if attribute in _ARN_ATTRIBUTES and resource.type != "AWS::Lambda::Version":
            return self.arn(resource, where)
        if attribute == "Id" and resource.type == "AWS::SecretsManager::Secret":
            return self.arn(resource, where)
        if attribute in _ID_ATTRIBUTES:
            return self.unique_id(resource)
        if resource.type == "AWS::ApiGatewayV2::Api" and attribute == "ApiEndpoint":
            scheme = "wss" if resource.properties.get("ProtocolType") == "WEBSOCKET" else "https"
            return f"{scheme}://{self.unique_id(resource)}.execute-api.{self._endpoints.region}.amazonaws.com"
        if resource.type == "AWS::SSM::Parameter" and attribute in ("Value", "Type"):
            return self.resolver.resolve(resource.properties.get(attribute), resource.where(attribute))
        if resource.type == "AWS::Lambda::Version" and attribute in ("Version", "FunctionArn"):
            return "1" if attribute == "Version" else self.arn(resource, where)
        raise TemplateError(f"{resource.type} has no attribute {attribute} here", where)

    def _resource(self, name: str, where: Where) -> Resource:
        resource = self.resources.get(name)
        if name in self._left_out:
            raise TemplateError(f"refers to {name} ({self._left_out[name]}), which is left out (--without)", where)
        if resource is None:
            raise TemplateError(f"{name} is no parameter, nor a resource whose condition holds", where)
        if reason := reason_unserved(resource.type):
            raise TemplateError(f"refers to {name} ({resource.type}), and {reason}", where)
        if resource.type.startswith("Custom::") or resource.type == "AWS::CloudFormation::CustomResource":
            raise TemplateError(f"what the custom resource {name} returns cannot be referred to here", where)
        return resource

    def _arn(self, resource_type: str, name: str, unique_id: str) -> str:
        form = _ARNS[resource_type]
        endpoints = self._endpoints
        suffix = api_id(unique_id)[:6]  # the six characters with which the ARN of a secret ends
        names = {"region": endpoints.region, "account": endpoints.account_id, "name": name}
        return "arn:aws:" + form.format(**names, id=unique_id, suffix=suffix)
