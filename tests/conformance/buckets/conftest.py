"""One stack for the section: a bucket, S3's engine, functions; neither Kafka nor DynamoDB."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from local.endpoints import Endpoints
from tests.local.stack_process import StackProcess

TEMPLATE = Path(__file__).parent / "application" / "template.yaml"
BUCKET = "uploads"
WITHIN_S = 60


@dataclass
class Served:
    folder: Path
    stack: StackProcess
    endpoints: Endpoints

    def s3(self, *, directly: bool = False) -> Any:
        """A client that uses the AWS endpoint, or the engine's own port as functions do."""
        url = self.endpoints.s3_url if directly else self.endpoints.aws_url
        config = Config(
            retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}, signature_version="s3v4",
            request_checksum_calculation="when_required",
        )  # fmt: skip
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        return boto3.client("s3", "us-east-1", endpoint_url=url, config=config, **keys)

    def told(self, function: str) -> list[Any]:
        """The events that it got."""
        file = self.folder / function
        lines = file.read_bytes().rpartition(b"\n")[0].splitlines() if file.exists() else []
        return [json.loads(line) for line in lines]

    def records(self, key: str, function: str = "everything") -> list[dict[str, Any]]:
        """Those about one object; `key` is as the event has it."""
        records = [record for event in self.told(function) for record in event["Records"]]
        return [record for record in records if record["s3"]["object"]["key"] == key]

    def until(self, key: str, event: str, function: str = "everything", count: int = 1) -> dict[str, Any]:
        """The last record about an object once there are so many of that name."""
        deadline = time.monotonic() + WITHIN_S
        while True:
            found = [record for record in self.records(key, function) if record["eventName"] == event]
            if len(found) >= count:
                return found[-1]
            assert time.monotonic() < deadline, f"{event} of {key} was not told: {self.told(function)[-3:]}"
            time.sleep(0.05)

    def start(self) -> None:
        self.stack.start()
        self.endpoints = self.stack.until_ready()

    def kill(self) -> None:
        self.stack.process.kill()
        self.stack.process.wait()


@pytest.fixture(scope="package")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("buckets")
    options = ("--no-simulators", f"--parameter=Events={folder}", "--setting=lambda.retry_delays_s=0.2")
    one = Served(folder, StackProcess(TEMPLATE, folder / "data", *options), Endpoints())
    try:
        one.start()
        yield one
    finally:
        one.stack.close()
