"""One stack with functions that behave well and badly, called from outside."""

import base64
import json
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from local.endpoints import Endpoints
from tests.local.stack_process import StackProcess

SETTINGS = {"init_timeout_s": "1", "retry_delays_s": "0.2,0.4", "throttle_backoff_s": "0.1"}


@dataclass
class Answer:
    """Of one Invoke."""

    payload: Any
    error: str | None
    log: str
    request_id: str


@dataclass
class Functions:
    """The running stack."""

    stack: StackProcess
    endpoints: Endpoints
    folder: Path
    """Where functions leave files."""

    def client(self, service: str = "lambda") -> Any:
        config = Config(retries={"total_max_attempts": 1}, read_timeout=60, s3={"addressing_style": "path"})
        return boto3.client(
            service, "us-east-1", endpoint_url=self.endpoints.aws_url, aws_access_key_id="test",
            aws_secret_access_key="test", config=config,
        )  # fmt: skip

    def invoke(self, name: str, event: Any = None, **options: Any) -> Answer:
        answer = self.client().invoke(FunctionName=name, Payload=json.dumps(event), LogType="Tail", **options)
        body = answer["Payload"].read()
        try:
            payload = json.loads(body)
        except ValueError:
            payload = body
        log = base64.b64decode(answer["LogResult"]).decode(errors="replace")
        return Answer(payload, answer.get("FunctionError"), log, answer["ResponseMetadata"]["RequestId"])

    def do(self, action: str, function: str = "actions", **event: Any) -> Answer:
        """Have a function do something (`functions/actions/app.py`)."""
        return self.invoke(function, {"do": action, **event})

    def result(self, action: str, function: str = "actions", **event: Any) -> Any:
        answer = self.do(action, function, **event)
        assert answer.error is None, answer
        return answer.payload

    def send(self, name: str, event: Any) -> str:
        """Queue an asynchronous invocation; its request id."""
        answer = self.client().invoke(FunctionName=name, InvocationType="Event", Payload=json.dumps(event))
        assert answer["StatusCode"] == 202
        return str(answer["ResponseMetadata"]["RequestId"])

    def log(self, name: str) -> str:
        """All that a function has logged."""
        return (self.stack.data / "logs/functions" / f"{name}.log").read_text(errors="replace")

    def record(self, request_id: str) -> Any:
        """What the function `recorder` got about an asynchronous invocation."""
        path = self.folder / f"record-{request_id}"
        eventually(path.exists)
        return json.loads(path.read_text())


Start = Callable[..., Functions]


def eventually(condition: Callable[[], bool], within_s: float = 20.0) -> None:
    """Return once `condition` holds; fail when it does not in time."""
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "it did not become true in time"
        time.sleep(0.02)


def make_stack(folder: Path, **settings: str) -> tuple[StackProcess, Path]:
    """A stack of the application, not started, and the folder in which its functions leave files."""
    application, left = folder / "application", folder / "left"
    shutil.copytree(Path(__file__).with_name("application"), application)
    broken = application / "functions/syntax_error"  # written here: no tool for sources reads such a file
    broken.mkdir()
    (broken / "app.py").write_text("def handler(:\n")
    left.mkdir()
    options = [f"--setting=lambda.{name}={value}" for name, value in (SETTINGS | settings).items()]
    template = application / "template.yaml"
    return StackProcess(template, folder / "data", "--no-simulators", f"--parameter=Folder={left}", *options), left


@pytest.fixture(scope="package")
def functions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Functions]:
    stack, left = make_stack(tmp_path_factory.mktemp("functions"))
    try:
        stack.start()
        yield Functions(stack, stack.until_ready(), left)
    finally:
        stack.close()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a stack of a test's own; its settings are the arguments."""
    stacks = []

    def begin(**settings: str) -> Functions:
        stack, left = make_stack(tmp_path, **settings)
        stacks.append(stack)
        stack.start()
        return Functions(stack, stack.until_ready(), left)

    yield begin
    for stack in stacks:
        stack.close()
