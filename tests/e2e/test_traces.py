"""One trace from a request to the recipient's push, the provider's call and the customer's webhook, as a collector gets it."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import grpc
import httpx
import pytest

from tests.contract.webhook_receiver import Receiver
from tests.e2e.people import DEADLINE_S, Person, ok
from tests.e2e.phones import phone, shop
from tests.e2e.receiving import messages, register, takes
from tests.e2e.running_stack import COMPANIONS, ROOT, UNPACED, RunningStack
from tests.otlp_collector import Collector, Seen

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
CALLER = "00f067aa0ba902b7"


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    with Collector().serving() as collector:
        yield collector


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory, collector: Collector) -> Iterator[RunningStack]:
    options = [UNPACED, f"--parameter=OtlpEndpoint={collector.endpoint}", *(f"--companion={c}" for c in COMPANIONS)]
    running = RunningStack(tmp_path_factory.mktemp("traced") / "data", options).start()
    yield running
    running.drop()


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with Receiver().serving() as receiver:
        yield receiver


@pytest.fixture
async def people(traced: RunningStack) -> AsyncIterator[tuple[Person, Person]]:
    joined = [await Person.join(traced.url("http"), traced.url("websocket", "ws"), name) for name in ("ana", "ben")]
    yield joined[0], joined[1]
    for person in joined:
        await person.http.aclose()


async def spans_of(collector: Collector, trace_id: str, *services: str) -> list[Seen]:
    """Those of a trace, once each of the services has one, and all parents are there."""
    deadline = time.monotonic() + DEADLINE_S
    while True:
        spans = collector.of_trace(trace_id)
        known = {span.span_id for span in spans} | {CALLER}
        if {span.service for span in spans} >= set(services) and all(span.parent_id in known for span in spans):
            return spans
        assert time.monotonic() < deadline, sorted({(span.service, span.name) for span in spans})
        await asyncio.sleep(0.1)


def way(spans: list[Seen], span: Seen) -> list[str]:
    """Services from the request to a span, by the parents."""
    by_id = {one.span_id: one for one in spans}
    services = [span.service]
    while (parent := by_id.get(span.parent_id)) is not None:
        services.insert(0, parent.service)
        span = parent
    assert span.parent_id == CALLER
    return list(dict.fromkeys(services))


def only(spans: list[Seen], service: str, name: str) -> Seen:
    (found,) = [span for span in spans if (span.service, span.name) == (service, name)]
    return found


async def test_one_trace_leads_from_the_request_to_push_provider_and_webhook(
    people: tuple[Person, Person], collector: Collector, receiver: Receiver, traced: RunningStack
) -> None:
    ana, _ = people
    async with httpx.AsyncClient(base_url=traced.url("console"), timeout=DEADLINE_S) as console:
        carla = await phone(console, await shop(console, ana))
        await register(receiver, ana, "traced")
        async with ana.online() as socket:
            await carla.write("Is it still warm?")
            conversation = (await socket.event("message.created", content="Is it still warm?"))["conversation_id"]
            body = {"conversation_id": conversation, "type": "text", "content": "Yes"}
            headers = {"traceparent": f"00-{TRACE}-{CALLER}-01", "tracestate": "rojo=1"}
            answer = await ana.http.post("/v1/messages", json=body, headers=headers)
            sent = ok(answer, 202)
            assert answer.headers["traceparent"].split("-")[1] == TRACE
            pushed = await socket.event("message.created", content="Yes")
            assert "traceparent" not in json.dumps(pushed)
            await carla.receives("Yes")
        await takes(receiver, "traced", "Yes")
    needed = (
        "messages_send",
        "router",
        "realtime",
        "telegram_send",
        "webhook_dispatch",
        "webhook_send",
        "delivery_status",
    )
    spans = await spans_of(collector, TRACE, *needed)

    request = only(spans, "messages_send", "POST /v1/messages")
    assert (request.kind, request.parent_id, request.attributes["http.response.status_code"]) == ("SERVER", CALLER, 202)
    assert request.attributes["chat4all.outcome"] == "done"
    push, provider = only(spans, "realtime", "push"), only(spans, "telegram_send", "call provider")
    assert way(spans, push) == ["messages_send", "router", "realtime"]
    assert way(spans, provider) == ["messages_send", "router", "telegram_send"]
    assert {span.kind for span in (push, provider)} == {"CLIENT"}
    webhook = only(spans, "webhook_send", "POST webhook")
    assert way(spans, webhook) == ["messages_send", "router", "webhook_dispatch", "webhook_send"]
    (got,) = [each for each in messages(receiver, "traced") if each.event["data"]["message_id"] == sent["message_id"]]
    assert got.headers["traceparent"] == f"00-{TRACE}-{webhook.span_id}-01"
    assert got.headers["tracestate"] == "rojo=1"
    stored = [span for span in spans if span.service == "messages_send" and span.name == "dynamodb PutItem"]
    assert stored
    assert all(span.parent_id == request.span_id for span in stored)
    assert not [span for span in spans if span.is_error]

    lines = logged(traced, TRACE)
    assert {line["service"] for line in lines} >= {"messages_send", "router", "telegram_send", "webhook_send"}
    (said,) = [line for line in lines if line["service"] == "messages_send" and line["message"] == "request"]
    assert said["action"] == "POST /v1/messages"
    assert (said["outcome"], said["status"]) == ("done", 202)
    assert (said["user_id"], said["message_id"]) == (ana.id, sent["message_id"])
    assert said["latency_ms"] > 0
    assert said["trace_id"] == TRACE


def logged(stack: RunningStack, trace_id: str) -> list[dict[str, Any]]:
    """What `scripts/logs --trace` finds over all functions."""
    command = [sys.executable, "-m", "local", "logs", f"--data={stack.data}", "--trace", trace_id, "--json"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, timeout=60)
    return [json.loads(line) for line in ran.stdout.decode().splitlines() if line.startswith("{")]


async def test_a_frame_and_a_grpc_call_name_their_trace(
    people: tuple[Person, Person], collector: Collector, traced: RunningStack
) -> None:
    ana, ben = people
    conversation = await ana.conversation(ben)
    of_frame, of_call = "0af7651916cd43dd8448eb211c80319c", "a3ce929d0e0e47364bf92f3577b34da6"
    async with ana.online() as socket:
        data = {"conversation_id": conversation, "type": "text", "content": "over a socket"}
        frame = {"action": "send", "id": "traced", "data": data, "traceparent": f"00-{of_frame}-{CALLER}-01"}
        await socket.connection.send(json.dumps(frame))
        assert (await socket.until(lambda frame: frame.get("id") == "traced"))["type"] == "ack"
    spans = await spans_of(collector, of_frame, "websocket_actions", "router", "realtime")
    assert only(spans, "websocket_actions", "send").parent_id == CALLER

    async with grpc.aio.insecure_channel(traced.grpc()) as channel:
        metadata = (("authorization", f"Bearer {ana.token}"), ("traceparent", f"00-{of_call}-{CALLER}-01"))
        method = channel.unary_unary("/chat4all.v1.UsersService/GetMe")
        with pytest.raises(grpc.aio.AioRpcError):
            await method(b"\xff", metadata=metadata, timeout=DEADLINE_S)
        await method(b"", metadata=metadata, timeout=DEADLINE_S)
    spans = await spans_of(collector, of_call, "edge", "users")
    (call,) = [span for span in spans if span.service == "edge" and span.attributes["rpc.grpc.status_code"] == 0]
    assert only(spans, "users", "GET /v1/users/me").parent_id == call.span_id
