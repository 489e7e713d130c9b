"""All schedules of an application at work."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from datetime import UTC, datetime, timedelta

from local.application import Schedule
from local.schedules.event import is_of_scheduler, payload
from local.schedules.expression import InvalidExpression, NextTime, between, parse

log = logging.getLogger(__name__)

LONGEST_SLEEP_S = 30.0
"""The wall clock may jump, or the machine sleep: it is looked at this often."""

InvokeEvent = Callable[[str, bytes], Awaitable[object]]
"""Asynchronous invocation (`Event`) of a function by name."""


def wall_clock() -> datetime:
    return datetime.now(UTC)


class Schedules:
    """Invokes functions when they are due. Times missed while the machine slept or the stack was down are not made up for."""

    def __init__(
        self,
        schedules: Sequence[Schedule],
        invoke_event: InvokeEvent,
        *,
        now: Callable[[], datetime] = wall_clock,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Raises InvalidExpression, naming the schedule."""
        self._invoke_event = invoke_event
        self._now = now
        self._sleep = sleep
        self._started = now()
        self._times = [(schedule, _times(schedule, self._started)) for schedule in schedules if schedule.enabled]
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        for schedule, next_time in self._times:
            self._start(self._run(schedule, next_time))

    async def stop(self) -> None:
        """Ends the clocks; an invocation that was handed over goes on."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def next_times(self) -> dict[str, datetime | None]:
        """By logical id, when each enabled schedule is due."""
        now = self._now()
        return {schedule.logical_id: next_time(now) for schedule, next_time in self._times}

    async def _run(self, schedule: Schedule, next_time: NextTime) -> None:
        # A schedule of EventBridge Scheduler may be due at the very moment of its creation.
        after = self._started - timedelta(microseconds=1)
        while (due := next_time(after)) is not None:
            while (left := (due - self._now()).total_seconds()) > 0:
                await self._sleep(min(left, LONGEST_SLEEP_S))
            self._start(self._invoke(schedule, due))
            after = max(due, self._now())

    async def _invoke(self, schedule: Schedule, due: datetime) -> None:
        try:
            await self._invoke_event(schedule.function, payload(schedule, due))
        except Exception:
            log.exception("schedule %s: %s was not invoked", schedule.name, schedule.function)

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _times(schedule: Schedule, start: datetime) -> NextTime:
    try:
        first = schedule.starts or start
        times = parse(schedule.expression, first, schedule.timezone, at_once=is_of_scheduler(schedule))
        return between(times, schedule.starts, schedule.ends)
    except InvalidExpression as error:
        raise InvalidExpression(f"schedule {schedule.logical_id}: {error}") from error
