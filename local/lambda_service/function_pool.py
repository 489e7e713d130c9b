"""The environments of one function and the invocations that wait for one."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple, TypeVar

from local.application import Function
from local.invocation import TooManyRequests
from local.lambda_service.environment import Environment, InitError, InvokeResult, Limits, State
from local.lambda_service.fork_request import Code
from local.lambda_service.invocation_log import FunctionLog, InvocationLog, LogStream
from local.lambda_service.platform_lines import init_lines
from local.lambda_service.processor import ProcessorLoad
from local.lambda_service.request_ids import new_request_id
from local.lambda_service.settings import LambdaSettings
from local.lambda_service.temporary import TemporaryFolders
from local.lambda_service.variables import log_stream_name
from local.lambda_service.warm_parent import WarmParent, WarmParentLost

T = TypeVar("T")
_LOG = logging.getLogger(__name__)
_FORK_ATTEMPTS = 3


class _Invocation(NamedTuple):
    event: bytes
    client_context: str | None
    record: InvocationLog
    answer: asyncio.Future[InvokeResult]


class FunctionPool:
    """Gives each invocation an environment: the one used last, else a new one by the rule of `LambdaSettings`."""

    def __init__(
        self,
        function: Function,
        code: Code,
        settings: LambdaSettings,
        log: FunctionLog,
        warm_parent: Callable[[], Awaitable[WarmParent]],
        temporary: TemporaryFolders,
    ) -> None:
        self.function = function
        self.code = code
        self.in_flight = 0
        self._settings = settings
        self._log = log
        self._warm_parent = warm_parent
        self._temporary = temporary
        self._limits = Limits(function.timeout_s, function.memory_mb, settings.response_bytes, settings.freeze_after_s)
        self._environments: set[Environment] = set()
        self._idle: list[Environment] = []
        self._waiting: deque[_Invocation] = deque()
        self._starting = 0
        self._tasks: set[asyncio.Task[Any]] = set()
        self._growth: asyncio.TimerHandle | None = None
        self._load = ProcessorLoad()
        self._grown_at = 0.0

    @property
    def environments(self) -> int:
        """How many live or are about to."""
        return sum(environment.state is not State.STARTING for environment in self._environments) + self._starting

    @property
    def pids(self) -> list[int]:
        """Processes of the environments."""
        return sorted(environment.pid for environment in self._environments if environment.pid)

    def working(self) -> Iterator[Environment]:
        """Those that run an invocation or start."""
        at_work = (State.BUSY, State.STARTING)
        return (environment for environment in self._environments if environment.state in at_work)

    def begin(
        self, event: bytes, client_context: str | None, request_id: str | None = None
    ) -> "asyncio.Future[InvokeResult]":
        """Run an invocation. Whoever stops waiting for the future, or cancels it, does not stop the function.

        Raises TooManyRequests when the reserved concurrency is in use (queued invocations count).
        """
        reserved = self.function.reserved_concurrency
        if reserved is not None and self.in_flight >= reserved:
            raise TooManyRequests(f"{self.function.name}: ReservedConcurrentExecutions is {reserved}")
        record = InvocationLog(request_id or new_request_id(), self.function.memory_mb, self.function.logging)
        answer: asyncio.Future[InvokeResult] = asyncio.get_running_loop().create_future()
        invocation = _Invocation(event, client_context, record, answer)
        self.in_flight += 1
        if self._idle:
            self._run(invocation, self._idle.pop())
        else:
            self._waiting.append(invocation)
            self._grow_eagerly()
        return answer

    def retire(self) -> None:
        """Let no invocation that comes now meet an environment that lives now; those that run may finish."""
        for environment in list(self._environments):
            environment.retired = True
            if environment in self._idle:
                self._idle.remove(environment)
                environment.end()

    def end_idle(self) -> None:
        """End what has been idle for too long."""
        before = asyncio.get_running_loop().time() - self._settings.idle_timeout_s
        while self._idle and self._idle[0].idle_since < before:
            self._idle.pop(0).end()

    def stop(self) -> None:
        """End everything. Invocations that run answer Runtime.ExitError, those that wait raise WarmParentLost."""
        while self._waiting:
            self._fail(self._waiting.popleft(), WarmParentLost("the Lambda service has stopped"))
        for environment in list(self._environments):
            environment.end()
        if self._growth is not None:
            self._growth.cancel()
        self._log.close()

    def _run(self, invocation: "_Invocation", environment: Environment, spent_s: float = 0.0) -> None:
        event, client_context, record, answer = invocation
        if not spent_s:
            record.start_clock()
        on_result = partial(self._answered, answer)
        environment.invoke(self.function.arn, event, client_context, record, on_result, spent_s)

    def _answered(self, answer: "asyncio.Future[InvokeResult]", result: InvokeResult) -> None:
        self.in_flight -= 1
        if not answer.done():
            answer.set_result(result)

    def _fail(self, invocation: "_Invocation", error: Exception) -> None:
        self.in_flight -= 1
        if not invocation.answer.done():
            invocation.answer.set_exception(error)

    def _keep(self, task: "asyncio.Task[T]") -> "asyncio.Task[T]":
        """The event loop holds tasks only weakly."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _grow_eagerly(self) -> None:
        wanted = len(self._waiting) - self._starting
        room = min(self._settings.eager_environments, self._settings.max_environments) - self.environments
        for _ in range(min(wanted, room)):
            self._start_one()
        if wanted > max(room, 0) and self._growth is None:
            self._load.since_last()
            self._grown_at = asyncio.get_running_loop().time()
            self._growth = asyncio.get_running_loop().call_later(self._settings.queue_wait_s, self._grow_by_one)

    def _grow_by_one(self) -> None:
        """The head of the queue has waited for the time that the setting says."""
        self._growth = None
        if not self._waiting:
            return
        now = asyncio.get_running_loop().time()
        idle = self._load.since_last() < self._settings.busy_share
        due = idle or now - self._grown_at >= self._settings.busy_queue_wait_s
        if due and not self._starting and self.environments < self._settings.max_environments:
            self._grown_at = now
            self._start_one()
        self._growth = asyncio.get_running_loop().call_later(self._settings.queue_wait_s, self._grow_by_one)

    def _start_one(self) -> None:
        self._starting += 1
        self._keep(asyncio.create_task(self._start()))

    async def _start(self) -> None:
        """Start one for the queue; one that fails, for want of descriptors or disk too, is the longest waiting invocation's."""
        started: Environment | InitError | Exception
        try:
            started = await self._fork(self._settings.init_timeout_s, None)
        except Exception as error:
            _LOG.error("no environment of %s can be started: %r", self.function.name, error)
            started = error
        finally:
            self._starting -= 1
        if isinstance(started, Environment):
            self._freed(started)
            return
        if self._waiting and isinstance(started, InitError):
            self._keep(asyncio.create_task(self._init_again(self._waiting.popleft())))
        elif self._waiting and isinstance(started, Exception):
            self._fail(self._waiting.popleft(), started)
        self._grow_eagerly()

    async def _init_again(self, invocation: "_Invocation") -> None:
        """A failed init is tried once more within the invocation, with the function's own timeout.

        Lambda developer guide, "Runtime environment lifecycle": failures during the init phase.
        """
        record = invocation.record
        record.start_clock()
        try:
            started = await self._fork(self.function.timeout_s, record)
        except Exception as error:
            self._fail(invocation, error)
            return
        if isinstance(started, Environment):
            self._run(invocation, started, spent_s=started.init_s)
            return
        failure = started.failure.of_request(record.request_id)
        error_type = failure.error_type if failure.status == "error" else ""
        record.end(started.max_memory_mb, started.init_s, failure.status, error_type)
        payload = started.payload or failure.payload
        result = InvokeResult(payload, "Unhandled", record.request_id, record.tail(), outcome=record.outcome)
        self._answered(invocation.answer, result)

    async def _fork(self, limit_s: float, record: InvocationLog | None) -> Environment | InitError:
        """Raises WarmParentLost when a new warm parent ends as well."""
        stream = LogStream(self._log, log_stream_name())
        folder = self._temporary.make()
        own = {"AWS_LAMBDA_LOG_STREAM_NAME": stream.name, "TMPDIR": str(folder)}
        code = replace(self.code, variables=own | self.code.variables)
        for attempt in range(_FORK_ATTEMPTS):
            environment = Environment(self._limits, stream, self._freed, folder)
            self._environments.add(environment)
            try:
                failed = await environment.start(await self._warm_parent(), code, limit_s, record)
                if failed is not None and record is None:
                    stream.write(init_lines(failed.outcome(self.function.memory_mb), self.function.logging))
                return failed or environment
            except WarmParentLost:
                self._environments.discard(environment)
                if attempt == _FORK_ATTEMPTS - 1:
                    raise
            except BaseException:
                environment.end()
                raise
        raise AssertionError

    def _freed(self, environment: Environment) -> None:
        """It has become idle, or has ended."""
        if environment.state is State.ENDED:
            self._temporary.remove(environment.folder)
            self._environments.discard(environment)
            if environment in self._idle:
                self._idle.remove(environment)
            if self._waiting:
                self._grow_eagerly()
        elif environment.retired:
            environment.end()
        elif self._waiting:
            self._run(self._waiting.popleft(), environment)
        else:
            self._idle.append(environment)
            environment.rest()
