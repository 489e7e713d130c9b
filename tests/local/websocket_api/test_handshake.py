import asyncio
import json
from typing import Any

import aiohttp
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from local.api_gateway import TokenBucket
from local.invocation import TooManyRequests
from local.websocket_api.limits import Limits
from tests.local.fake_functions import Event, FakeFunctions, fail, until
from tests.local.websocket_api.conftest import ROUTES, Serve, address

FAILED = {"message": "Internal server error"}


async def refused(url: str) -> tuple[int, Any]:
    with pytest.raises(InvalidStatus) as caught:
        await connect(url)
    response = caught.value.response
    return response.status_code, bytes(response.body or b"")


def throttled(_event: Event) -> Any:
    raise TooManyRequests


async def test_the_authorizers_context_reaches_connect(serve: Serve, functions: FakeFunctions) -> None:
    server = await serve()
    async with connect(address(server), additional_headers={"X-A": "1"}):
        pass
    event = functions.events("connect")[0]
    assert event["requestContext"]["authorizer"] == {
        "principalId": "ann",
        "user_id": "ann",
        "level": "3",
        "admin": "false",
    }
    assert event["headers"]["X-A"] == "1"
    assert event["headers"]["Host"] == f"127.0.0.1:{server.port}"
    assert event["queryStringParameters"] == {"token": "ann"}
    assert event["requestContext"]["eventType"] == "CONNECT"
    assert event["requestContext"]["identity"]["sourceIp"] == "127.0.0.1"


@pytest.mark.parametrize(
    ("handler", "status", "message"),
    [
        (fail("Unauthorized"), 401, "Unauthorized"),
        (fail("boom"), 500, "Internal server error"),
        (lambda _: {"principalId": "p"}, 500, "Internal server error"),
        (lambda _: b"no json", 500, "Internal server error"),
        (throttled, 500, "Internal server error"),
    ],
)
async def test_an_authorizer_that_gives_no_policy(
    serve: Serve, functions: FakeFunctions, handler: Any, status: int, message: str
) -> None:
    functions.handlers["authorizer"] = handler
    got, body = await refused(address(await serve()))
    assert (got, json.loads(body)["message"]) == (status, message)
    assert functions.events("connect") == []


async def test_a_missing_identity_is_401_and_a_denied_one_403(serve: Serve, functions: FakeFunctions) -> None:
    server = await serve()
    assert (await refused(address(server, "")))[0] == 401
    assert functions.calls == []
    status, body = await refused(address(server, "denied"))
    assert (status, json.loads(body)["message"]) == (403, "Forbidden")
    assert json.loads(body).keys() == {"message", "connectionId", "requestId"}
    assert functions.events("connect") == []
    assert functions.events("disconnect") == []


@pytest.mark.parametrize(
    ("handler", "status", "body"),
    [
        (lambda _: {"statusCode": 409, "body": "full"}, 409, b"full"),
        (lambda _: {"statusCode": 599}, 599, b""),
        (fail("boom"), 502, None),
        (lambda _: {}, 502, None),
        (lambda _: None, 502, None),
        (throttled, 502, None),
    ],
)
async def test_connect_that_does_not_answer_2xx(
    serve: Serve, functions: FakeFunctions, handler: Any, status: int, body: bytes | None
) -> None:
    functions.handlers["connect"] = handler
    server = await serve()
    got, text = await refused(address(server))
    assert got == status
    if body is None:
        assert json.loads(text)["message"] == "Internal server error"
    else:
        assert text == body
    assert len(server.connections) == 0
    assert functions.events("disconnect") == []


async def test_connect_that_takes_too_long(serve: Serve, functions: FakeFunctions) -> None:
    functions.handlers["connect"] = lambda _: asyncio.sleep(60)
    status, _ = await refused(address(await serve(limits=Limits(integration_s=0.05, close_s=0.1))))
    assert status == 504


async def test_a_subprotocol_is_what_connect_echoes(serve: Serve, functions: FakeFunctions) -> None:
    server = await serve()
    async with connect(address(server), subprotocols=["v1", "v2"]) as client:  # type: ignore[list-item]
        assert client.subprotocol is None
    functions.handlers["connect"] = lambda event: {
        "statusCode": 200,
        "headers": {"Sec-WebSocket-Protocol": event["headers"]["Sec-WebSocket-Protocol"].split(", ")[1]},
    }
    async with connect(address(server), subprotocols=["v1", "v2"]) as client:  # type: ignore[list-item]
        assert client.subprotocol == "v2"


async def test_only_the_root_and_the_stage_are_served(serve: Serve) -> None:
    server = await serve()
    for path in ("/", "/live", "/live/"):
        async with connect(address(server, path=path)):
            pass
    assert (await refused(address(server, path="/prod")))[0] == 403


async def test_new_connections_are_limited(serve: Serve) -> None:
    server = await serve(connects=TokenBucket(rate=0, burst=1))
    async with connect(address(server)):
        assert (await refused(address(server)))[0] == 429
    shared = await serve(throttle=TokenBucket(rate=0, burst=0))
    assert (await refused(address(shared)))[0] == 429


async def test_a_plain_http_request_is_told_to_upgrade_without_an_invocation(
    serve: Serve, functions: FakeFunctions
) -> None:
    server = await serve()
    async with aiohttp.ClientSession() as session:
        async with session.get(address(server).replace("ws:", "http:")) as response:
            assert response.status == 426
        async with session.post(address(server).replace("ws:", "http:")) as response:
            assert response.status in (400, 405)
    assert functions.calls == []


async def test_without_connect_and_authorizer_everyone_may_enter(serve: Serve) -> None:
    server = await serve(routes={"echo": ROUTES["echo"]}, authorizer=None)
    async with connect(address(server, "")) as client:
        await client.send('{"action": "echo"}')
        assert await client.recv() == '{"action": "echo"}'


async def test_a_client_that_leaves_while_connect_runs_is_disconnected(serve: Serve, functions: FakeFunctions) -> None:
    go_on = asyncio.Event()

    async def slow(_event: Event) -> Any:
        await go_on.wait()
        return {"statusCode": 200}

    functions.handlers["connect"] = slow
    server = await serve()
    _, writer = await asyncio.open_connection("127.0.0.1", server.port)
    key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13"
    head = f"GET /?token=ann HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n{key}\r\n\r\n"
    writer.write(head.encode())
    await until(lambda: bool(functions.events("connect")), "$connect")
    writer.transport.abort()
    go_on.set()
    await until(lambda: bool(functions.events("disconnect")), "$disconnect")
    assert functions.events("disconnect")[0]["requestContext"]["disconnectStatusCode"] == 1006
    assert len(functions.events("disconnect")) == 1
    assert len(server.connections) == 0
