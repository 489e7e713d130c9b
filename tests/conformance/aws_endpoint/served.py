"""The application of this section on a running stack, and the clients that people use."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import boto3
from botocore.config import Config
from kafka import KafkaProducer

from local.endpoints import Endpoints
from tests.local.stack_process import StackProcess

TEMPLATE = Path(__file__).parent / "application" / "template.yaml"
CLUSTER = "arn:aws:kafka:us-east-1:000000000000:cluster/conformance/0b9d8a52-6c1c-4a36-8a9d-0a1b2c3d4e5f-1"
LAMBDA = "arn:aws:lambda:us-east-1:000000000000:function:"
_WITHIN_S = 30.0
T = TypeVar("T")


class Served:
    """Runs from its making to `close`."""

    def __init__(self, folder: Path) -> None:
        self.stack = StackProcess(TEMPLATE, folder / "data", "--no-simulators")
        self.endpoints: Endpoints
        self.start()

    def start(self) -> None:
        self.stack.start()
        self.endpoints = self.stack.until_ready()

    def kill(self) -> None:
        """kill -9 of the stack."""
        self.stack.process.kill()
        self.stack.process.wait()

    def close(self) -> None:
        self.stack.close()

    @property
    def url(self) -> str:
        return self.endpoints.aws_url

    def client(self, service: str, **settings: Any) -> Any:
        config = Config(retries={"total_max_attempts": 1}, read_timeout=30, **settings.pop("config", {}))
        plain = {"endpoint_url": self.url, "region_name": "us-east-1"}
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        return boto3.client(service, config=config, **{**plain, **keys, **settings})

    def environment(self) -> dict[str, str]:
        """Of a shell in which every AWS tool speaks to the stack."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "LOCALSTACK_"))}
        return kept | {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }

    def aws(self, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        """The aws CLI, without --endpoint-url."""
        command = [sys.executable, "-W", "ignore", Path(sys.executable).with_name("aws"), *arguments]
        environment = self.environment() | variables
        return subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment)

    def aws_json(self, *arguments: str) -> Any:
        done = self.aws(*arguments, "--output", "json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def run(self, function: str, **event: Any) -> Any:
        """What a function answered."""
        answer = self.client("lambda").invoke(FunctionName=function, Payload=json.dumps(event).encode())
        assert "FunctionError" not in answer, answer["Payload"].read()
        return json.load(answer["Payload"])

    def produce(self, topic: str, count: int) -> None:
        producer = KafkaProducer(bootstrap_servers=self.endpoints.kafka_bootstrap_servers, acks="all")
        for number in range(count):
            producer.send(topic, str(number).encode()).get(10)
        producer.close()


def until(found: Callable[[], T]) -> T:
    """What is found once it is true."""
    deadline = time.monotonic() + _WITHIN_S
    while True:
        result = found()
        if result:
            return result
        assert time.monotonic() < deadline, f"not within {_WITHIN_S} s: {result!r}"
        time.sleep(0.05)
