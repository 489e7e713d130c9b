"""The most memory that each process of a stack held while something ran."""

import asyncio
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.control import ask
from local.start_error import StartError
from tests.benchmarks.soak.sampling import held_by

_PAUSE_S = 0.5


@dataclass
class Peaks:
    """MB, by what the process is: `stack`, the name of an engine, or `function <name>` (its largest environment)."""

    rss: dict[str, float] = field(default_factory=dict)
    pss: dict[str, float] = field(default_factory=dict)
    at_rest: dict[str, float] = field(default_factory=dict)
    """RSS when first seen."""
    together: float = 0.0
    """PSS of all at once."""

    def see(self, name: str, rss: float, pss: float) -> None:
        self.at_rest.setdefault(name, rss)
        self.rss[name] = max(self.rss.get(name, 0.0), rss)
        self.pss[name] = max(self.pss.get(name, 0.0), pss)


@contextmanager
def watched(data: Path, stack_pid: int) -> Iterator[Peaks]:
    """Look again and again at the stack of a data folder, in a thread, until the block ends."""
    peaks, over = Peaks(), threading.Event()

    def look() -> None:
        while not over.wait(_PAUSE_S):
            try:
                status = asyncio.run(ask(data, "status", timeout_s=30))
            except StartError:
                continue  # it is busy
            together = 0.0
            for name, pid in _processes(stack_pid, status):
                if (held := held_by(pid)) is not None:
                    peaks.see(name, held.rss, held.pss)
                    together += held.pss
            peaks.together = max(peaks.together, together)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield peaks
    finally:
        over.set()
        thread.join()


def _processes(stack_pid: int, status: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    yield "stack", stack_pid
    for engine in status["engines"]:
        if engine["pid"]:
            yield engine["name"], engine["pid"]
    for function in status["functions"]:
        for pid in function["pids"]:
            yield f"function {function['name']}", pid


def report(peaks: Peaks) -> None:
    """A row for each process, the largest first."""
    print(f"\n{'peak memory, MB':<44} {'RSS':>8} {'PSS':>8} {'RSS at first':>14}")
    for name, rss in sorted(peaks.rss.items(), key=lambda item: -item[1]):
        print(f"  {name:<42} {rss:>8.0f} {peaks.pss[name]:>8.0f} {peaks.at_rest[name]:>14.0f}")
    print(f"  {'all together':<42} {'':>8} {peaks.together:>8.0f}")
