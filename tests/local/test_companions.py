"""A process beside the functions: what it is given, its log, its end and its return."""

import asyncio
import os
import signal
import time
from pathlib import Path

import pytest

from local.companions import Companion, companion
from local.data_folder import DataFolder
from local.endpoints import Endpoints
from local.engines.watch import EngineWatch
from local.ports import free_ports
from local.start_error import StartError
from local.template import load_application

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = """
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.12, Handler: app.handler, Environment: {Variables: {SHARED: same}}}}
Resources:
  One: {Type: AWS::Serverless::Function, Properties: {CodeUri: one/, Environment: {Variables: {OWN: one}}}}
  Two: {Type: AWS::Serverless::Function, Properties: {CodeUri: two/, Environment: {Variables: {OWN: two}}}}
"""
SERVER = """
import os, socketserver, sys
print(os.environ["SHARED"], os.environ.get("OWN"), os.environ["AWS_ENDPOINT_URL"], sys.argv[2], flush=True)
socketserver.TCPServer.allow_reuse_address = True
socketserver.TCPServer(("127.0.0.1", int(sys.argv[1])), socketserver.BaseRequestHandler).serve_forever()
"""


def made(folder: Path, command: str, port: int) -> Companion:
    (folder / "template.yaml").write_text(TEMPLATE)
    (folder / "server.py").write_text(SERVER)
    for name in ("one", "two"):
        (folder / name).mkdir(exist_ok=True)
        (folder / name / "app.py").write_text("def handler(event, context): ...\n")
    application = load_application(folder / "template.yaml", parameters={}, endpoints=Endpoints())
    return Companion(companion(f"clock:{port}={command}"), application, Endpoints(), DataFolder(folder / "data"))


async def until(is_so: object) -> None:
    deadline = time.monotonic() + 60
    while not is_so():  # type: ignore[operator]
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)


async def test_it_runs_until_it_is_stopped_and_comes_back(tmp_path: Path) -> None:
    port = free_ports(1)[0]
    one = made(tmp_path, "python server.py {port} {http_url}", port)
    watch = EngineWatch(one, lambda _said: None)
    await one.start(lambda _step: None)
    await watch.start()
    try:
        assert one.address == f"127.0.0.1:{port}"
        assert (
            tmp_path / "data/logs/clock.log"
        ).read_text() == "same None http://127.0.0.1:4566 http://127.0.0.1:8000\n"
        first = one.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        await until(lambda: watch.state == "running" and one.pid not in (None, first))
    finally:
        await watch.stop()
        await one.stop()
    assert one.pid is None


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("no-such-program-anywhere", "clock ended with exit code 127 while starting"),
        ("python -c 'raise SystemExit(3)'", "clock ended with exit code 3 while starting"),
        ("python server.py {prot}", "unknown placeholder {prot}"),
    ],
)
async def test_one_that_does_not_start_says_why(tmp_path: Path, command: str, said: str) -> None:
    one = made(tmp_path, command, free_ports(1)[0])
    with pytest.raises(StartError, match=said):
        await one.start(lambda _step: None)
    assert one.pid is None
