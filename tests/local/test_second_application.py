"""The stack runs an application that it knows nothing of: HTTP, WebSocket, DynamoDB, Kafka, S3, schedules, a custom resource.

It is written in the styles of SAM's documentation: SAM's own types and CloudFormation's side by side.
"""

import json
import os
import re
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from websockets.sync.client import connect

from local.endpoints import Endpoints
from tests.local.stack_process import StackProcess, until_gone

pytestmark = pytest.mark.engines

TEMPLATE = Path(__file__).parent / "second_application" / "template.yaml"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackProcess]:
    """One that runs, for the tests that break nothing."""
    process = StackProcess(TEMPLATE, tmp_path_factory.mktemp("petshop") / "data")
    try:
        process.start()
        process.until_ready()
        yield process
    finally:
        process.close()


def adopt(endpoints: Endpoints, name: str) -> None:
    body = json.dumps({"name": name}).encode()
    request = urllib.request.Request(f"{endpoints.http_url}/pets", body, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as response:
        assert response.status == 202


def adopted(endpoints: Endpoints, name: str) -> bool:
    try:
        with urllib.request.urlopen(f"{endpoints.http_url}/pets/{name}", timeout=30) as response:
            return bool(json.load(response) == {"name": name})
    except urllib.error.HTTPError as error:
        error.close()
        if error.code != 404:
            raise
        return False


def of_aws(endpoints: Endpoints, service: str) -> Any:
    config = Config(s3={"addressing_style": "path"})
    return boto3.client(
        service, "us-east-1", endpoint_url=endpoints.aws_url, aws_access_key_id="test", aws_secret_access_key="test",
        config=config,
    )  # fmt: skip


def eventually(found: Callable[[], Any], within_s: float = 30) -> Any:
    """What `found` gives, once it gives something."""
    deadline = time.monotonic() + within_s
    while not (what := found()):
        assert time.monotonic() < deadline, "it did not come in time"
        time.sleep(0.05)
    return what


def test_schedules_inline_code_layers_and_a_self_managed_cluster(stack: StackProcess) -> None:
    """The rule (rate of a minute) has the conformance tests of schedules; a rate of the Scheduler begins at once."""
    endpoints = stack.until_ready()
    adopt(endpoints, "rex")
    with urllib.request.urlopen(f"{endpoints.http_url}/about", timeout=30) as response:
        assert json.load(response) == {"title": "Pet shop (dev of petshop)"}
    s3 = of_aws(endpoints, "s3")
    counted = "counts/scheduler.json"
    eventually(lambda: s3.list_objects_v2(Bucket="petshop-photos", Prefix=counted).get("Contents"))
    count = json.load(s3.get_object(Bucket="petshop-photos", Key=counted)["Body"])
    assert count["asked_by"] == "scheduler"
    table = of_aws(endpoints, "dynamodb")
    key = {"name": {"S": "ledger/rex"}}
    entry = eventually(lambda: table.get_item(TableName="petshop-PetsTable", Key=key, ConsistentRead=True).get("Item"))
    assert entry == key | {"adoptions": {"N": "1"}}
    sizes = of_aws(endpoints, "lambda").list_functions()["Functions"]
    assert {function["MemorySize"] for function in sizes} == {256}


def test_it_tells_where_everything_is(stack: StackProcess) -> None:
    endpoints = stack.until_ready()
    said = stack.said()
    for part in ("template", "kafka", "dynamodb", "s3", "functions", "resources", "mappings"):
        assert re.search(rf"^{part} +ready in \d+\.\d s$", said, re.MULTILINE), said
    for address in (endpoints.http_url, endpoints.websocket_url, endpoints.aws_url, endpoints.console_url):
        assert address in said
    shown = stack.command("status")
    assert shown.returncode == 0
    assert "petshop-AnnounceFunction" in shown.stdout
    logs = stack.command("logs", "petshop-TopicsFunction")
    assert "TopicsFunction" in logs.stdout


def test_what_is_posted_survives_kill_and_stop_and_fresh_forgets_it(tmp_path: Path) -> None:
    stack, forgetful = StackProcess(TEMPLATE, tmp_path / "data"), StackProcess(TEMPLATE, tmp_path / "data", "--fresh")
    try:
        it_survives_kill_and_stop(stack)
        forgetful.start()
        assert not adopted(forgetful.until_ready(), "rex")
    finally:
        stack.close()
        forgetful.close()


def it_survives_kill_and_stop(stack: StackProcess) -> None:
    stack.start()
    endpoints = stack.until_ready()
    with connect(endpoints.websocket_url) as visitor:
        for name in ("rex", "tom"):
            adopt(endpoints, name)
            assert json.loads(visitor.recv(30)) == {"name": name}
    status = json.loads(stack.command("status", "--json").stdout)
    calls = {function["name"]: function for function in status["functions"]}
    assert calls["petshop-AdoptFunction"]["invocations"] == 2
    assert all(function["errors"] == 0 for function in calls.values())
    assert {engine["name"] for engine in status["engines"]} == {"kafka", "dynamodb", "s3"}
    assert status["mappings"][0]["state"] == "Enabled"

    children = stack.children()
    stack.process.send_signal(signal.SIGKILL)
    stack.until_ended()
    until_gone(children)

    stack.start()
    endpoints = stack.until_ready()
    assert adopted(endpoints, "rex")
    assert not adopted(endpoints, "nobody")
    with connect(endpoints.websocket_url) as visitor:
        adopt(endpoints, "mia")
        # At least once: what was pushed and not yet committed when the stack was killed comes again, and before it.
        heard = [json.loads(visitor.recv(30))["name"]]
        while heard[-1] != "mia":
            heard.append(json.loads(visitor.recv(30))["name"])
        assert set(heard) <= {"rex", "tom", "mia"}
    children = stack.children()
    assert stack.command("stop").stdout == f"Stopped (pid {stack.process.pid}).\n"
    assert stack.until_ended() == 0
    until_gone(children, within_s=1)
    assert not (stack.data / "stack.json").exists()
    assert stack.command("status").returncode == 3


def until_restarted(stack: StackProcess, killed: dict[str, int]) -> None:
    """Until every engine runs with another pid, and the stack is ready again."""
    deadline = time.monotonic() + 60
    while True:
        shown = stack.command("status", "--json")
        engines = {engine["name"]: engine for engine in json.loads(shown.stdout)["engines"]}
        down = [name for name in killed if engines[name]["state"] != "running" or engines[name]["pid"] == killed[name]]
        if not down:
            assert shown.returncode == 0
            return
        if any(engine["state"] != "running" for engine in engines.values()):
            assert shown.returncode == 1
        assert time.monotonic() < deadline, stack.said()
        time.sleep(0.05)


def test_killed_engines_run_again_and_everything_goes_on(tmp_path: Path) -> None:
    """In a folder whose name Java and SeaweedFS could stumble over."""
    stack = StackProcess(TEMPLATE, tmp_path / "a b é" / "data")
    stack.data.parent.mkdir()
    try:
        stack.start()
        endpoints = stack.until_ready()
        with connect(endpoints.websocket_url) as visitor:
            adopt(endpoints, "rex")
            assert json.loads(visitor.recv(30)) == {"name": "rex"}
            engines = json.loads(stack.command("status", "--json").stdout)["engines"]
            pids = {engine["name"]: engine["pid"] for engine in engines}
            for pid in pids.values():
                os.kill(pid, signal.SIGKILL)
            until_restarted(stack, pids)
            assert adopted(endpoints, "rex")
            adopt(endpoints, "tom")
            # At least once: what was pushed and not yet committed when Kafka was killed comes again.
            while json.loads(visitor.recv(60)) != {"name": "tom"}:
                pass
        for name, pid in pids.items():
            assert f"{name} (pid {pid}) ended by signal SIGKILL, log: {stack.data}/logs/{name}.log" in stack.said()
        children = stack.children()
        assert stack.command("stop").returncode == 0
        assert stack.until_ended() == 0
        until_gone(children, within_s=1)
        assert stack.said().endswith("stopping\n")
    finally:
        stack.close()
