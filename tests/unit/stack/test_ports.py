import errno
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

from local.ports import bind_error, free_ports, holder, is_free, taken

ROOT = Path(__file__).parents[3]


def test_a_taken_port_names_its_holder_and_the_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert not is_free(port)
        found = holder(port)
        assert found is not None
        assert found[0] == os.getpid()
        said = taken(port, "Kafka", "--kafka-port", found)
        assert re.search(rf"Port {port} for Kafka .* pid {os.getpid()} \(.+\).*--kafka-port", said)
        assert bind_error(port) == errno.EADDRINUSE
    assert bind_error(port) is None


def test_the_sentence_is_one_line_however_long_the_command() -> None:
    text = taken(8000, "the HTTP API", "--http-port", (42, "python " + "x" * 500))
    assert text.startswith("Port 8000 for the HTTP API is taken by pid 42 (python xxx")
    assert text.endswith("end that, or choose another port with --http-port (0 takes a free one).")
    assert len(text) < 250
    assert "another process" in taken(8000, "the HTTP API", "--http-port", None)


def test_free_ports_are_free_and_different() -> None:
    ports = free_ports(20)
    assert len(set(ports)) == 20
    assert all(is_free(port) for port in ports)


def test_two_processes_never_choose_one_port() -> None:
    """Not even while nobody has bound it."""
    few = range(20000, 20040)
    mine = free_ports(20, choice=few)
    choose = f"from local.ports import free_ports; print(*free_ports(40, choice=range({few.start}, {few.stop})))"
    said = subprocess.run([sys.executable, "-c", choose], cwd=ROOT, capture_output=True, text=True, check=True)
    theirs = [int(port) for port in said.stdout.split()]
    assert len(mine) == 20
    assert theirs
    assert not set(mine) & set(theirs)
