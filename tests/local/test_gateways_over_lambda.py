"""Both gateways over the stack's own Lambda service: a small application as its users see it."""

import json
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import aiohttp
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
    return {"statusCode": 200, "body": f"{context_['authorizer']['principalId']} {context_['routeKey']}"}
"""
ENDPOINTS = Endpoints()


@dataclass(frozen=True)
class Running:
    http_url: str
    websocket_url: str


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
    application = Application(tmp_path / "template.yaml", {name: function(name, code) for name in names})
    http_api = HttpApi("Http", "http1", "$default", (HttpRoute("GET /greet", "greet"),))
    routes = {
        key: WebSocketRoute(key, "answer", route_response=True) for key in ("$connect", "$disconnect", "$default")
    }
    authorizer = RequestAuthorizer("authorize", ("route.request.querystring.token",))
    websocket_api = WebSocketApi("Ws", "ws1", "live", "$request.body.action", routes, authorizer)
    service = LambdaService(application, ENDPOINTS, tmp_path / "logs")
    async with AsyncExitStack() as stack:
        stack.push_async_callback(service.stop)
        await service.start()
        http = HttpApiServer(http_api, service, ENDPOINTS, "127.0.0.1", 0)
        stack.push_async_callback(http.stop)
        await http.start()
        websocket = WebSocketApiServer(websocket_api, service, ENDPOINTS, "127.0.0.1", 0)
        stack.push_async_callback(websocket.stop)
        await websocket.start()
        yield Running(f"http://127.0.0.1:{http.port}", f"ws://127.0.0.1:{websocket.port}")


async def test_http_and_websocket_clients_reach_functions(running: Running) -> None:
    async with aiohttp.ClientSession() as client:
        async with client.get(f"{running.http_url}/greet?name=ann") as response:
            assert (response.status, json.loads(await response.read())) == (200, {"hello": "ann"})
        async with client.get(f"{running.http_url}/greet") as response:
            assert (response.status, await response.json()) == (500, {"message": "Internal Server Error"})
    with pytest.raises(InvalidStatus, match="401"):
        await connect(f"{running.websocket_url}/?token=bad")
    async with connect(f"{running.websocket_url}/?token=good") as socket:
        await socket.send("hello")
        assert await socket.recv() == "ann $default"
