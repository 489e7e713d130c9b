"""The drill on a stack of three brokers: by kill -9, and by the API of MSK, as on AWS."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.brokers import Brokers
from tests.e2e.running_stack import ROOT, RunningStack


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[RunningStack]:
    running = RunningStack(tmp_path / "data", ["--kafka-brokers=3", "--kafka-security=scram"]).start()
    yield running
    running.stop()


def rows(*arguments: str) -> list[list[str]]:
    """The cells of the report, which says that all promises were kept."""
    keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}
    done = subprocess.run(
        [ROOT / "scripts/failover-drill", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | keys,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^\d+ messages: nothing was lost, doubled or reordered$", done.stdout, re.MULTILINE)
    lines = [line for line in done.stdout.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


@pytest.mark.engines
@pytest.mark.timeout(900)
def test_brokers_fail_one_at_a_time_and_no_promise_is_broken(stack: RunningStack) -> None:
    brokers = Brokers(stack)
    before = [stack.engine(f"kafka-{number}")["pid"] for number in (1, 2, 3)]
    killed = rows(f"--data={stack.data}")
    assert [row[0] for row in killed] == ["1", "2", "3"]
    assert all(row[4:7] == ["0", "0", "0"] and int(row[2]) > 20 for row in killed)
    assert sum(int(re.findall(r"leads (\d+) partitions", row[1])[0]) for row in killed) > 0
    between = [stack.engine(f"kafka-{number}")["pid"] for number in (1, 2, 3)]
    assert not set(before) & set(between)

    urls = ["--api", stack.url("http"), "--websocket", stack.url("websocket", "ws"), "--endpoint-url", stack.url("aws")]
    rebooted = rows("--aws", "--cluster-arn", brokers.cluster_arn, *urls)
    assert [row[0] for row in rebooted] == ["1", "2", "3"]
    assert not set(between) & {stack.engine(f"kafka-{number}")["pid"] for number in (1, 2, 3)}
