"""An HTTP API from outside, with a client of its own kind."""

import asyncio
import base64
import io
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import pytest

from local.api_gateway import TokenBucket
from local.application import Cors, HttpApi, HttpRoute
from local.endpoints import Endpoints
from local.http_api.server import HttpApiServer
from local.invocation import TooManyRequests
from tests.local.fake_functions import FakeFunctions, fail

ROUTES = (
    HttpRoute("ANY /echo/{proxy+}", "echo"),
    HttpRoute("POST /echo", "echo"),
    HttpRoute("GET /old", "old", payload_version="1.0"),
    HttpRoute("GET /cookies", "cookies"),
    HttpRoute("GET /bytes", "bytes"),
    HttpRoute("GET /empty", "empty"),
    HttpRoute("GET /malformed", "malformed"),
    HttpRoute("GET /fails", "fails"),
    HttpRoute("GET /missing", "missing"),
    HttpRoute("GET /busy", "busy"),
    HttpRoute("GET /slow", "slow", timeout_s=0.05),
)
Serve = Callable[..., Awaitable[tuple[str, FakeFunctions]]]


def throttled(_event: dict[str, Any]) -> Any:
    raise TooManyRequests


async def sleepy(_event: dict[str, Any]) -> Any:
    await asyncio.sleep(60)


def functions() -> FakeFunctions:
    return FakeFunctions(
        {
            "echo": lambda event: event,
            "old": lambda _: {"statusCode": 200, "multiValueHeaders": {"x-a": ["1", "2"]}, "body": "old"},
            "cookies": lambda _: {"statusCode": 200, "cookies": ["a=1; Path=/", "b=2"]},
            "bytes": lambda _: {
                "statusCode": 200,
                "body": base64.b64encode(b"\x00\xff").decode(),
                "isBase64Encoded": True,
            },
            "empty": lambda _: {"statusCode": 204},
            "malformed": lambda _: {"statusCode": 200, "body": {"a": 1}},
            "fails": fail("boom"),
            "busy": throttled,
            "slow": sleepy,
        }
    )


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    async with AsyncExitStack() as stack:

        async def start(throttle: TokenBucket | None = None, **api: Any) -> tuple[str, FakeFunctions]:
            fake = functions()
            description = HttpApi("Api", "abc123", api.pop("stage", "$default"), ROUTES, **api)
            server = HttpApiServer(description, fake, Endpoints(), "127.0.0.1", 0, throttle=throttle)
            await server.start()
            stack.push_async_callback(server.stop)
            return f"http://127.0.0.1:{server.port}", fake

        yield start


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def test_a_request_becomes_an_event_and_the_answer_a_response(
    serve: Serve, client: aiohttp.ClientSession
) -> None:
    url, _ = await serve()
    async with client.post(f"{url}/echo/a%20b?q=1&q=2", json={"a": "ü"}, headers={"Cookie": "c=1"}) as response:
        event = await response.json()
        assert response.status == 200
        assert response.headers["apigw-requestid"] == event["requestContext"]["requestId"]
    assert (event["routeKey"], event["rawPath"]) == ("ANY /echo/{proxy+}", "/echo/a b")
    assert event["pathParameters"] == {"proxy": "a b"}
    assert event["queryStringParameters"] == {"q": "1,2"}
    assert event["cookies"] == ["c=1"]
    assert json.loads(event["body"]) == {"a": "ü"}
    assert event["requestContext"]["http"]["sourceIp"] == "127.0.0.1"
    assert event["requestContext"]["domainName"] == url.removeprefix("http://")
    assert event["headers"]["x-forwarded-for"] == "127.0.0.1"


@pytest.mark.parametrize(
    ("path", "status", "body"),
    [
        ("/nothing", 404, b'{"message":"Not Found"}'),
        ("/malformed", 500, b'{"message":"Internal Server Error"}'),
        ("/fails", 500, b'{"message":"Internal Server Error"}'),
        ("/missing", 500, b'{"message":"Internal Server Error"}'),
        ("/busy", 503, b'{"message":"Service Unavailable"}'),
        ("/slow", 503, b'{"message":"Service Unavailable"}'),
        ("/bytes", 200, b"\x00\xff"),
        ("/empty", 204, b""),
        ("/old", 200, b"old"),
    ],
)
async def test_answers(serve: Serve, client: aiohttp.ClientSession, path: str, status: int, body: bytes) -> None:
    url, _ = await serve()
    async with client.get(url + path) as response:
        assert (response.status, await response.read()) == (status, body)
        assert response.headers["apigw-requestid"]


async def test_cookies_and_repeated_headers_stay_apart(serve: Serve, client: aiohttp.ClientSession) -> None:
    url, fake = await serve()
    async with client.get(f"{url}/cookies") as response:
        assert response.headers.getall("set-cookie") == ["a=1; Path=/", "b=2"]
    async with client.get(f"{url}/old") as response:
        assert response.headers.getall("x-a") == ["1", "2"]
    assert fake.events("old")[0]["version"] == "1.0"


async def test_a_compressed_body_reaches_the_function_as_it_was_sent(
    serve: Serve, client: aiohttp.ClientSession
) -> None:
    url, _ = await serve()
    async with client.post(f"{url}/echo", data=b"\x1f\x8bnot really", headers={"Content-Encoding": "gzip"}) as response:
        event = await response.json()
    assert base64.b64decode(event["body"]) == b"\x1f\x8bnot really"
    assert event["isBase64Encoded"] is True


@pytest.mark.parametrize(("size", "status"), [(4_000_000, 200), (5_000_000, 413), (10_500_000, 413)])
async def test_bodies_are_limited_by_lambda_and_by_the_gateway(
    serve: Serve, client: aiohttp.ClientSession, size: int, status: int
) -> None:
    url, fake = await serve()
    fake.handlers["echo"] = lambda _: {"statusCode": 200}
    async with client.post(f"{url}/echo", data=io.BytesIO(bytes(size))) as response:
        assert response.status == status
    # Base64 makes a body a third larger: Lambda's 6 MB are of the event.
    assert len(fake.calls) == (status == 200)


async def test_a_large_answer_arrives_whole(serve: Serve, client: aiohttp.ClientSession) -> None:
    url, fake = await serve()
    fake.handlers["empty"] = lambda _: {"statusCode": 200, "body": "x" * 5_000_000}
    async with client.get(f"{url}/empty") as response:
        assert await response.read() == b"x" * 5_000_000


async def test_a_body_of_unknown_length_is_limited_too(serve: Serve, client: aiohttp.ClientSession) -> None:
    url, fake = await serve()

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(11):
            yield bytes(1024 * 1024)

    async with client.post(f"{url}/echo", data=chunks()) as response:
        assert response.status == 413
    assert not fake.calls


async def raw(url: str, data: bytes, answer_bytes: int = 65536) -> bytes:
    host, port = url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(data)
    answer = await asyncio.wait_for(reader.read(answer_bytes), 10)
    writer.close()
    await writer.wait_closed()
    return answer


async def test_a_client_that_expects_100_is_told_to_go_on(serve: Serve) -> None:
    url, _ = await serve()
    head = b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
    assert await raw(url, head) == b"HTTP/1.1 100 Continue\r\n\r\n"
    refused = head.replace(b"/echo", b"/nothing")
    assert (await raw(url, refused)).startswith(b"HTTP/1.1 404")


async def test_a_broken_request_is_400_and_invokes_nothing(
    serve: Serve, client: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    url, fake = await serve()
    chunked = b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
    for request in (chunked, b"garbage\r\n\r\n", b"GET / HTTP/1.1\r\nx" + b"y" * 70_000 + b"\r\n\r\n"):
        assert (await raw(url, request)).startswith((b"HTTP/1.1 400", b"HTTP/1.0 400"))
    _, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
    writer.write(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc")
    await writer.drain()
    writer.transport.abort()
    async with client.get(f"{url}/empty") as response:
        assert response.status == 204
    assert fake.events("echo") == []
    assert "failed in the gateway" not in caplog.text


async def test_an_absolute_target_and_a_head_request(serve: Serve, client: aiohttp.ClientSession) -> None:
    url, fake = await serve()
    answer = await raw(url, b"GET http://other.example/echo/a?q=1 HTTP/1.1\r\nHost: x\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200")
    assert (fake.events("echo")[0]["rawPath"], fake.events("echo")[0]["rawQueryString"]) == ("/echo/a", "q=1")
    async with client.head(f"{url}/echo/a") as response:
        assert response.status == 200
        assert await response.read() == b""


async def test_headers_over_10_240_bytes_are_refused(serve: Serve, client: aiohttp.ClientSession) -> None:
    url, fake = await serve()
    async with client.get(f"{url}/echo/x", headers={"x-a": "a" * 9_000}) as response:
        assert response.status == 200
    for large in ({"x-a": "a" * 10_240}, {f"x-{number}": "a" * 100 for number in range(100)}):
        async with client.get(f"{url}/echo/x", headers=large) as response:
            assert response.status == 431
    assert len(fake.calls) == 1


async def test_requests_over_the_throttle_are_refused(serve: Serve, client: aiohttp.ClientSession) -> None:
    url, _ = await serve(throttle=TokenBucket(rate=0, burst=2))
    statuses = []
    for _ in range(3):
        async with client.get(f"{url}/empty") as response:
            statuses.append(response.status)
    assert statuses == [204, 204, 429]


async def test_the_gateway_answers_preflights_and_overrides_cors(serve: Serve, client: aiohttp.ClientSession) -> None:
    url, fake = await serve(cors=Cors(("https://a.example",), ("GET",), ("authorization",)))
    fake.handlers["empty"] = lambda _: {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": "*"}}
    origin = {"Origin": "https://a.example"}
    async with client.options(f"{url}/empty", headers=origin | {"Access-Control-Request-Method": "GET"}) as response:
        assert response.status == 204
        assert response.headers["access-control-allow-methods"] == "GET"
    assert not fake.calls
    async with client.get(f"{url}/empty", headers=origin) as response:
        assert response.headers.getall("access-control-allow-origin") == ["https://a.example"]
    async with client.get(f"{url}/nothing", headers=origin) as response:
        assert (response.status, response.headers["access-control-allow-origin"]) == (404, "https://a.example")


async def test_a_named_stage_is_the_first_segment(serve: Serve, client: aiohttp.ClientSession) -> None:
    url, _ = await serve(stage="prod")
    async with client.post(f"{url}/prod/echo") as response:
        event = await response.json()
    assert (event["rawPath"], event["requestContext"]["stage"]) == ("/prod/echo", "prod")
    for path in ("/echo", "/production/echo"):
        async with client.post(url + path) as response:
            assert response.status == 404


async def test_a_taken_port_is_an_error_and_a_stopped_one_is_free(serve: Serve) -> None:
    url, fake = await serve()
    port = int(url.rpartition(":")[2])
    api = HttpApi("Api", "abc123", "$default", ROUTES)
    second = HttpApiServer(api, fake, Endpoints(), "127.0.0.1", port)
    with pytest.raises(OSError, match="in use"):
        await second.start()
    await second.stop()
    free = HttpApiServer(api, fake, Endpoints(), "127.0.0.1", 0)
    await free.start()
    await free.stop()
    again = HttpApiServer(api, fake, Endpoints(), "127.0.0.1", free.port)
    await again.start()
    await again.stop()
