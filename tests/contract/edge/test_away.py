"""What the edge does while Kafka is away, and with TLS."""

import asyncio
import datetime
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import grpc
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from grpc_health.v1 import health_pb2, health_pb2_grpc

from chat4all.config import ConfigurationError, Settings
from edge.probe import probe
from edge.server import Edge, running
from edge.settings import EdgeSettings, parse
from tests.contract.edge.client import OPTIONS, Client, first, new
from tests.contract.edge.conftest import Events, Signed
from tests.contract.edge.fake_api import FakeApi
from tests.local.kafka_broker import KafkaBroker

NOWHERE = Settings(kafka_bootstrap_servers="127.0.0.1:1")
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


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of 127.0.0.1 that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "edge")])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    files = folder / "certificate.pem", folder / "key.pem"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    files[1].write_bytes(key.private_bytes(*plain))
    return files


async def test_tls(tmp_path: Path) -> None:
    api = FakeApi()
    await api.start()
    chain, key = certificate(tmp_path)
    own = EdgeSettings(host="127.0.0.1", port=0, api_url=api.url, certificate=str(chain), key=str(key))
    async with running(own, NOWHERE) as edge:
        credentials = grpc.ssl_channel_credentials(chain.read_bytes())
        async with grpc.aio.secure_channel(f"127.0.0.1:{edge.port}", credentials, options=OPTIONS) as channel:
            assert (await Client(channel).call("GetHealth", new("GetHealthRequest"))).status == "ok"
        async with grpc.aio.insecure_channel(f"127.0.0.1:{edge.port}", options=OPTIONS) as channel:
            with pytest.raises(grpc.aio.AioRpcError):
                await Client(channel).call("GetHealth", new("GetHealthRequest"), timeout=10)
        probed = EdgeSettings(port=edge.port, certificate=str(chain), key=str(key))
        await edge.health.look()
        assert await asyncio.to_thread(probe, probed) == 0
    await api.stop()


async def test_what_cannot_be_served_says_why(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="--api-url '' is no URL"):
        async with running(EdgeSettings(port=0), NOWHERE):
            pass
    (tmp_path / "no.pem").write_text("no")
    wrong = str(tmp_path / "no.pem")
    for files in ({"certificate": str(tmp_path / "none"), "key": wrong}, {"certificate": wrong, "key": wrong}):
        with pytest.raises(ConfigurationError):
            async with running(EdgeSettings(host="127.0.0.1", port=0, api_url="http://127.0.0.1:1", **files), NOWHERE):
                pass
    async with running(EdgeSettings(host="127.0.0.1", port=0, api_url="http://127.0.0.1:1"), NOWHERE) as edge:
        taken = EdgeSettings(host="127.0.0.1", port=edge.port, api_url="http://127.0.0.1:1")
        with pytest.raises(ConfigurationError, match="cannot be listened on"):
            async with running(taken, NOWHERE):
                pass


def test_settings() -> None:
    assert parse([], {"GRPC_PORT": "7", "GRPC_API_URL": "https://x"}) == EdgeSettings(port=7, api_url="https://x")
    assert parse(["--port", "8"], {"GRPC_PORT": "7"}).port == 8
    with pytest.raises(ConfigurationError, match="GRPC_PORT='x' is not a int"):
        parse([], {"GRPC_PORT": "x"})
    with pytest.raises(ConfigurationError, match="given together"):
        parse(["--key", "k"], {})
    with pytest.raises(ConfigurationError, match="port 70000 is none"):
        parse(["--port", "70000"], {})
