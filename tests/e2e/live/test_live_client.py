"""The Python live client against the whole stack: processes killed by -9 and connections that break, at any moment."""

import os
from pathlib import Path

import pytest

from tests.e2e.live.play import play
from tests.e2e.running_stack import RunningStack

MESSAGES = int(os.environ.get("LIVE_MESSAGES", "300"))
SEED = int(os.environ.get("LIVE_SEED", "8"))
pytestmark = pytest.mark.timeout(900 + MESSAGES // 2)


async def test_every_device_ends_with_the_servers_history(unlimited: RunningStack, tmp_path: Path) -> None:
    async with play(unlimited.url("http"), unlimited.url("websocket", "ws"), tmp_path, SEED) as played:
        await played.play(MESSAGES)
        await played.check()
        print(f"\n{played.figures}")
