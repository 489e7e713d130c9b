import asyncio
import json
from contextlib import suppress
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from local.api_gateway import TokenBucket
from local.invocation import TooManyRequests
from local.websocket_api.limits import FRAME_BYTES, MESSAGE_BYTES, Limits
from tests.local.fake_functions import Event, FakeFunctions, fail, until
from tests.local.websocket_api.conftest import ROUTES, Serve, action, address


async def test_messages_go_where_their_action_says_and_replies_need_a_route_response(
    serve: Serve, functions: FakeFunctions
) -> None:
    async with connect(address(await serve())) as client:
        await client.send(action("quiet"))
        await client.send(action("echo", text="ü😀"))
        assert json.loads(await client.recv()) == {"action": "echo", "text": "ü😀"}
        await client.send("no json")
        assert await client.recv() == "default no json"
        await client.send(action("$connect"))
        assert await client.recv() == "default " + action("$connect")
    routes = [event["requestContext"]["routeKey"] for event in functions.events("echo")]
    assert routes == ["quiet", "echo"]
    assert len(functions.events("connect")) == 1


async def test_a_message_event_has_the_authorizers_context_and_no_headers(
    serve: Serve, functions: FakeFunctions
) -> None:
    async with connect(address(await serve())) as client:
        await client.send(action("echo"))
        await client.recv()
    connected = functions.events("connect")[0]["requestContext"]
    event = functions.events("echo")[0]
    context = event["requestContext"]
    assert "headers" not in event
    assert event["body"] == action("echo")
    assert context["authorizer"] == connected["authorizer"]
    assert context["connectionId"] == connected["connectionId"]
    assert context["connectedAt"] == connected["connectedAt"]
    assert context["requestId"] != context["messageId"]


def throttled(_event: Event) -> Any:
    raise TooManyRequests


@pytest.mark.parametrize(
    ("handler", "message"),
    [
        (fail("boom"), "Internal server error"),
        (throttled, "Internal server error"),
        (lambda _: {"body": "no status"}, "Internal server error"),
        (lambda _: {"statusCode": 200, "body": {"a": 1}}, "Internal server error"),
        (lambda _: {"statusCode": 200, "body": "x" * (MESSAGE_BYTES + 1)}, "Internal server error"),
        (lambda _: asyncio.sleep(60), "Endpoint request timed out"),
    ],
)
async def test_a_failure_is_an_error_message(
    serve: Serve, functions: FakeFunctions, handler: Any, message: str
) -> None:
    functions.handlers["echo"] = handler
    server = await serve(limits=Limits(integration_s=0.2, close_s=0.1))
    async with connect(address(server)) as client:
        await client.send(action("echo"))
        answer = json.loads(await client.recv())
        context = functions.events("echo")[0]["requestContext"]
        assert answer == {
            "message": message,
            "connectionId": context["connectionId"],
            "requestId": context["requestId"],
        }
        await client.send("still open")
        assert await client.recv() == "default still open"


async def test_a_failing_route_without_a_route_response_tells_it_too(serve: Serve, functions: FakeFunctions) -> None:
    functions.handlers["echo"] = fail("boom")
    async with connect(address(await serve())) as client:
        await client.send(action("quiet"))
        assert json.loads(await client.recv())["message"] == "Internal server error"


async def test_without_a_route_it_is_forbidden_and_over_the_throttle_too_many(serve: Serve) -> None:
    server = await serve(routes={"echo": ROUTES["echo"]}, authorizer=None, throttle=TokenBucket(rate=0, burst=2))
    async with connect(address(server)) as client:
        await client.send(action("other"))
        assert json.loads(await client.recv())["message"] == "Forbidden"
        await client.send(action("echo"))
        assert json.loads(await client.recv())["message"] == "Too Many Requests"


async def test_invocations_start_in_order_and_are_bounded(serve: Serve, functions: FakeFunctions) -> None:
    go_on = asyncio.Event()

    async def slow(event: Event) -> Any:
        await go_on.wait()
        return {"statusCode": 200, "body": event["body"]}

    functions.handlers["echo"] = slow
    server = await serve(limits=Limits(in_flight=3))
    async with connect(address(server)) as client, connect(address(server, "bob")) as other:
        for number in range(10):
            await client.send(action("echo", n=number))
        await until(lambda: len(functions.events("echo")) == 3, "three in flight")
        await other.send("hello")
        assert await other.recv() == "default hello"
        assert len(functions.events("echo")) == 3
        go_on.set()
        replies = [json.loads(await client.recv())["n"] for _ in range(10)]
    assert sorted(replies) == list(range(10))
    assert [json.loads(event["body"])["n"] for event in functions.events("echo")] == list(range(10))


async def closed_by(client: ClientConnection, message: str | bytes | list[str], **options: bool) -> int | None:
    """The code that sending `message` closes with, which a client learns while it still sends or after it."""
    with suppress(ConnectionClosed):
        await client.send(message, **options)
    await client.wait_closed()
    return client.close_code


async def test_a_message_of_128_kb_in_frames_of_32_kb_arrives(serve: Serve, functions: FakeFunctions) -> None:
    functions.handlers["default"] = lambda event: {"statusCode": 200, "body": str(len(event["body"]))}
    async with connect(address(await serve())) as client:
        await client.send(["x" * FRAME_BYTES] * 4)
        assert await client.recv() == str(MESSAGE_BYTES)
        assert await closed_by(client, [*["x" * FRAME_BYTES] * 4, "x"]) == 1009
    await until(lambda: bool(functions.events("disconnect")), "$disconnect")
    assert functions.events("disconnect")[0]["requestContext"]["disconnectStatusCode"] == 1009


async def test_too_large_a_frame_and_binary_close(serve: Serve, functions: FakeFunctions) -> None:
    server = await serve()
    async with connect(address(server)) as client:
        assert await closed_by(client, "x" * (FRAME_BYTES + 1)) == 1009
    async with connect(address(server)) as client:
        assert await closed_by(client, b"binary") == 1003
    assert functions.events("default") == []


async def test_a_text_frame_that_is_no_utf_8_closes(serve: Serve) -> None:
    async with connect(address(await serve())) as client:
        assert await closed_by(client, b"\xff", text=True) == 1007
