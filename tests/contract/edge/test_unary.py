"""Unary calls: the edge against an HTTP API that behaves in every way."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import grpc
import pytest
from aiohttp import web
from grpc_health.v1 import health_pb2, health_pb2_grpc

from chat4all.config import Settings
from edge.server import Edge, running
from edge.settings import EdgeSettings
from tests.contract.edge.client import OPTIONS, Client, info_of, new, status_of
from tests.contract.edge.fake_api import FakeApi, answers

ID = "0190e0a0-0000-7000-8000-000000000001"
NOWHERE = "127.0.0.1:1"
"""No Kafka listens there: unary calls do not need it."""


@pytest.fixture
async def api() -> AsyncIterator[FakeApi]:
    fake = FakeApi()
    await fake.start()
    yield fake
    await fake.stop()


@pytest.fixture
async def edge(api: FakeApi) -> AsyncIterator[Edge]:
    shared = Settings(kafka_bootstrap_servers=NOWHERE, edge_secret="only ours", issuer="http://127.0.0.1:8000")
    async with running(EdgeSettings(host="127.0.0.1", port=0, api_url=api.url, drain_s=5), shared) as started:
        yield started


@pytest.fixture
async def client(edge: Edge) -> AsyncIterator[Client]:
    async with grpc.aio.insecure_channel(f"127.0.0.1:{edge.port}", options=OPTIONS) as channel:
        yield Client(channel, "a.b.c")


async def refused(call: Any) -> grpc.aio.AioRpcError:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return caught.value


async def test_a_call_is_a_request_and_its_answer(api: FakeApi, client: Client) -> None:
    api.reply = answers(202, {"status": "accepted", "message_id": ID, "seq": 2**40}, {"ratelimit": '"default";r=3'})
    request = new("SendMessageRequest", conversation_id=ID, type="text")
    request.content.string_value = "hi 👋"
    call = client.call(
        "SendMessage", request, metadata=(("idempotency-key", "k"), ("true-client-ip", "203.0.113.9"), ("cookie", "c"))
    )
    answer = await call
    assert (answer.status, answer.seq) == ("accepted", 2**40)
    assert dict(await call.trailing_metadata())["ratelimit"] == '"default";r=3'
    asked = api.asked[0]
    assert (asked.method, asked.path) == ("POST", "/v1/messages")
    assert json.loads(api.bodies[0]) == {"conversation_id": ID, "type": "text", "content": "hi 👋"}
    assert asked.headers["authorization"] == "Bearer a.b.c"
    assert asked.headers["idempotency-key"] == "k"
    assert asked.headers["true-client-ip"] == "127.0.0.1"
    assert asked.headers["x-origin-verify"] == "only ours"
    assert "cookie" not in asked.headers


async def test_what_has_no_body_is_an_empty_message(api: FakeApi, client: Client) -> None:
    api.reply = answers(204)
    assert await client.call("DeleteMe", new("DeleteMeRequest")) == new("DeleteMeResponse")


async def test_a_refusal_has_its_problem(api: FakeApi, client: Client) -> None:
    problem = {
        "type": "urn:chat4all:problem:rate_limited",
        "title": "Too Many Requests",
        "status": 429,
        "detail": "Too fast — später",
        "instance": "/v1/users/me",
        "code": "rate_limited",
        "retry_after": 2,
    }
    api.reply = answers(429, problem, {"Retry-After": "2"})
    error = await refused(client.call("GetMe", new("GetMeRequest")))
    assert (error.code(), error.details()) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "Too fast — später")
    assert info_of(error).reason == "rate_limited"
    assert dict(error.trailing_metadata() or ())["retry-after"] == "2"
    kinds = [detail.TypeName() for detail in status_of(error).details]
    assert kinds == ["google.rpc.ErrorInfo", "google.rpc.RetryInfo", "chat4all.v1.Problem"]


async def test_readiness_answers_503_too(api: FakeApi, client: Client) -> None:
    document = {"status": "degraded", "dependencies": {"kafka": {"status": "down", "latency_ms": 3, "error": "E"}}}
    api.reply = answers(503, document)
    answer = await client.call("GetReadiness", new("GetReadinessRequest"))
    assert (answer.status, answer.dependencies["kafka"].error) == ("degraded", "E")


async def test_unknown_fields_of_answers_are_counted(api: FakeApi, client: Client, edge: Edge) -> None:
    api.reply = answers(200, {"id": ID, "username": "ana", "shoe_size": 43})
    answer = await client.call("GetUser", new("GetUserRequest", user_id=ID))
    assert answer.user.username == "ana"
    assert edge.counts["unknown_field.GetUser.user.shoe_size"] == 1


@pytest.mark.parametrize(
    ("reply", "code", "reason"),
    [
        (answers(200, text="<html>"), "INTERNAL", "unexpected_answer"),
        (answers(200, text='{"id":'), "INTERNAL", "unexpected_answer"),
        (answers(200, text="[" * 100_000), "INTERNAL", "unexpected_answer"),
        (answers(200, [1]), "INTERNAL", "unexpected_answer"),
        (answers(200, {"id": {"a": 1}}), "INTERNAL", "unexpected_answer"),
        (answers(200, text='"' + "x" * (11 * 2**20) + '"'), "INTERNAL", "answer_too_large"),
        (answers(302, headers={"location": "http://127.0.0.1:1/"}), "UNKNOWN", "http_302"),
        (answers(502, text="<html>bad gateway"), "UNAVAILABLE", "http_502"),
        (answers(401, {"message": "Unauthorized"}), "UNAUTHENTICATED", "unauthenticated"),
    ],
)
async def test_answers_that_are_none(api: FakeApi, client: Client, reply: Any, code: str, reason: str) -> None:
    api.reply = reply
    error = await refused(client.call("GetMe", new("GetMeRequest")))
    assert (error.code().name, info_of(error).reason) == (code, reason)


async def test_an_answer_that_ends_in_the_middle(api: FakeApi, client: Client) -> None:
    async def torn(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"content-length": "1000"})
        await response.prepare(request)
        await response.write(b'{"id": "')
        assert request.transport is not None
        request.transport.close()
        return response

    api.reply = torn
    error = await refused(client.call("GetMe", new("GetMeRequest")))
    assert (error.code(), info_of(error).reason) == (grpc.StatusCode.UNAVAILABLE, "answer_lost")


async def test_an_api_that_is_away(api: FakeApi, client: Client, edge: Edge) -> None:
    await api.stop()
    error = await refused(client.call("GetMe", new("GetMeRequest")))
    assert (error.code(), info_of(error).reason) == (grpc.StatusCode.UNAVAILABLE, "api_unreachable")
    await api.start()
    assert await client.call("GetHealth", new("GetHealthRequest"))


async def never(_request: web.Request) -> web.StreamResponse:
    await asyncio.Event().wait()
    raise AssertionError("not reached")


async def test_a_deadline_ends_the_request(api: FakeApi, client: Client) -> None:
    api.reply = never
    error = await refused(client.call("GetMe", new("GetMeRequest"), timeout=0.5))
    assert error.code() == grpc.StatusCode.DEADLINE_EXCEEDED
    await asyncio.wait_for(api.given_up.wait(), 30)


async def test_a_cancelled_call_cancels_the_request(api: FakeApi, client: Client) -> None:
    api.reply = never
    call = client.call("GetMe", new("GetMeRequest"), timeout=None)
    while not api.asked:
        await asyncio.sleep(0.01)
    call.cancel()
    await asyncio.wait_for(api.given_up.wait(), 30)


async def test_what_no_json_says_is_refused_here(api: FakeApi, client: Client) -> None:
    request = new("SendMessageRequest")
    request.content.number_value = float("nan")
    error = await refused(client.call("SendMessage", request))
    assert error.code() == grpc.StatusCode.INVALID_ARGUMENT
    error = await refused(client.call("GetUser", new("GetUserRequest")))
    assert (error.code(), error.details()) == (grpc.StatusCode.INVALID_ARGUMENT, "user_id: is missing")
    assert not api.asked


@pytest.mark.parametrize(
    ("path", "body", "codes"),
    [
        ("/chat4all.v1.UsersService/Nothing", b"", {"UNIMPLEMENTED"}),
        ("/chat4all.v2.UsersService/GetMe", b"", {"UNIMPLEMENTED"}),
        ("/chat4all.v1.UsersService/GetUser", b"\x0a\xff", {"INVALID_ARGUMENT"}),
        ("/chat4all.v1.UsersService/GetUser", b"\x0a\x02\xff\xfe", {"INVALID_ARGUMENT"}),
        ("/chat4all.v1.UsersService/GetMe", b"\x00" * (6 * 2**20), {"RESOURCE_EXHAUSTED"}),
    ],
)
async def test_calls_that_are_none(edge: Edge, path: str, body: bytes, codes: set[str]) -> None:
    async with grpc.aio.insecure_channel(f"127.0.0.1:{edge.port}", options=OPTIONS) as channel:
        error = await refused(channel.unary_unary(path)(body, timeout=60))
    assert error.code().name in codes


async def test_unknown_fields_of_requests_are_left_out(api: FakeApi, edge: Edge) -> None:
    """Of a newer client: the proto knows no more than field 1."""
    api.reply = answers(200, {"id": ID})
    async with grpc.aio.insecure_channel(f"127.0.0.1:{edge.port}", options=OPTIONS) as channel:
        body = new("GetUserRequest", user_id=ID).SerializeToString() + b"\x92\x3e\x03abc"
        await channel.unary_unary("/chat4all.v1.UsersService/GetUser")(body, timeout=60)
    assert api.asked[0].path_qs == f"/v1/users/{ID}"


async def test_many_at_once(api: FakeApi, client: Client) -> None:
    api.reply = answers(200, {"id": ID})
    found = await asyncio.gather(*(client.call("GetMe", new("GetMeRequest")) for _ in range(200)))
    assert {answer.user.id for answer in found} == {ID}


async def test_draining_lets_calls_end_and_takes_no_new_ones(api: FakeApi, client: Client, edge: Edge) -> None:
    may_answer = asyncio.Event()

    async def slow(_request: web.Request) -> web.StreamResponse:
        await may_answer.wait()
        return web.json_response({"id": ID})

    api.reply = slow
    under_way = asyncio.ensure_future(client.call("GetMe", new("GetMeRequest")))
    while not api.asked:
        await asyncio.sleep(0.01)
    draining = asyncio.create_task(edge.drain())
    await asyncio.sleep(0)
    may_answer.set()
    assert (await under_way).user.id == ID
    await draining
    error = await refused(client.call("GetMe", new("GetMeRequest"), timeout=5))
    assert error.code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)


async def test_a_field_that_is_there_a_million_times_is_refused_before_it_is_read(api: FakeApi, client: Client) -> None:
    request = new("SendMessageRequest", conversation_id=ID, type="text", file_ids=[""] * 1_000_000)
    error = await refused(client.call("SendMessage", request))
    assert error.code() == grpc.StatusCode.RESOURCE_EXHAUSTED
    assert (info_of(error).reason, api.asked) == ("too_large", [])
    assert "at most 262144" in str(error.details())


async def test_who_asks_little_does_not_wait_for_what_is_long_to_read(api: FakeApi, client: Client) -> None:
    """A small message of nulls is much work: other calls go on beside it."""
    request = new("SendMessageRequest", conversation_id=ID, type="text")
    request.metadata["a"] = [None] * 60_000
    api.reply = answers(200, {"id": ID})
    large = [client.call("SendMessage", request) for _ in range(8)]
    await client.call("GetMe", new("GetMeRequest"))
    assert [asked.path for asked in api.asked].count("/v1/messages") < 8, "it waited for all of them"
    for call in large:
        await call


async def test_large_files_still_pass(api: FakeApi, client: Client) -> None:
    api.reply = answers(201, {"file_id": ID})
    await client.call("UploadFile", new("UploadFileRequest", file=b"x" * 2**22, filename="a"))
    assert len(api.bodies[0]) > 2**22


async def test_files_that_are_under_way_are_counted(
    api: FakeApi, client: Client, edge: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody has looked at a token yet, and each of them is megabytes."""
    monkeypatch.setattr("edge.unary._FILES_MAX", 2)
    held = asyncio.Event()

    async def hold(_request: web.Request) -> web.StreamResponse:
        await held.wait()
        return web.json_response({"file_id": ID}, status=201)

    api.reply = hold
    file = new("UploadFileRequest", file=b"x", filename="a")
    under_way = [client.call("UploadFile", file) for _ in range(2)]
    while len(api.asked) < 2:
        await asyncio.sleep(0.01)
    error = await refused(client.call("UploadFile", file))
    assert (error.code(), info_of(error).reason) == (grpc.StatusCode.UNAVAILABLE, "overloaded")
    held.set()
    for call in under_way:
        assert (await call).file.file_id == ID
    await client.call("UploadFile", file)


async def test_watches_of_long_names_are_not_kept(edge: Edge) -> None:
    async with grpc.aio.insecure_channel(f"127.0.0.1:{edge.port}", options=OPTIONS) as channel:
        stub: Any = health_pb2_grpc.HealthStub(channel)
        error = await refused(stub.Watch(health_pb2.HealthCheckRequest(service="x" * 201), timeout=20).read())
        assert error.code() == grpc.StatusCode.INVALID_ARGUMENT
        unknown = stub.Watch(health_pb2.HealthCheckRequest(service="x" * 200), timeout=20)
        assert (await unknown.read()).status == health_pb2.HealthCheckResponse.SERVICE_UNKNOWN
        unknown.cancel()
