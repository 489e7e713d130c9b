"""What a gateway needs of Lambda: one synchronous invocation (Invoke API, RequestResponse)."""

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
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

    def invoke(self, name: str, payload: bytes) -> Awaitable[InvokeResult]:
        """Raises FunctionNotFound, TooManyRequests, at once or when it is awaited."""


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
        self._running: dict[asyncio.Future[InvokeResult], _Waiting] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = math.inf
        self._closed = False

    async def call(self, name: str, payload: bytes, timeout_s: float) -> InvokeResult:
        """Invoke and wait at most `timeout_s`; a function that takes longer runs on, as on AWS.

        Invocations start in the order of the calls. Raises TimeoutError, FunctionNotFound, TooManyRequests, Stopped.
        """
        if self._closed:
            raise Stopped
        answer = asyncio.ensure_future(self._service.invoke(name, payload))  # no task where it is a future
        loop = asyncio.get_running_loop()
        waiting = self._running[answer] = _Waiting(loop.create_future(), loop.time() + timeout_s)
        answer.add_done_callback(self._ended)
        self._look_at(waiting.deadline)
        await waiting.over
        if not answer.done():
            answer.add_done_callback(_log_failure)
            raise TimeoutError
        if answer.cancelled():
            raise Stopped
        return answer.result()

    async def close(self) -> None:
        """Stop waiting for what is under way, and refuse what comes later."""
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
        running = list(self._running)
        for answer in running:
            answer.add_done_callback(_log_failure)
            answer.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _ended(self, answer: asyncio.Future[InvokeResult]) -> None:
        _wake(self._running.pop(answer))

    def _look_at(self, deadline: float) -> None:
        """One timer for all: nearly every invocation ends long before its deadline, and then costs no timer."""
        if deadline < self._timer_at:
            if self._timer is not None:
                self._timer.cancel()
            self._timer_at = deadline
            self._timer = asyncio.get_running_loop().call_at(deadline, self._wake_late)

    def _wake_late(self) -> None:
        now = asyncio.get_running_loop().time()
        self._timer, self._timer_at = None, math.inf
        for waiting in self._running.values():
            if waiting.deadline <= now:
                _wake(waiting)
            else:
                self._look_at(waiting.deadline)


@dataclass(slots=True)
class _Waiting:
    over: asyncio.Future[None]
    """Done once there is an answer, or it is too late for one."""
    deadline: float
    """Time of the loop; infinite once it is over."""


def _wake(waiting: _Waiting) -> None:
    waiting.deadline = math.inf
    if not waiting.over.done():
        waiting.over.set_result(None)


def _log_failure(answer: asyncio.Future[InvokeResult]) -> None:
    if not answer.cancelled() and answer.exception() is not None:
        _LOG.warning("an invocation that no client waits for failed: %r", answer.exception())
