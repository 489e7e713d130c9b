"""What a running stack says."""

import sys
from pathlib import Path

import pytest

from local import run_command


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
def test_a_full_disk_ends_nobody_who_says_something(monkeypatch: pytest.MonkeyPatch) -> None:
    """The watch that starts engines again says what it does; its log is on the same disk."""
    full = open("/dev/full", "w")  # noqa: SIM115 - what it holds back could not be flushed at its end
    monkeypatch.setattr(sys, "stdout", full)
    run_command._say("kafka ended")
    run_command._say("kafka runs again")
    with pytest.raises(OSError, match="No space left"):
        full.close()
