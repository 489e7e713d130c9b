"""CloudFormation, reading: the stack that the template is, its outputs, and its resources that run here.

docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Operations.html
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from local.application import Application
from local.aws_endpoint.errors import AwsError, not_offered
from local.aws_endpoint.query_protocol import read_form, result

_NAMESPACE = "http://cloudformation.amazonaws.com/doc/2010-05-15/"
_COMPLETE = "CREATE_COMPLETE"


class CloudFormationApi:
    """Answers requests signed for `cloudformation`."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._started = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    async def handle(self, request: web.Request) -> web.Response:
        """Raises AwsError."""
        form = await read_form(request)
        action = form.get("Action", "")
        match action:
            case "DescribeStacks":
                self._check(form.get("StackName"), optional=True)
                return result(action, _NAMESPACE, {"Stacks": [self._stack()]})
            case "ListStacks":
                return result(action, _NAMESPACE, {"StackSummaries": [self._summary()]})
            case "ListStackResources":
                self._check(form.get("StackName"))
                summaries = [self._resource(*each) for each in stack_resources(self._application)]
                return result(action, _NAMESPACE, {"StackResourceSummaries": summaries})
            case "DescribeStackResources" | "DescribeStackResource":
                return result(action, _NAMESPACE, self._resources(action, form))
        raise not_offered("cloudformation", f"the action '{action}'")

    def _resources(self, action: str, form: Mapping[str, str]) -> dict[str, Any]:
        self._check(form.get("StackName"))
        wanted = form.get("LogicalResourceId")
        stack = {"StackName": self._application.stack_name, "StackId": self._application.stack_id}
        found = [stack | self._resource(*each) for each in stack_resources(self._application)]
        for each in found:
            each["Timestamp"] = each["LastUpdatedTimestamp"]
        if wanted is not None:
            found = [each for each in found if each["LogicalResourceId"] == wanted]
            if not found:
                text = f"Resource {wanted} does not exist for stack {self._application.stack_name}"
                raise AwsError(400, "ValidationError", text)
        if action == "DescribeStackResources":
            return {"StackResources": found}
        if wanted is None:
            raise AwsError(400, "ValidationError", "LogicalResourceId is required")
        return {"StackResourceDetail": found[0]}

    def _check(self, name: str | None, *, optional: bool = False) -> None:
        if name is None and not optional:
            raise AwsError(400, "ValidationError", "StackName is required")
        if name not in (None, self._application.stack_name, self._application.stack_id):
            raise AwsError(400, "ValidationError", f"Stack with id {name} does not exist")

    def _summary(self) -> dict[str, Any]:
        return {
            "StackId": self._application.stack_id,
            "StackName": self._application.stack_name,
            "CreationTime": self._started,
            "StackStatus": _COMPLETE,
        }

    def _stack(self) -> dict[str, Any]:
        outputs = self._application.outputs.items()
        return self._summary() | {
            "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
            "DisableRollback": "false",
            "Outputs": [{"OutputKey": key, "OutputValue": value} for key, value in outputs],
        }

    def _resource(self, logical_id: str, kind: str, physical_id: str) -> dict[str, Any]:
        return {
            "LogicalResourceId": logical_id,
            "PhysicalResourceId": physical_id,
            "ResourceType": kind,
            "LastUpdatedTimestamp": self._started,
            "ResourceStatus": _COMPLETE,
        }


def stack_resources(application: Application) -> list[tuple[str, str, str]]:
    """Logical id, type and physical id of each resource that runs here."""
    return [
        *((each.logical_id, "AWS::Lambda::Function", each.name) for each in application.functions.values()),
        *((each.logical_id, "AWS::ApiGatewayV2::Api", each.api_id) for each in application.http_apis),
        *((each.logical_id, "AWS::ApiGatewayV2::Api", each.api_id) for each in application.websocket_apis),
        *((each.logical_id, "AWS::Lambda::EventSourceMapping", each.uuid) for each in application.kafka_mappings),
        *((each.logical_id, "AWS::DynamoDB::Table", each.name) for each in application.tables),
        *((each.logical_id, "AWS::S3::Bucket", each.name) for each in application.buckets),
        *((each.logical_id, "AWS::SSM::Parameter", each.name) for each in application.ssm_parameters),
        *((each.logical_id, "AWS::SecretsManager::Secret", each.arn) for each in application.secrets),
        *((each.logical_id, _schedule_type(each.arn), each.name) for each in application.schedules),
    ]


def _schedule_type(arn: str) -> str:
    return "AWS::Scheduler::Schedule" if ":scheduler:" in arn else "AWS::Events::Rule"
