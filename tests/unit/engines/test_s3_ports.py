"""The ports that SeaweedFS uses inside."""

import json
import socket
from pathlib import Path

from local.engines.s3 import _inner_ports


def test_they_stay_unless_one_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    ports = _inner_ports(file, "127.0.0.1")
    assert len(set(ports.values())) == len(ports) == 9
    assert _inner_ports(file, "127.0.0.1") == ports
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", ports["filer.port"]))
        taken.listen()
        assert _inner_ports(file, "127.0.0.1") != ports


def test_the_worker_finds_the_admin_server(tmp_path: Path) -> None:
    """Also on the data of a stack that had chosen that port freely."""
    file = tmp_path / "ports.json"
    ports = _inner_ports(file, "127.0.0.1")
    file.write_text(json.dumps({**ports, "admin.port.grpc": 10240}))
    assert _inner_ports(file, "127.0.0.1") == ports
    assert ports["admin.port.grpc"] == ports["admin.port"] + 10_000
