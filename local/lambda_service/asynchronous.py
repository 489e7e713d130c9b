"""Asynchronous invocation (InvocationType Event): answered at once, run from a queue, retried.

Lambda developer guide, "How Lambda handles errors and retries with asynchronous invocation": a function error is retried
twice, after one and after two minutes; throttles go back to the queue for up to 6 hours, first after 1 second and then
with exponential backoff up to 5 minutes, and do not count as tries. With a reserved concurrency of 0 an event is not tried
at all ("Capturing records", note). What failed for good goes to the OnFailure destination, a success to OnSuccess.
"""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from local.application import Function
from local.invocation import TooManyRequests
from local.lambda_service.destinations import Destinations, record
from local.lambda_service.environment import InvokeResult
from local.lambda_service.event_store import EventStore, PendingEvent
from local.lambda_service.settings import LambdaSettings

_LOG = logging.getLogger(__name__)
_MAX_BACKOFF_S = 300.0

Run = Callable[[str, bytes, str], Awaitable[InvokeResult]]
"""Runs one try: name of the function, event, request id."""


class EventQueue:
    """Runs what `EventStore` holds."""

    def __init__(self, run: Run, settings: LambdaSettings, store: EventStore, destinations: Destinations) -> None:
        self._run = run
        self._settings = settings
        self._store = store
        self._destinations = destinations
        self._tasks: dict[asyncio.Task[None], PendingEvent] = {}
        self._at_once: dict[str, asyncio.Semaphore] = {}

    def start(self, functions: Mapping[str, Function]) -> None:
        """Take up what an earlier run of the stack left. Events of functions that are not there any more wait on."""
        for event in self._store.pending():
            if event.function in functions:
                self._begin(functions[event.function], event)
            else:
                _LOG.warning("event %s waits for %s, which is not there", event.request_id, event.function)

    def put(self, function: Function, payload: bytes, request_id: str) -> None:
        """Returns once the event is kept; raises TooManyRequests where there are too many."""
        if len(self._tasks) >= self._settings.max_events:
            raise TooManyRequests(f"{len(self._tasks)} events are waiting")
        now = time.time()
        event = PendingEvent(request_id, function.name, now, now)
        self._store.add(event, payload)
        self._begin(function, event)

    async def stop(self) -> None:
        """What is not done runs when the stack starts again."""
        for function, count in Counter(event.function for event in self._tasks.values()).items():
            _LOG.warning("%d asynchronous invocations of %s are kept for the next start", count, function)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._store.close()

    def _begin(self, function: Function, event: PendingEvent) -> None:
        task = asyncio.create_task(self._process(function, event))
        self._tasks[task] = event
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        event = self._tasks.pop(task)
        if not task.cancelled() and task.exception() is not None:
            what = f"event {event.request_id} of {event.function} is kept for the next start"
            _LOG.error("%s", what, exc_info=task.exception())

    async def _process(self, function: Function, event: PendingEvent) -> None:
        if function.reserved_concurrency == 0:
            await self._finish(function, event, "ZeroReservedConcurrency", None)
            return
        expires_at = event.accepted_at + (function.maximum_event_age_s or self._settings.max_event_age_s)
        while True:
            await _sleep_until(min(event.due_at, expires_at))
            result = await self._try(function, event, expires_at)
            if result is None:
                await self._finish(function, event, "EventAgeExceeded", self._store.last_error(event.request_id))
                return
            tries = event.tries + 1
            event = replace(event, tries=tries, due_at=time.time() + self._delay_s(tries))
            if result.function_error is None:
                await self._finish(function, event, "Success", result.payload)
                return
            if tries > function.maximum_retry_attempts:
                await self._finish(function, event, "RetriesExhausted", result.payload)
                return
            self._store.failed(event, result.payload)

    async def _try(self, function: Function, event: PendingEvent, expires_at: float) -> InvokeResult | None:
        """One try that was not throttled; None when the event became too old."""
        delay = self._settings.throttle_backoff_s
        while time.time() < expires_at:
            try:
                async with self._turn(function):
                    return await self._run(function.name, self._store.payload(event.request_id), event.request_id)
            except TooManyRequests:
                await _sleep_until(min(time.time() + delay, expires_at))
                delay = min(2 * delay, _MAX_BACKOFF_S)
        return None

    def _turn(self, function: Function) -> asyncio.Semaphore:
        """As many events of a function run at a time as it can have environments: the others wait in the store."""
        most = min(self._settings.max_environments, function.reserved_concurrency or self._settings.max_environments)
        return self._at_once.setdefault(function.name, asyncio.Semaphore(most))

    def _delay_s(self, tries: int) -> float:
        delays = self._settings.retry_delays_s or (0.0,)
        return delays[min(tries, len(delays)) - 1]

    async def _finish(self, function: Function, event: PendingEvent, condition: str, response: bytes | None) -> None:
        target = function.on_success if condition == "Success" else function.on_failure
        if condition != "Success":
            _LOG.error(
                "event %s of %s failed for good after %d tries: %s; %s",
                event.request_id,
                event.function,
                event.tries,
                condition,
                f"its record goes to {target}" if target else "it has no OnFailure destination and is dropped",
            )
        if target:
            payload = self._store.payload(event.request_id)
            made = record(function, payload, event.request_id, event.tries, condition, response)
            await self._destinations.deliver(function, target, made)
        self._store.remove(event.request_id)


async def _sleep_until(epoch_s: float) -> None:
    delay = epoch_s - time.time()
    if delay > 0:
        await asyncio.sleep(delay)
