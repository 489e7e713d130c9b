"""The real engines, each on a free port with its data in tmp_path."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from local.endpoints import Endpoints
from local.engines.dynamodb_build import dynoxide_path
from local.engines.dynoxide import Dynoxide
from local.engines.engine import Folders
from local.engines.s3 import S3
from local.ports import free_ports


@pytest.fixture
def endpoints() -> Endpoints:
    dynamodb, s3 = free_ports(2)
    return Endpoints(dynamodb_port=dynamodb, s3_port=s3)


@pytest.fixture
async def dynamodb(endpoints: Endpoints, tmp_path: Path) -> AsyncIterator[str]:
    if not dynoxide_path().exists():
        pytest.skip(f"dynoxide is not built: python -m local.engines.dynamodb_build puts it at {dynoxide_path()}")
    engine = Dynoxide(Folders(tmp_path / "dynamodb", tmp_path / "logs"), endpoints.host, endpoints.dynamodb_port)
    await engine.start(lambda _: None)
    yield endpoints.dynamodb_url
    await engine.stop()


@pytest.fixture
async def s3(endpoints: Endpoints, tmp_path: Path) -> AsyncIterator[str]:
    engine = S3(Folders(tmp_path / "s3", tmp_path / "logs"), endpoints.host, endpoints.s3_port)
    await engine.start(lambda _: None)
    yield endpoints.s3_url
    await engine.stop()
