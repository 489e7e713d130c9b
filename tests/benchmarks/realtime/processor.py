"""Processor time of processes."""

import asyncio
import time
from collections.abc import Iterable

import psutil


def used_s(pids: Iterable[int]) -> float:
    """Seconds that processes have used so far; of one that has ended nothing is known."""
    total = 0.0
    for pid in pids:
        try:
            times = psutil.Process(pid).cpu_times()
        except psutil.Error:
            continue
        total += times.user + times.system
    return total


async def percent_when_idle(pid: int, seconds: float) -> float:
    """Share of one core that a process uses while nothing is asked of it."""
    before, began = used_s([pid]), time.monotonic()
    await asyncio.sleep(seconds)
    return (used_s([pid]) - before) / (time.monotonic() - began) * 100
