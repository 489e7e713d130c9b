"""Asynchronous invocation (InvocationType Event): answered at once, run from a queue, retried.

Lambda developer guide, "How Lambda handles errors and retries with asynchronous invocation": a function error is retried
twice, after one and after two minutes; throttles go back to the queue for up to 6 hours, first after 1 second and then
with exponential backoff up to 5 minutes, and do not count as tries. What still fails goes to the OnFailure destination.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from local.application import Function
from local.invocation import TooManyRequests
from local.lambda_service.environment import InvokeResult
from local.lambda_service.settings import LambdaSettings

_LOG = logging.getLogger(__name__)
_MAX_BACKOFF_S = 300.0

Run = Callable[[str, bytes, str], Awaitable[InvokeResult]]
"""Runs one try: name of the function, event, request id."""


class EventQueue:
    """Holds events in memory: those not done when the stack stops are named in its log."""

    def __init__(self, run: Run, settings: LambdaSettings) -> None:
        self._run = run
        self._settings = settings
        self._tasks: dict[asyncio.Task[None], str] = {}

    def put(self, function: Function, event: bytes, request_id: str) -> None:
        """Returns at once."""
        task = asyncio.create_task(self._process(function, event, request_id))
        self._tasks[task] = f"{function.name} {request_id}"
        task.add_done_callback(self._done)

    async def stop(self) -> None:
        for task, what in self._tasks.items():
            _LOG.warning("asynchronous invocation not done when the stack stopped: %s", what)
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _done(self, task: asyncio.Task[None]) -> None:
        what = self._tasks.pop(task)
        if not task.cancelled() and task.exception() is not None:
            _LOG.error("asynchronous invocation lost: %s", what, exc_info=task.exception())

    async def _process(self, function: Function, event: bytes, request_id: str) -> None:
        tries = 1 + function.maximum_retry_attempts
        delays = iter((*self._settings.retry_delays_s, *[0.0] * tries))
        for number in range(1, tries + 1):
            result = await self._try(function, event, request_id)
            if result is None:
                _give_up(function, event, request_id, number - 1, "EventAgeExceeded", None)
                return
            if result.function_error is None:
                return
            if number < tries:
                await asyncio.sleep(next(delays))
        _give_up(function, event, request_id, tries, "RetriesExhausted", result)

    async def _try(self, function: Function, event: bytes, request_id: str) -> InvokeResult | None:
        """One try that was not throttled; None when the event became too old."""
        loop = asyncio.get_running_loop()
        deadline, delay = loop.time() + self._settings.max_event_age_s, self._settings.throttle_backoff_s
        while loop.time() < deadline:
            try:
                return await self._run(function.name, event, request_id)
            except TooManyRequests:
                await asyncio.sleep(delay)
                delay = min(2 * delay, _MAX_BACKOFF_S)
        return None


def _give_up(
    function: Function, event: bytes, request_id: str, tries: int, condition: str, result: InvokeResult | None
) -> None:
    record = failure_record(function, event, request_id, tries, condition, result)
    target = function.on_failure or "no OnFailure destination"
    _LOG.error("asynchronous invocation failed for good (%s): %s", target, json.dumps(record))


def failure_record(
    function: Function, event: bytes, request_id: str, tries: int, condition: str, result: InvokeResult | None
) -> dict[str, object]:
    """What an OnFailure destination gets (Lambda developer guide, "Adding a destination")."""
    record: dict[str, object] = {
        "version": "1.0",
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "requestContext": {
            "requestId": request_id,
            "functionArn": f"{function.arn}:$LATEST",
            "condition": condition,
            "approximateInvokeCount": tries,
        },
        "requestPayload": json.loads(event),
    }
    if result is not None:
        context = {"statusCode": 200, "executedVersion": "$LATEST", "functionError": result.function_error}
        record |= {"responseContext": context, "responsePayload": json.loads(result.payload)}
    return record
