"""The gRPC edge beside a running stack."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.ports import free_ports
from tests.e2e.running_stack import ROOT, RunningStack

_READY_WITHIN_S = 120.0


@contextmanager
def edge_of(stack: RunningStack, log: Path) -> Iterator[str]:
    """An edge for this stack; its `host:port`."""
    port = free_ports(1)[0]
    variables = {
        "PYTHONPATH": os.pathsep.join(("layers/chat4all/python", str(ROOT))),
        "KAFKA_BOOTSTRAP_SERVERS": f"127.0.0.1:{stack.endpoints['kafka_port']}",
        "AWS_ENDPOINT_URL": stack.url("aws"),
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    command = [sys.executable, "-m", "edge", "--host=127.0.0.1", f"--port={port}", f"--api-url={stack.url('http')}"]
    with log.open("w") as told:
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ | variables, stdout=told, stderr=told)
    try:
        _wait(process, port, log)
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(60)


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + _READY_WITHIN_S
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        with socket.socket() as asked:
            if asked.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"the edge was not ready within {_READY_WITHIN_S} s: {log.read_text()}")
