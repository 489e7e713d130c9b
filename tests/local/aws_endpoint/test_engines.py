"""boto3 through the endpoint to the real engines, which check its signatures; and a function that calls them."""

import asyncio
import hashlib
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from local.application import Application, Function
from local.aws_endpoint.server import AwsEndpoint
from local.endpoints import Endpoints
from local.engines.dynamodb import DynamoDb
from local.engines.dynamodb_build import dynoxide_path
from local.engines.engine import Folders
from local.engines.s3 import S3
from local.lambda_service.service import LambdaService
from local.ports import free_ports
from tests.local.aws_endpoint.parts import parts_of

pytestmark = pytest.mark.engines
_FUNCTION = """
import boto3
def handler(event, context):
    boto3.client("s3").put_object(Bucket="bucket", Key="from a function", Body=b"hello")
    boto3.client("lambda").list_functions()
    return boto3.client("sts").get_caller_identity()["Account"]
"""


@dataclass
class Stack:
    endpoints: Endpoints
    service: LambdaService

    async def call(self, service: str, operation: str, secret: str = "test", **arguments: Any) -> Any:
        """One boto3 call, in a thread."""

        def call() -> Any:
            answer = getattr(self.client(service, secret), operation)(**arguments)
            return answer["Body"].read() if "Body" in answer else answer

        return await asyncio.to_thread(call)

    def client(self, service: str, secret: str = "test", **settings: Any) -> Any:
        return boto3.client(
            service,
            endpoint_url=self.endpoints.aws_url,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key=secret,
            config=Config(retries={"total_max_attempts": 1}, **settings),
        )


@pytest.fixture
async def stack(tmp_path: Path) -> AsyncIterator[Stack]:
    aws, s3, dynamodb = free_ports(3)
    endpoints = Endpoints(aws_port=aws, s3_port=s3, dynamodb_port=dynamodb)
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "app.py").write_text(_FUNCTION)
    function = Function("F", "f", "arn", "python3.13", "app.handler", tmp_path / "code", (), {}, 30, 256)
    application = Application(tmp_path / "template.yaml", {"f": function})
    service = LambdaService(application, endpoints, tmp_path / "logs")
    async with AsyncExitStack() as parts:
        (tmp_path / "logs").mkdir()
        engines: list[S3 | DynamoDb] = [S3(Folders(tmp_path / "s3", tmp_path / "logs"), "127.0.0.1", s3)]
        if dynoxide_path().exists():
            engines.append(DynamoDb(Folders(tmp_path / "dynamodb", tmp_path / "logs"), "127.0.0.1", dynamodb))
        for engine in engines:
            parts.push_async_callback(engine.stop)
            await engine.start(lambda _text: None)
        for part in (service, AwsEndpoint(parts_of(application, endpoints, service, tmp_path))):
            parts.push_async_callback(part.stop)
            await part.start()
        yield Stack(endpoints, service)


async def test_s3(stack: Stack) -> None:
    await stack.call("s3", "create_bucket", Bucket="bucket")
    body = bytes(range(256)) * 40_000
    key = {"Bucket": "bucket", "Key": "a b/ü+&="}
    await stack.call("s3", "put_object", Body=body, **key)
    assert hashlib.sha256(await stack.call("s3", "get_object", **key)).digest() == hashlib.sha256(body).digest()
    assert await stack.call("s3", "get_object", Range="bytes=256-259", **key) == b"\x00\x01\x02\x03"
    assert (await stack.call("s3", "head_object", **key))["ContentLength"] == len(body)
    listed = await stack.call("s3", "list_objects_v2", Bucket="bucket")
    assert [found["Key"] for found in listed["Contents"]] == ["a b/ü+&="]
    with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
        await stack.call("s3", "get_object", secret="forged", **key)
    with pytest.raises(ClientError, match="NoSuchKey"):
        await stack.call("s3", "get_object", Bucket="bucket", Key="none")
    await stack.call("s3", "delete_object", **key)
    result = await stack.service.invoke("f", b"{}")
    assert result.payload == b'"000000000000"', result.payload
    assert await stack.call("s3", "get_object", Bucket="bucket", Key="from a function") == b"hello"


async def test_presigned_urls(stack: Stack) -> None:
    await stack.call("s3", "create_bucket", Bucket="bucket")
    client = stack.client("s3", signature_version="s3v4")
    put = client.generate_presigned_url("put_object", {"Bucket": "bucket", "Key": "k"})
    await asyncio.to_thread(send, put, "PUT", b"presigned")
    get = client.generate_presigned_url("get_object", {"Bucket": "bucket", "Key": "k"})
    assert await asyncio.to_thread(send, get, "GET") == b"presigned"
    with pytest.raises(urllib.error.HTTPError, match="403"):
        await asyncio.to_thread(send, get.replace("/k?", "/other?"), "GET")


@pytest.mark.skipif(not dynoxide_path().exists(), reason="dynoxide is not built")
async def test_dynamodb(stack: Stack) -> None:
    key = {"AttributeName": "id"}
    await stack.call(
        "dynamodb",
        "create_table",
        TableName="table-of-tests",
        KeySchema=[{**key, "KeyType": "HASH"}],
        AttributeDefinitions=[{**key, "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    await stack.call("dynamodb", "put_item", TableName="table-of-tests", Item={"id": {"S": "ü"}})
    found = await stack.call("dynamodb", "get_item", TableName="table-of-tests", Key={"id": {"S": "ü"}})
    assert found["Item"] == {"id": {"S": "ü"}}
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        await stack.call("dynamodb", "describe_table", TableName="none-of-these")
    streams = await stack.call("dynamodbstreams", "list_streams")
    assert streams["Streams"] == []


async def test_an_engine_that_is_away(tmp_path: Path) -> None:
    aws, nothing = free_ports(2)
    endpoints = Endpoints(aws_port=aws, s3_port=nothing, dynamodb_port=nothing)
    application = Application(tmp_path / "template.yaml", {})
    service = LambdaService(application, endpoints, tmp_path / "logs")
    endpoint = AwsEndpoint(parts_of(application, endpoints, service, tmp_path))
    await endpoint.start()
    stack = Stack(endpoints, service)
    try:
        with pytest.raises(ClientError, match=rf"The dynamodb engine at http://127\.0\.0\.1:{nothing} does not answer"):
            await stack.call("dynamodb", "list_tables")
        with pytest.raises(ClientError, match="The s3 engine at"):
            await stack.call("s3", "list_buckets")
    finally:
        await endpoint.stop()


def send(url: str, method: str, body: bytes | None = None) -> bytes:
    request = urllib.request.Request(url, body, {"Content-Type": ""} if body else {}, method=method)
    with urllib.request.urlopen(request, timeout=20) as answer:
        content: bytes = answer.read()
        return content
