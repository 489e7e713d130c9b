"""The edge with TLS of its own: what is served, what is refused and why, and a certificate that is changed while it runs."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import grpc
import pytest
from cryptography import x509

from chat4all.config import ConfigurationError
from edge.probe import probe
from edge.server import Edge, running
from tests.contract.edge.certificates import Files, certificate
from tests.contract.edge.client import OPTIONS, Client, new
from tests.contract.edge.conftest import NOWHERE
from tests.contract.edge.fake_api import FakeApi


@asynccontextmanager
async def served(files: Files) -> AsyncIterator[Edge]:
    api = FakeApi()
    await api.start()
    try:
        async with running(files.settings(api_url=api.url), NOWHERE) as edge:
            await edge.health.look()
            yield edge
    finally:
        await api.stop()


async def test_calls_go_over_tls_and_none_without(tmp_path: Path) -> None:
    files = certificate(tmp_path)
    async with served(files) as edge:
        credentials = grpc.ssl_channel_credentials(files.certificate.read_bytes())
        async with grpc.aio.secure_channel(f"127.0.0.1:{edge.port}", credentials, options=OPTIONS) as channel:
            assert (await Client(channel).call("GetHealth", new("GetHealthRequest"))).status == "ok"
        async with grpc.aio.insecure_channel(f"127.0.0.1:{edge.port}", options=OPTIONS) as channel:
            with pytest.raises(grpc.aio.AioRpcError):
                await Client(channel).call("GetHealth", new("GetHealthRequest"), timeout=10)
        assert await asyncio.to_thread(probe, files.settings(edge.port)) == 0


@pytest.mark.parametrize("name", ["grpc.example.com", "*.example.com"])
async def test_the_probe_trusts_its_own_certificate_whatever_name_is_in_it(tmp_path: Path, name: str) -> None:
    files = certificate(tmp_path, names=(x509.DNSName(name),))
    async with served(files) as edge:
        assert await asyncio.to_thread(probe, files.settings(edge.port)) == 0
        assert await asyncio.to_thread(probe, certificate(tmp_path, 2).settings(edge.port)) == 1


def serial(port: int) -> int:
    """Of the certificate that is served there."""
    pem = ssl.get_server_certificate(("127.0.0.1", port), timeout=20)
    return x509.load_pem_x509_certificate(pem.encode()).serial_number


async def test_new_files_hold_for_the_next_connection_and_wrong_ones_for_none(tmp_path: Path) -> None:
    files, other = certificate(tmp_path, 1), certificate(tmp_path, 2)
    async with served(files) as edge:
        credentials = grpc.ssl_channel_credentials(files.certificate.read_bytes())
        async with grpc.aio.secure_channel(f"127.0.0.1:{edge.port}", credentials, options=OPTIONS) as channel:
            await Client(channel).call("GetHealth", new("GetHealthRequest"))
            assert await asyncio.to_thread(serial, edge.port) == 1
            other.key.rename(files.key)
            assert await asyncio.to_thread(serial, edge.port) == 1, "a key without its certificate is not served"
            other.certificate.rename(files.certificate)
            assert await asyncio.to_thread(serial, edge.port) == 2
            files.certificate.unlink()
            assert await asyncio.to_thread(serial, edge.port) == 2
            await Client(channel).call("GetHealth", new("GetHealthRequest"))


def test_files_that_cannot_be_served_are_named_with_their_setting(tmp_path: Path) -> None:
    good, other, locked = certificate(tmp_path), certificate(tmp_path, 2), certificate(tmp_path, 3, password="secret")
    refused = {
        Files(tmp_path / "none", good.key): r"--certificate \(GRPC_CERTIFICATE\) .*none: No such file or directory",
        Files(good.certificate, tmp_path): r"--key \(GRPC_KEY\) .*: Is a directory",
        Files(good.key, good.key): r"--certificate .*key-1.pem has no certificate in PEM",
        Files(good.certificate, other.key): r"--key .*key-2.pem is not the key of --certificate .*certificate-1.pem",
        Files(good.certificate, good.certificate): r"--key .*certificate-1.pem is no private key in PEM",
        Files(locked.certificate, locked.key): r"--key .*key-3.pem is no private key in PEM without a password",
    }
    for files, said in refused.items():
        with pytest.raises(ConfigurationError, match=said):
            asyncio.run(_begun(files))


async def _begun(files: Files) -> None:
    async with running(files.settings(), NOWHERE):
        pass
