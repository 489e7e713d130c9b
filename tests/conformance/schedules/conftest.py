"""One stack for the section."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.local.stack_process import StackProcess

TEMPLATE = Path(__file__).parent / "application" / "template.yaml"
AFTER_S = 20
"""Until the time `soon`: the stack runs long before it."""


@dataclass(frozen=True)
class Served:
    folder: Path
    soon: datetime = field(
        default_factory=lambda: datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=AFTER_S)
    )

    def start(self) -> StackProcess:
        tokyo = self.soon.astimezone(ZoneInfo("Asia/Tokyo"))
        stack = StackProcess(
            TEMPLATE,
            self.folder / "data",
            "--no-simulators",
            f"--parameter=Events={self.folder}",
            f"--parameter=Soon={self.soon:%Y-%m-%dT%H:%M:%S}",
            f"--parameter=SoonInTokyo={tokyo:%Y-%m-%dT%H:%M:%S}",
        )
        stack.start()
        return stack

    def calls(self, function: str) -> list[dict[str, Any]]:
        """`at`, in seconds since the epoch, and `event`."""
        file = self.folder / function
        lines = file.read_bytes().rpartition(b"\n")[0].splitlines() if file.exists() else []
        return [json.loads(line) for line in lines]

    def first(self, function: str, timeout_s: float = 90) -> dict[str, Any]:
        deadline = time.monotonic() + timeout_s
        while not (found := self.calls(function)):
            assert time.monotonic() < deadline, f"{function} was not invoked within {timeout_s:g} s"
            time.sleep(0.05)
        return found[0]


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    one = Served(tmp_path_factory.mktemp("schedules"))
    stack = one.start()
    try:
        stack.until_ready()
        yield one
    finally:
        stack.close()
