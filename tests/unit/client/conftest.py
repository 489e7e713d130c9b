"""A client of a server on the wire, whose state lies in a folder of the test, and which does not wait long."""

import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chat4all_client import Client, Settings, backoff
from tests.unit.client.wire import Wire, wire


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(backoff, "FIRST_S", 0.01)
    return tmp_path / "state" / "chat4all" / "uploads"


@pytest.fixture
async def server() -> AsyncIterator[Wire]:
    async with wire() as served:
        yield served


@pytest.fixture
async def client(server: Wire) -> AsyncIterator[Client]:
    settings = Settings(parallel=3, patience_s=0.5)
    async with Client(server.url, token="first", refresh_token="r1", settings=settings) as made:
        yield made


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """Four parts, the last of which is short."""
    path = tmp_path / "film.mp4"
    path.write_bytes(random.Random(7).randbytes(3 * 1024 * 1024 + 1))
    return path
