"""Faults of the machine, without a stack: a disk that is full, a clock that jumps."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.chaos.faults.clock import ClockJump, clock_file, set_offset
from tests.chaos.faults.disk import FullDisk, fill, mount_small, resize, unmount
from tests.chaos.world import World


def test_a_disk_is_full_and_free_again(tmp_path: Path) -> None:
    if (why := FullDisk().available(World(tmp_path))) is not None:
        pytest.skip(why)
    folder = tmp_path / "small"
    folder.mkdir()
    mount_small(folder, "4m")
    try:
        (folder / "before").write_bytes(b"x" * 100_000)
        fill(folder)
        with pytest.raises(OSError, match="No space left on device"):
            (folder / "more").write_bytes(b"x" * 100_000)
        resize(folder, "4m")
        (folder / "more").write_bytes(b"x" * 100_000)
        assert (folder / "before").stat().st_size == 100_000
    finally:
        unmount(folder)


CLOCKS = """
import datetime, os, sys, time
for line in sys.stdin:
    if os.fork() == 0:
        print(time.time(), datetime.datetime.now(datetime.UTC).timestamp(), time.monotonic(), flush=True)
        os._exit(0)
    os.wait()
"""


def test_a_clock_jumps_in_a_process_and_its_forks_and_timers_do_not(tmp_path: Path) -> None:
    world, jump = World(tmp_path), ClockJump("clock", -7200, -7200)
    if (why := jump.available(world)) is not None:
        pytest.skip(why)
    jump.prepare(world)
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, "-c", CLOCKS], env=world.variables, text=True, stdin=pipe, stdout=pipe
    ) as process:

        def read() -> tuple[float, float, float]:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write("\n")
            process.stdin.flush()
            now, date, monotonic = map(float, process.stdout.readline().split())
            return now, date, monotonic

        before, _, begun = read()
        set_offset(clock_file(world), -7200)
        deadline = time.monotonic() + 20
        while (seen := read())[0] > before:
            assert time.monotonic() < deadline, seen
            time.sleep(0.05)
        assert seen[1] == pytest.approx(seen[0], abs=2)
        assert before - 7200 <= seen[0] <= before - 7200 + 30
        assert 0 <= seen[2] - begun <= 30
        process.stdin.close()  # type: ignore[union-attr]
