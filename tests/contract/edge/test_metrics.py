"""What the edge counts of its calls, and writes as functions write theirs."""

from collections.abc import AsyncIterator
from pathlib import Path

import grpc
import pytest

from chat4all.config import Settings
from edge.server import running
from edge.settings import EdgeSettings
from tests.contract.edge.certificates import certificate
from tests.contract.edge.client import OPTIONS, Client, new
from tests.contract.edge.fake_api import FakeApi, answers
from tests.metrics_written import counted, documents, nothing_counted

SHARED = Settings(stage="test", kafka_bootstrap_servers="127.0.0.1:1", issuer="http://127.0.0.1:8000")


@pytest.fixture
async def api() -> AsyncIterator[FakeApi]:
    fake = FakeApi()
    await fake.start()
    yield fake
    await fake.stop()


async def test_calls_are_counted_by_method_and_code(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    nothing_counted()
    own = EdgeSettings(host="127.0.0.1", port=0, api_url=api.url, drain_s=5)
    async with (
        running(own, SHARED) as edge,
        grpc.aio.insecure_channel(f"127.0.0.1:{edge.port}", options=OPTIONS) as channel,
    ):
        client = Client(channel, "a.b.c")
        api.reply = answers(200, {"id": "0190e0a0-0000-7000-8000-000000000001"})
        await client.call("GetMe", new("GetMeRequest"))
        api.reply = answers(404, {"code": "not_found", "detail": "No such user"})
        with pytest.raises(grpc.aio.AioRpcError):
            await client.call("GetMe", new("GetMeRequest"))
    written = documents(capsys)
    handled = {
        (one["grpc_type"], one["grpc_service"], one["grpc_method"], one["grpc_code"]): one["grpc_server_handled_total"]
        for one in written
        if "grpc_server_handled_total" in one
    }
    about = ("unary", "chat4all.v1.UsersService", "GetMe")
    assert handled == {(*about, "OK"): 1, (*about, "NOT_FOUND"): 1}
    assert (
        sum(len(one["grpc_server_handling_seconds"]) for one in written if "grpc_server_handling_seconds" in one) == 2
    )
    assert {one["Stage"] for one in written} == {"test"}
    assert [one["grpc_server_streams"] for one in written if "grpc_server_streams" in one][-1] == 0
    assert not any("chat4all_certificate_seconds_left" in one for one in written), "it serves without TLS"


async def test_the_time_that_is_left_to_the_certificate(
    api: FakeApi, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nothing_counted()
    async with running(certificate(tmp_path, days=3).settings(api_url=api.url), SHARED):
        pass
    left = counted("chat4all_certificate_seconds_left", capsys)[()]
    assert 2 * 24 * 3600 < left <= 3 * 24 * 3600
