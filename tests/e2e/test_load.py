"""scripts/load with both tools on the running stack: for seconds, and nothing is lost."""

import re
import subprocess

import pytest

from tests.e2e.running_stack import ROOT, RunningStack
from tests.load.k6_program import installed

_NO_K6 = "k6 is not installed: scripts/load k6 builds it with Go"


@pytest.mark.parametrize("profile", ["users", "websocket", "upload"])
@pytest.mark.parametrize(
    "tool", [pytest.param("k6", marks=pytest.mark.skipif(installed() is None, reason=_NO_K6)), "locust"]
)
def test_a_short_load_loses_nothing(unlimited: RunningStack, tool: str, profile: str) -> None:
    ran = subprocess.run(
        [ROOT / "scripts/load", tool, profile, "--users=4", "--minutes=0.15", "--pause=1", f"--data={unlimited.data}"],
        capture_output=True,
        text=True,
        check=False,
    )
    # 2: this machine is too busy for the thresholds, which are no matter here.
    assert ran.returncode in (0, 2), ran.stdout + ran.stderr
    found = {name: int(count) for name, count in re.findall(r"^(\w[a-z ]+?) +(\d+)(?: |$)", ran.stdout, re.MULTILINE)}
    assert found["acknowledged"] >= 4, ran.stdout
    assert {name: found[name] for name in ("lost", "doubled", "out of order", "not pushed", "incomplete")} == {
        "lost": 0, "doubled": 0, "out of order": 0, "not pushed": 0, "incomplete": 0,
    }  # fmt: skip
