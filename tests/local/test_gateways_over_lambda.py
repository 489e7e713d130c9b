"""Both gateways over the stack's own Lambda service: a small application as its users see it."""

import asyncio
import json
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import boto3
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from local.application import (
    Application,
    Function,
    HttpApi,
    HttpRoute,
    RequestAuthorizer,
    WebSocketApi,
    WebSocketRoute,
)
from local.aws_endpoint.server import AwsEndpoint
from local.endpoints import Endpoints
from local.http_api.server import HttpApiServer
from local.lambda_service.service import LambdaService
from local.websocket_api.server import WebSocketApiServer

CODE = """
import json

def greet(event, context):
    if "queryStringParameters" not in event:
        raise ValueError("no name")
    return {"statusCode": 200, "body": json.dumps({"hello": event["queryStringParameters"]["name"]})}

def authorize(event, context):
    if event["queryStringParameters"]["token"] != "good":
        raise Exception("Unauthorized")
    statement = {"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": event["methodArn"]}
    return {"principalId": "ann", "policyDocument": {"Version": "2012-10-17", "Statement": [statement]}}

def answer(event, context):
    context_ = event["requestContext"]
    principal = context_["authorizer"]["principalId"]
    return {"statusCode": 200, "body": f"{principal} {context_['routeKey']} {context_['connectionId']}"}
"""


@dataclass(frozen=True)
class Running:
    http_url: str
    websocket_url: str
    management_url: str


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def function(name: str, code: Path) -> Function:
    return Function(
        logical_id=name,
        name=name,
        arn=f"arn:aws:lambda:us-east-1:000000000000:function:{name}",
        runtime=f"python3.{sys.version_info.minor}",
        handler=f"app.{name}",
        code=code,
        layers=(),
        environment={},
        timeout_s=10,
        memory_mb=128,
    )


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    code = tmp_path / "code"
    code.mkdir()
    (code / "app.py").write_text(CODE)
    names = ("greet", "authorize", "answer")
    http_api = HttpApi("Http", "http1", "$default", (HttpRoute("GET /greet", "greet"),))
    routes = {
        key: WebSocketRoute(key, "answer", route_response=True) for key in ("$connect", "$disconnect", "$default")
    }
    authorizer = RequestAuthorizer("authorize", ("route.request.querystring.token",))
    websocket_api = WebSocketApi("Ws", "ws1", "live", "$request.body.action", routes, authorizer)
    functions = {name: function(name, code) for name in names}
    application = Application(tmp_path / "template.yaml", functions, websocket_apis=(websocket_api,))
    endpoints = Endpoints(aws_port=free_port())
    service = LambdaService(application, endpoints, tmp_path / "logs")
    async with AsyncExitStack() as stack:
        stack.push_async_callback(service.stop)
        await service.start()
        http = HttpApiServer(http_api, service, endpoints, "127.0.0.1", 0)
        stack.push_async_callback(http.stop)
        await http.start()
        websocket = WebSocketApiServer(websocket_api, service, endpoints, "127.0.0.1", 0)
        stack.push_async_callback(websocket.stop)
        await websocket.start()
        aws = AwsEndpoint(service, endpoints, {"ws1": websocket.connections}, application, lambda _token, _body: False)
        stack.push_async_callback(aws.stop)
        await aws.start()
        management_url = endpoints.execute_api_url("ws1", "live")
        yield Running(f"http://127.0.0.1:{http.port}", f"ws://127.0.0.1:{websocket.port}", management_url)


async def test_http_and_websocket_clients_reach_functions(running: Running) -> None:
    async with aiohttp.ClientSession() as client:
        async with client.get(f"{running.http_url}/greet?name=ann") as response:
            assert (response.status, json.loads(await response.read())) == (200, {"hello": "ann"})
        async with client.get(f"{running.http_url}/greet") as response:
            assert (response.status, await response.json()) == (500, {"message": "Internal Server Error"})
    with pytest.raises(InvalidStatus, match="401"):
        await connect(f"{running.websocket_url}/?token=bad")
    async with connect(f"{running.websocket_url}/?token=good") as websocket:
        await websocket.send("hello")
        assert str(await websocket.recv()).startswith("ann $default ")


async def test_boto3_reaches_a_socket_through_connections(running: Running) -> None:
    client = boto3.client(
        "apigatewaymanagementapi",
        endpoint_url=running.management_url,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    # Ids with `/` and `+` occur among a few.
    for _ in range(8):
        async with connect(f"{running.websocket_url}/?token=good") as websocket:
            await websocket.send("who am I")
            connection_id = str(await websocket.recv()).split()[-1]
            await asyncio.to_thread(client.post_to_connection, ConnectionId=connection_id, Data="pushed ü".encode())
            assert await websocket.recv() == "pushed ü"
            told = await asyncio.to_thread(client.get_connection, ConnectionId=connection_id)
            assert told["Identity"]["SourceIp"] == "127.0.0.1"
            await asyncio.to_thread(client.delete_connection, ConnectionId=connection_id)
            await websocket.wait_closed()
            assert websocket.close_code == 1000
        with pytest.raises(client.exceptions.GoneException):
            await asyncio.to_thread(client.post_to_connection, ConnectionId=connection_id, Data=b"late")
    client.close()
