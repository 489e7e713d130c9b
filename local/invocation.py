"""What a gateway needs of Lambda: one synchronous invocation (Invoke API, RequestResponse)."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

_LOG = logging.getLogger(__name__)


class InvokeResult(Protocol):
    """The answer of one invocation that Lambda accepted, whether the function succeeded or not."""

    @property
    def payload(self) -> bytes:
        """JSON of what the function returned, or of its error {errorMessage, errorType, ...}."""

    @property
    def function_error(self) -> str | None:
        """`X-Amz-Function-Error`: None when the function succeeded."""


class Invoke(Protocol):
    """Invokes functions by name. Waits until the function has answered; may be called concurrently.

    A function that fails or times out is a result with `function_error`, not an exception. A caller that stops waiting
    does not stop the function.
    """

    async def invoke(self, name: str, payload: bytes) -> InvokeResult:
        """Raises FunctionNotFound, TooManyRequests."""


class FunctionNotFound(Exception):
    """No function has that name: ResourceNotFoundException of the Invoke API."""


class TooManyRequests(Exception):
    """The function's or the account's concurrency is used up: TooManyRequestsException of the Invoke API."""


class Stopped(Exception):
    """The gateway is stopping: nobody waits for functions any more."""


RouteFault = Callable[[str], Awaitable[str | None]]
"""Given a route key, waits as long as it must on purpose; `error` or `throttle` is what to answer instead of the function."""


class Invocations:
    """Invocations that a gateway has under way, those that no client waits for any more included."""

    def __init__(self, service: Invoke, fault: RouteFault | None = None) -> None:
        self.fault = fault
        self._service = service
        self._running: set[asyncio.Task[InvokeResult]] = set()
        self._closed = False

    async def call(self, name: str, payload: bytes, timeout_s: float) -> InvokeResult:
        """Invoke and wait at most `timeout_s`; a function that takes longer runs on, as on AWS.

        Invocations start in the order of the calls. Raises TimeoutError, FunctionNotFound, TooManyRequests, Stopped.
        """
        if self._closed:
            raise Stopped
        task = asyncio.ensure_future(self._service.invoke(name, payload))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        await _done_or_late(task, timeout_s)
        if not task.done():
            task.add_done_callback(_log_failure)
            raise TimeoutError
        if task.cancelled():
            raise Stopped
        return task.result()

    async def close(self) -> None:
        """Stop waiting for what is under way, and refuse what comes later."""
        self._closed = True
        running = list(self._running)
        for task in running:
            task.add_done_callback(_log_failure)
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def _done_or_late(task: asyncio.Task[InvokeResult], timeout_s: float) -> None:
    """As asyncio.wait of one task, which every request pays for."""
    loop = asyncio.get_running_loop()
    over: asyncio.Future[None] = loop.create_future()

    def end(_task: asyncio.Task[InvokeResult] | None = None) -> None:
        if not over.done():
            over.set_result(None)

    timer = loop.call_later(timeout_s, end)
    task.add_done_callback(end)
    try:
        await over
    finally:
        timer.cancel()


def _log_failure(task: asyncio.Task[InvokeResult]) -> None:
    if not task.cancelled() and task.exception() is not None:
        _LOG.warning("an invocation that no client waits for failed: %r", task.exception())
