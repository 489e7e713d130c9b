import asyncio
import threading
from dataclasses import replace

from local.captures.capture import CaptureSummary, FunctionStatistics
from local.console.activity import BARS, Activity
from local.console.sampled import Sampled

NONE = FunctionStatistics(0, 0, 0, None, None, None, None, None)


def test_captures_are_counted_at_first_and_what_is_added_later() -> None:
    ran = CaptureSummary(1, "r", "f", "http", 1_000_000, 1.0, None, 1, "ok", "", "", 1, 1)
    activity = Activity()
    activity.begin([ran, replace(ran, outcome="error")], {"f": replace(NONE, invocations=50, errors=9)})
    activity.advance({"f": replace(NONE, invocations=53, errors=10)}, 1010)
    bars = activity.bars("f", 1010)
    assert len(bars) == BARS
    assert bars[-2:] == [(2, 1), (3, 1)]
    assert activity.bars("other", 1010) == [(0, 0)] * BARS


def test_what_is_older_than_ten_minutes_is_forgotten() -> None:
    activity = Activity()
    activity.advance({"f": replace(NONE, invocations=1)}, 0)
    activity.advance({"f": replace(NONE, invocations=1)}, 10_000)
    assert sum(ran for ran, _ in activity.bars("f", 0)) == 0


async def test_nothing_is_sampled_while_nobody_watches() -> None:
    looked = 0

    async def produce() -> int:
        nonlocal looked
        looked += 1
        return looked

    idle = threading.Event()
    sampled = Sampled(produce, 0.001, idle.set)
    assert looked == 0
    one, two = sampled.watch(), sampled.watch()
    first = await anext(one)
    assert await anext(two) >= first
    await one.aclose()
    await two.aclose()
    assert await asyncio.to_thread(idle.wait, 10)
    seen = looked
    await asyncio.sleep(0.02)
    assert looked == seen
