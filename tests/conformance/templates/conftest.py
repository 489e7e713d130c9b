"""One stack for what functions see, and stacks of their own for custom resources and refusals."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest

from local.endpoints import Endpoints
from tests.local.stack_process import StackProcess

TEMPLATE = Path(__file__).parent / "application" / "template.yaml"
ENGINES = ("--without=Pets", "--without=Files", "--without=Values")
"""For stacks that need no engine."""


@dataclass
class Served:
    stack: StackProcess
    endpoints: Endpoints

    def client(self, service: str) -> Any:
        return boto3.client(
            service, "us-east-1", endpoint_url=self.endpoints.aws_url, aws_access_key_id="test", aws_secret_access_key="test"
        )  # fmt: skip

    def invoke(self, name: str) -> Any:
        answer = self.client("lambda").invoke(FunctionName=name, Payload=b"{}")
        payload = json.load(answer["Payload"])
        assert "FunctionError" not in answer, payload
        return payload


@pytest.fixture(scope="package")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("templates")
    stack = StackProcess(TEMPLATE, folder / "data", "--no-simulators", f"--parameter=Folder={folder}")
    try:
        stack.start()
        yield Served(stack, stack.until_ready())
    finally:
        stack.close()


@pytest.fixture(scope="package")
def values(served: Served) -> dict[str, Any]:
    """Variables of the function `Values`, and `layers`."""
    return dict(served.invoke("local-Values"))


Requests = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def requests_of_a_start(tmp_path: Path) -> Requests:
    """Starts the stack anew with parameters; gives what its custom resources were asked for since the last start."""
    told = tmp_path / "requests"

    def begin(code: int = 0, **parameters: str) -> list[dict[str, Any]]:
        told.unlink(missing_ok=True)
        options = [f"--parameter={name}={value}" for name, value in {"Folder": str(tmp_path), **parameters}.items()]
        stack = StackProcess(TEMPLATE, tmp_path / "data", "--no-simulators", *ENGINES, *options)
        try:
            stack.start()
            if code:
                assert stack.until_ended() == code
            else:
                stack.until_ready()
                stack.stop()
        finally:
            stack.close()
        return [json.loads(line) for line in told.read_text().splitlines()] if told.exists() else []

    return begin


Refused = Callable[..., str]


@pytest.fixture
def refused(tmp_path: Path) -> Refused:
    """Runs a template, which must be refused, and gives what is said, without the path of the template."""

    def run(text: str, *options: str) -> str:
        (tmp_path / "code").mkdir(exist_ok=True)
        (tmp_path / "code" / "app.py").write_text("def handler(event, context):\n    return event\n")
        template = tmp_path / "template.yaml"
        template.write_text(text)
        stack = StackProcess(template, tmp_path / "data", "--no-simulators", *options)
        try:
            stack.start()
            assert stack.until_ended() == 1
        finally:
            stack.close()
        return stack.said().replace(str(template), "")

    return run
