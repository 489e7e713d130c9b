"""The engines as the stack starts them, on free ports and a temporary folder."""

from collections.abc import Callable
from pathlib import Path

import pytest

from local.engines.dynamodb import DynamoDb
from local.engines.engine import Engine, Folders
from local.engines.kafka import Kafka
from local.engines.s3 import S3
from local.ports import free_ports
from tests.local.kafka_broker import one_node

HOST = "127.0.0.1"
MakeEngine = Callable[[], Engine]
"""Each call gives an engine on the same data and ports, as another run of the stack would."""


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path / "data", tmp_path / "logs")


@pytest.fixture
def kafka(folders: Folders) -> MakeEngine:
    cluster, node = one_node(folders, *free_ports(2))
    return lambda: Kafka(folders, cluster, node)


@pytest.fixture
def s3(folders: Folders) -> MakeEngine:
    (port,) = free_ports(1)
    return lambda: S3(folders, HOST, port)


@pytest.fixture
def dynoxide(folders: Folders) -> MakeEngine:
    (port,) = free_ports(1)
    return lambda: DynamoDb(folders, HOST, port, "dynoxide")


@pytest.fixture
def ministack(folders: Folders) -> MakeEngine:
    (port,) = free_ports(1)
    return lambda: DynamoDb(folders, HOST, port, "ministack")
