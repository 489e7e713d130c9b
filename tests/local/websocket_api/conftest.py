import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest

from local.application import RequestAuthorizer, WebSocketApi, WebSocketRoute
from local.endpoints import Endpoints
from local.websocket_api.limits import Limits
from local.websocket_api.server import WebSocketApiServer
from tests.local.fake_functions import Event, FakeFunctions

Serve = Callable[..., Awaitable[WebSocketApiServer]]

ROUTES = {
    "$connect": WebSocketRoute("$connect", "connect"),
    "$disconnect": WebSocketRoute("$disconnect", "disconnect"),
    "$default": WebSocketRoute("$default", "default", route_response=True),
    "echo": WebSocketRoute("echo", "echo", route_response=True),
    "quiet": WebSocketRoute("quiet", "echo"),
}
AUTHORIZER = RequestAuthorizer("authorizer", ("route.request.querystring.token",))


def authorize(event: Event) -> Any:
    """Answer of a usual authorizer: the token says who, and whether."""
    token = event["queryStringParameters"]["token"]
    effect = "Deny" if token == "denied" else "Allow"
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": event["methodArn"]}
    return {
        "principalId": token,
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": {"user_id": token, "level": 3, "admin": False},
    }


@pytest.fixture
def functions() -> FakeFunctions:
    return FakeFunctions(
        {
            "authorizer": authorize,
            "connect": lambda _: {"statusCode": 200},
            "disconnect": lambda _: {"statusCode": 200},
            "default": lambda event: {"statusCode": 200, "body": "default " + event["body"]},
            "echo": lambda event: {"statusCode": 200, "body": event["body"]},
        }
    )


@pytest.fixture
async def serve(functions: FakeFunctions) -> AsyncIterator[Serve]:
    """Starts a server, which the end of the test stops."""
    async with AsyncExitStack() as stack:

        async def start(
            routes: dict[str, WebSocketRoute] | None = None,
            authorizer: RequestAuthorizer | None = AUTHORIZER,
            limits: Limits | None = None,
            **options: Any,
        ) -> WebSocketApiServer:
            api = WebSocketApi("Ws", "abc123", "live", "$request.body.action", routes or ROUTES, authorizer)
            server = WebSocketApiServer(api, functions, Endpoints(), "127.0.0.1", 0, limits, **options)
            await server.start()
            stack.push_async_callback(server.stop)
            return server

        yield start


def address(server: WebSocketApiServer, token: str = "ann", path: str = "/") -> str:
    return f"ws://127.0.0.1:{server.port}{path}" + (f"?token={token}" if token else "")


def action(name: str, **fields: Any) -> str:
    return json.dumps({"action": name, **fields})
