"""A stack is upgraded from the version before this one under traffic, rolled back, and upgraded again."""

import re
import subprocess

import pytest

from tests.drills.upgrade.versions import NoSuchVersion, previous
from tests.e2e.running_stack import ROOT


@pytest.mark.engines
@pytest.mark.timeout(600)
def test_an_upgrade_and_a_rollback_lose_nothing() -> None:
    try:
        previous(ROOT)
    except NoSuchVersion as error:
        pytest.skip(str(error))
    done = subprocess.run([ROOT / "scripts/upgrade-drill"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in done.stdout.splitlines() if line[:2] == "| "
    ]
    assert [row[0] for row in rows[1:]] == ["upgrade", "rollback", "upgrade again"]
    assert all(int(row[1]) > 0 and row[4:7] == ["0", "0", "0"] for row in rows[1:])
    assert re.search(r"^\d+ messages: nothing was lost, doubled or reordered$", done.stdout, re.MULTILINE)
