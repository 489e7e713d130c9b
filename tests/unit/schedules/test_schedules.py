import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest

from local.application import Schedule
from local.schedules import InvalidExpression, Schedules

START = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)


class Clock:
    """Time that passes only while somebody sleeps; `jumps` are added to the sleeps in turn."""

    def __init__(self, *jumps: timedelta) -> None:
        self.now = START
        self._jumps = list(jumps)

    def __call__(self) -> datetime:
        return self.now

    async def sleep(self, seconds: float) -> None:
        jump = self._jumps.pop(0) if self._jumps else timedelta()
        self.now += timedelta(seconds=seconds) + jump
        await asyncio.sleep(0)


class Function:
    """Takes events until it has `enough`."""

    def __init__(self, enough: int, fails: bool = False) -> None:
        self.times: list[str] = []
        self.done = asyncio.Event()
        self._enough = enough
        self._fails = fails

    async def invoke(self, _name: str, payload: bytes) -> None:
        self.times.append(json.loads(payload)["time"][11:16])
        if len(self.times) >= self._enough:
            self.done.set()
        if self._fails:
            raise RuntimeError("no such function")


def schedule(expression: str = "rate(5 minutes)", enabled: bool = True) -> Schedule:
    return Schedule("Sweep", "sweep", "arn:aws:events:r:1:rule/sweep", expression, "f", enabled=enabled)


async def run(function: Function, clock: Clock, *schedules: Schedule) -> list[str]:
    running = Schedules(schedules, function.invoke, now=clock, sleep=clock.sleep)
    await running.start()
    await asyncio.wait_for(function.done.wait(), 5)
    await running.stop()
    return function.times


async def test_a_function_is_invoked_at_each_time() -> None:
    assert (await run(Function(3), Clock(), schedule()))[:3] == ["05:05", "05:10", "05:15"]


async def test_times_missed_in_a_sleep_are_not_made_up_for() -> None:
    clock = Clock(timedelta(hours=3))

    assert (await run(Function(3), clock, schedule()))[:3] == ["05:05", "08:05", "08:10"]


async def test_a_failing_invocation_does_not_end_the_schedule(caplog: pytest.LogCaptureFixture) -> None:
    assert len(await run(Function(2, fails=True), Clock(), schedule())) >= 2
    assert "f was not invoked" in caplog.text


async def test_a_disabled_schedule_stays_silent() -> None:
    running = Schedules([schedule(enabled=False)], Function(1).invoke)

    assert running.next_times() == {}


async def test_a_wrong_expression_names_its_schedule() -> None:
    with pytest.raises(InvalidExpression, match="schedule Sweep: 'rate"):
        Schedules([schedule("rate(1 minutes)")], Function(1).invoke)
