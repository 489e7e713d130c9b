"""Jumps of the clock of the stack and all its functions, by libfaketime.

Engines keep theirs, as the stack gives them no LD_PRELOAD; so do timers, which go by the monotonic clock.

libfaketime answers for the C library's clocks in a process that loads it at its start, and reads the offset from a file
once a second: https://github.com/wolfcw/libfaketime
"""

import importlib.util
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.chaos.world import Fault, World

_READ_WITHIN_S = 1.1


@dataclass
class ClockJump(Fault):
    """Forward or back by up to so many seconds, for a while, and to the true time again."""

    name: str
    least_s: int
    most_s: int
    jumps_clock: bool = True

    def available(self, world: World) -> str | None:
        if not sys.platform.startswith("linux") or library() is None:
            return "libfaketime is not installed (requirements/dev.txt)"
        return None

    def prepare(self, world: World) -> None:
        if self.available(world) is not None:
            return
        file = clock_file(world)
        file.parent.mkdir(parents=True, exist_ok=True)
        set_offset(file, 0)
        world.variables |= {
            "LD_PRELOAD": str(library()),
            "FAKETIME_TIMESTAMP_FILE": str(file),
            "FAKETIME_CACHE_DURATION": "0",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        }

    def inject(self, world: World, random: Random) -> None:
        set_offset(clock_file(world), random.randint(self.least_s, self.most_s))
        try:
            time.sleep(_READ_WITHIN_S + random.uniform(1.0, 4.0))
        finally:
            set_offset(clock_file(world), 0)
        time.sleep(_READ_WITHIN_S)


def library() -> Path | None:
    """Of libfaketime; None where it is not installed, or not for this machine."""
    spec = importlib.util.find_spec("libfaketime")
    if spec is None or spec.origin is None:
        return None
    found = sorted(Path(spec.origin).parent.glob("vendor/libfaketime/src/libfaketime.so*"))
    return found[0] if found else None


def clock_file(world: World) -> Path:
    return world.folder / "clock"


def set_offset(file: Path, offset_s: int) -> None:
    """Of every process that was started with the variables of `prepare`, forks included; they see it within a second."""
    new = file.with_suffix(".new")
    new.write_text(f"{offset_s:+d}\n")
    os.replace(new, file)


CLOCKS = (
    ClockJump("clock forward by seconds", 1, 20),
    ClockJump("clock back by seconds", -20, -1),
    ClockJump("clock forward by hours", 3600, 6 * 3600),
    ClockJump("clock back by hours", -6 * 3600, -3600),
)
