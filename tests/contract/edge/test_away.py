"""What the edge does while others are away, and what it says where it cannot serve."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from chat4all.config import ConfigurationError
from edge.server import Edge, running, serve
from edge.settings import EdgeSettings, parse
from edge.streams.tail import Tail
from tests.contract.edge.client import OPTIONS, Client, first
from tests.contract.edge.conftest import NOWHERE, Events, Signed
from tests.local.kafka_broker import KafkaBroker

SERVING, NOT_SERVING = health_pb2.HealthCheckResponse.SERVING, health_pb2.HealthCheckResponse.NOT_SERVING


async def health(edge: Edge, service: str) -> int:
    async with grpc.aio.insecure_channel(f"127.0.0.1:{edge.port}", options=OPTIONS) as channel:
        stub: Any = health_pb2_grpc.HealthStub(channel)
        return int((await stub.Check(health_pb2.HealthCheckRequest(service=service), timeout=60)).status)


async def test_streams_go_on_when_kafka_comes_back(
    connect: Callable[[str], Client], sign_in: Callable[..., Signed], happenings: Events, edge: Edge, kafka: KafkaBroker
) -> None:
    """Meanwhile EventsService says that it does not serve; the others do. The stream itself stays, and misses nothing."""
    ana, here = sign_in(), "0190e0a0-0000-7000-8000-00000000000a"
    stream = connect(ana.token).stream()
    await first(stream, "stream.opened")
    happenings.happen(here, ana.id, seq=1)
    assert (await first(stream, "message.created")).seq == 1
    await edge.health.look()
    assert await health(edge, "chat4all.v1.EventsService") == SERVING
    kafka.kill()
    await edge.health.look()
    assert await health(edge, "chat4all.v1.EventsService") == NOT_SERVING
    assert await health(edge, "") == NOT_SERVING
    assert await health(edge, "chat4all.v1.MessagesService") == SERVING
    assert await health(edge, "live") == SERVING
    await asyncio.to_thread(kafka.start)
    await asyncio.to_thread(happenings.happen, here, ana.id, seq=2)
    assert (await asyncio.wait_for(first(stream, "message.created"), 120)).seq == 2
    stream.cancel()


async def test_what_depends_on_others_says_why_it_does_not_serve(caplog: pytest.LogCaptureFixture) -> None:
    """It starts, and its log has the cause."""
    own = EdgeSettings(host="127.0.0.1", port=0, api_url="http://127.0.0.1:1")
    async with running(own, NOWHERE) as edge:
        while not edge.tail.failure:
            await asyncio.sleep(0.01)
        caplog.clear()
        await edge.health.look()
        assert await health(edge, "") == NOT_SERVING
    (said,) = [record for record in caplog.records if record.message == "health"]
    assert "Connect call failed ('127.0.0.1', 1)" in said.__dict__["api"]
    assert "Unable to bootstrap from [('127.0.0.1', 1" in said.__dict__["kafka"]


async def test_a_part_that_ends_takes_the_process_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else streams would be refused for ever by a process that says that it lives."""

    async def broken(_self: Tail) -> None:
        raise RuntimeError("an error of ours")

    monkeypatch.setattr(Tail, "run", broken)
    own = EdgeSettings(host="127.0.0.1", port=0, api_url="http://127.0.0.1:1", drain_s=0)
    with pytest.raises(RuntimeError, match="an error of ours"):
        await asyncio.wait_for(serve(own, NOWHERE), 30)


async def test_what_cannot_be_served_says_why() -> None:
    with pytest.raises(ConfigurationError, match="--api-url '' is no URL"):
        async with running(EdgeSettings(port=0), NOWHERE):
            pass
    async with running(EdgeSettings(host="127.0.0.1", port=0, api_url="http://127.0.0.1:1"), NOWHERE) as edge:
        taken = EdgeSettings(host="127.0.0.1", port=edge.port, api_url="http://127.0.0.1:1")
        with pytest.raises(ConfigurationError, match=rf"--port: 127.0.0.1:{edge.port} cannot be listened on"):
            async with running(taken, NOWHERE):
                pass


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"issuer": ""}, "ISSUER is not set"),
        ({"kafka_security": "tls"}, "KAFKA_SECURITY='tls' is not none, scram or iam"),
        ({"kafka_bootstrap_servers": "b-1"}, "KAFKA_BOOTSTRAP_SERVERS='b-1' is not host:port"),
    ],
)
async def test_what_it_shares_with_the_functions_is_checked_before_it_serves(
    changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(ConfigurationError, match=said):
        async with running(EdgeSettings(port=0, api_url="http://127.0.0.1:1"), replace(NOWHERE, **changes)):
            pass


def test_settings() -> None:
    assert parse([], {"GRPC_PORT": "7", "GRPC_API_URL": "https://x"}) == EdgeSettings(port=7, api_url="https://x")
    assert parse(["--port", "8"], {"GRPC_PORT": "7"}).port == 8
    with pytest.raises(ConfigurationError, match="GRPC_PORT='x' is not a int"):
        parse([], {"GRPC_PORT": "x"})
    with pytest.raises(ConfigurationError, match="given together"):
        parse(["--key", "k"], {})
    with pytest.raises(ConfigurationError, match=r"--port \(GRPC_PORT\) is 70000"):
        parse(["--port", "70000"], {})
    with pytest.raises(ConfigurationError, match=r"--drain-s \(GRPC_DRAIN_S\) is nan"):
        parse([], {"GRPC_DRAIN_S": "nan"})
