"""A custom resource of a real template, made by its function in a real environment, answered over port 4566."""

from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from local.aws_endpoint.server import AwsEndpoint
from local.endpoints import Endpoints
from local.lambda_service.service import LambdaService
from local.ports import free_ports
from local.provisioning import CustomResourceResponses, ProvisioningError, provision
from local.template import load_application
from tests.local.aws_endpoint.parts import parts_of

_TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Parameters:
  Size: {Type: Number}
Resources:
  Maker:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: src/, Handler: app.handler, Runtime: python3.13, Timeout: 20}
  Thing:
    Type: Custom::Thing
    Properties: {ServiceToken: !GetAtt Maker.Arn, Size: !Ref Size}
"""
_HANDLER = """
import json
import urllib.request


def handler(event, context):
    size = int(event["ResourceProperties"]["Size"])
    answer = {key: event[key] for key in ("StackId", "RequestId", "LogicalResourceId")}
    answer["PhysicalResourceId"] = event.get("PhysicalResourceId", "thing-1")
    if size > 9:
        raise ValueError("far too large")
    answer |= {"Status": "SUCCESS"} if size < 5 else {"Status": "FAILED", "Reason": f"{size} is too large"}
    request = urllib.request.Request(event["ResponseURL"], json.dumps(answer).encode(), method="PUT")
    urllib.request.urlopen(request, timeout=10).close()
"""


async def make(folder: Path, size: str) -> list[str]:
    endpoints = Endpoints(aws_port=free_ports(1)[0])
    application = load_application(folder / "template.yaml", parameters={"Size": size}, endpoints=endpoints)
    service = LambdaService(application, endpoints, folder / "logs")
    responses = CustomResourceResponses()
    endpoint = AwsEndpoint(parts_of(application, endpoints, service, folder, deliver_custom_resource=responses.deliver))
    async with AsyncExitStack() as stack:
        for part in (service, endpoint):
            stack.push_async_callback(part.stop)
            await part.start()
        return await provision(application, endpoints, service.invoke, responses=responses, state=folder / "made.json")


async def test_made_updated_and_failing(tmp_path: Path):
    (tmp_path / "template.yaml").write_text(_TEMPLATE)
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "app.py").write_text(_HANDLER)
    assert await make(tmp_path, "1") == ["made Thing (Custom::Thing)"]
    assert await make(tmp_path, "1") == []
    assert await make(tmp_path, "2") == ["updated Thing (Custom::Thing)"]
    with pytest.raises(
        ProvisioningError, match=r"Update of Thing \(Custom::Thing\) failed: answered FAILED: 7 is too large"
    ):
        await make(tmp_path, "7")
    with pytest.raises(
        ProvisioningError, match=r"the function failed: .*far too large.*see the log of function local-Maker"
    ):
        await make(tmp_path, "12")
