import asyncio
import json
import os
import signal
import sys
from pathlib import Path

import pytest

from tests.local.lambda_service.conftest import Sandbox
from tests.local.lambda_service.waiting import eventually

_PROJECT = Path(__file__).parents[3]
_SOURCE = """
import os, time
def handler(event, context):
    time.sleep(event)
    return [os.getpid(), os.getppid()]
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
async def test_no_environment_outlives_the_stack(sandbox: Sandbox, number: signal.Signals) -> None:
    sandbox.add("f", _SOURCE)
    program = Path(__file__).with_name("killed_stack.py")
    stack = await asyncio.create_subprocess_exec(
        sys.executable,
        str(program),
        str(sandbox.folder),
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(_PROJECT)},
    )
    assert stack.stdout is not None
    pids = json.loads(await stack.stdout.readline())
    assert living(pids) == set(pids)
    stack.send_signal(number)
    await stack.wait()
    await eventually(lambda: not living(pids))


def living(pids: list[int]) -> set[int]:
    return {pid for pid in pids if Path(f"/proc/{pid}").exists()}
