"""The Lambda service of a stack."""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from local.application import Application, Function
from local.endpoints import Endpoints
from local.lambda_service.asynchronous import EventQueue
from local.lambda_service.destinations import Destinations
from local.lambda_service.environment import InvokeResult
from local.lambda_service.errors import (
    FunctionNotFound,
    InvalidRequestContent,
    PayloadTooLarge,
    TooManyRequests,
    UnsupportedFunction,
)
from local.lambda_service.event_store import EventStore
from local.lambda_service.fork_request import code_of
from local.lambda_service.function_pool import FunctionPool
from local.lambda_service.invocation_log import FunctionLog
from local.lambda_service.request_ids import new_request_id
from local.lambda_service.settings import LambdaSettings
from local.lambda_service.steps import Step
from local.lambda_service.temporary import TemporaryFolders
from local.lambda_service.variables import function_variables
from local.lambda_service.warm_parent import LibraryParent, WarmParent, WarmParentLost

Fault = Callable[[str], Awaitable[InvokeResult | None]]


class LambdaService:
    """Runs the functions of an application. All methods belong to the event loop that `start` ran in."""

    def __init__(
        self,
        application: Application,
        endpoints: Endpoints,
        log_dir: Path,
        settings: LambdaSettings | None = None,
        *,
        events: Path | None = None,
    ) -> None:
        """`events` is the file of asynchronous invocations that are not done; without it they end with the stack.

        Temporary files of functions are in a folder `temporary` beside it, else in `log_dir`.
        """
        self._application = application
        self._endpoints = endpoints
        self._log_dir = log_dir
        self._settings = settings or LambdaSettings()
        self._pools: dict[str, FunctionPool] = {}
        self._libraries: LibraryParent | None = None
        self._parent: WarmParent | None = None
        self._old_parents: list[WarmParent] = []
        self._parent_lock = asyncio.Lock()
        self._events_file = events
        self._events: EventQueue | None = None
        self._temporary = TemporaryFolders((events.parent if events else log_dir) / "temporary")
        self._housekeeping: asyncio.Task[None] | None = None
        self._stopped = False
        self._memory_check: asyncio.TimerHandle | None = None
        self.fault: Fault | None = None
        """Asked before each invocation, where it is set: what it answers instead; it may raise TooManyRequests."""
        self.start_report: dict[str, Any] = {}
        """Of the warm parent: {"ready": its pid, "modules": how many are shared, "bare", "errors"}."""

    async def start(self) -> None:
        """Returns when functions can be invoked. Raises UnsupportedFunction for what cannot be run here."""
        self._log_dir.mkdir(parents=True, exist_ok=True)
        destinations = Destinations(self._endpoints, self._queue)
        self._events = EventQueue(self._run, self._settings, EventStore(self._events_file), destinations)
        for function in self._application.functions.values():
            _check(function)
        for name, function in self._application.functions.items():
            code = code_of(function, function_variables(function, self._endpoints))
            log = FunctionLog(self._log_dir / f"{name}.log", self._settings.log_bytes)
            self._pools[name] = FunctionPool(function, code, self._settings, log, self._warm_parent, self._temporary)
        self._temporary.start()
        await self._warm_parent()
        self._housekeeping = asyncio.create_task(self._keep_house())
        self._events.start(self._application.functions)

    async def stop(self) -> None:
        """End every environment. Asynchronous invocations that are not done are kept for the next start."""
        self._stopped = True
        if self._events is not None:
            await self._events.stop()
        if self._housekeeping is not None:
            self._housekeeping.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._housekeeping
        if self._memory_check is not None:
            self._memory_check.cancel()
        for pool in self._pools.values():
            pool.stop()
        for parent in (*self._old_parents, *([self._parent] if self._parent else [])):
            await parent.stop()
        if self._libraries is not None:
            await self._libraries.stop()
        await asyncio.to_thread(self._temporary.stop)

    def function(self, name: str) -> Function:
        """By name. Raises FunctionNotFound."""
        return self._pool(name).function

    @property
    def import_errors(self) -> dict[str, str]:
        """Why handlers could not be imported when the warm parent learnt what they need: one line by function name."""
        errors: dict[str, str] = self.start_report.get("errors", {})
        return errors

    async def invoke(
        self, name: str, payload: bytes, *, client_context: str | None = None, request_id: str | None = None
    ) -> InvokeResult:
        """Run a function and wait for its answer (InvocationType RequestResponse). An empty payload is `{}`.

        A function that fails or times out is a result with `function_error`. Whoever stops waiting does not stop the
        function. `client_context` is JSON. Raises FunctionNotFound, PayloadTooLarge, InvalidRequestContent and
        TooManyRequests.
        """
        return await self.begin(name, payload, client_context=client_context, request_id=request_id)

    def begin(
        self,
        name: str,
        payload: bytes,
        *,
        client_context: str | None = None,
        request_id: str | None = None,
        is_json: bool = False,
    ) -> asyncio.Future[InvokeResult]:
        """As `invoke`, which waits for this future; to cancel it is to stop waiting.

        With `is_json` the payload is taken without a look. Raises what `invoke` does, or puts it into the future.
        """
        pool = self._pool(name)
        event = check_event(payload, self._settings.sync_request_bytes, is_json=is_json)
        if sum(other.in_flight for other in self._pools.values()) >= self._settings.account_concurrency:
            raise TooManyRequests(f"{self._settings.account_concurrency} invocations are in flight")
        if self.fault is not None:
            return asyncio.ensure_future(self._meet_fault(self.fault, pool, event, client_context, request_id))
        return self._begin(pool, event, client_context, request_id)

    def _begin(
        self, pool: FunctionPool, event: bytes, client_context: str | None, request_id: str | None
    ) -> asyncio.Future[InvokeResult]:
        if self._memory_check is None:
            self._schedule_memory_check()
        return pool.begin(event, client_context, request_id)

    async def _meet_fault(
        self, fault: Fault, pool: FunctionPool, event: bytes, client_context: str | None, request_id: str | None
    ) -> InvokeResult:
        instead = await fault(pool.function.name)
        if instead is not None:
            return replace(instead, request_id=request_id or new_request_id())
        return await self._begin(pool, event, client_context, request_id)

    def invoke_event(self, name: str, payload: bytes) -> str:
        """Queue an asynchronous invocation (InvocationType Event); returns its request id.

        Raises FunctionNotFound, PayloadTooLarge and InvalidRequestContent.
        """
        self.function(name)
        return self._queue(name, check_event(payload, self._settings.async_request_bytes))

    async def reload(self, names: Collection[str] | None = None, *, layers: bool = False) -> None:
        """Code has changed: invocations from now on run in new environments, those that run finish in theirs.

        `names` are functions, None is all. With `layers` a new warm parent imports the layers anew; then all are renewed.
        """
        if layers:
            async with self._parent_lock:
                new = await self._start_parent()
                if self._parent is not None:
                    self._old_parents.append(self._parent)
                self._parent = new
        for name in self._pools if names is None or layers else names:
            self._pool(name).retire()

    async def use_endpoints(self, endpoints: Endpoints) -> None:
        """Give these addresses to functions from now on: all get new environments."""
        self._endpoints = endpoints
        for pool in self._pools.values():
            pool.code = replace(pool.code, variables=function_variables(pool.function, endpoints))
        await self.reload()

    async def use_steps(self, steps: Mapping[str, list[Step]]) -> None:
        """Kill or pause environments at these steps, by function: those whose steps change get new environments."""
        for name, pool in self._pools.items():
            wanted = steps.get(name, [])
            if wanted != pool.code.steps:
                pool.code = replace(pool.code, steps=wanted)
                pool.retire()

    def environments(self, name: str) -> int:
        """How many environments a function has now."""
        return self._pool(name).environments

    def pids(self, name: str) -> list[int]:
        """Processes of a function's environments."""
        return self._pool(name).pids

    def busy_pids(self, name: str) -> list[int]:
        """Processes of those that run an invocation, or start."""
        return [environment.pid for environment in self._pool(name).working() if environment.pid]

    def _pool(self, name: str) -> FunctionPool:
        try:
            return self._pools[name]
        except KeyError:
            raise FunctionNotFound(name) from None

    def _queue(self, name: str, event: bytes) -> str:
        assert self._events is not None, "the service has started"
        request_id = new_request_id()
        self._events.put(self.function(name), event, request_id)
        return request_id

    async def _run(self, name: str, event: bytes, request_id: str) -> InvokeResult:
        return await self.invoke(name, event, request_id=request_id)

    async def _warm_parent(self) -> WarmParent:
        if self._parent is not None and not self._parent.lost:
            return self._parent
        async with self._parent_lock:
            if self._stopped:
                raise WarmParentLost("the Lambda service has stopped")
            if self._parent is None or self._parent.lost:
                if self._parent is not None:
                    await self._parent.stop()
                self._parent = await self._start_parent()
            return self._parent

    async def _start_parent(self) -> WarmParent:
        log = self._log_dir / "environments.log"
        if self._libraries is None or self._libraries.lost:
            if self._libraries is not None:
                await self._libraries.stop()
            self._libraries = LibraryParent(log)
            await self._libraries.start([pool.code for pool in self._pools.values()])
        parent = WarmParent(log)
        try:
            self.start_report = await parent.start(self._libraries)
        except BaseException:
            await parent.stop()
            raise
        return parent

    async def _keep_house(self) -> None:
        """End environments that have been idle for too long, and warm parents that have none left."""
        while True:
            await asyncio.sleep(min(10.0, self._settings.idle_timeout_s / 4))
            for pool in self._pools.values():
                pool.end_idle()
            for parent in [parent for parent in self._old_parents if not parent.environments]:
                self._old_parents.remove(parent)
                await parent.stop()

    def _schedule_memory_check(self) -> None:
        self._memory_check = asyncio.get_running_loop().call_later(self._settings.memory_check_s, self._check_memory)

    def _check_memory(self) -> None:
        """Runs while something is busy, and once more after it."""
        busy = [environment for pool in self._pools.values() for environment in pool.working()]
        self._memory_check = None
        for environment in busy:
            environment.check_memory()
        if busy:
            self._schedule_memory_check()


def check_event(payload: bytes, limit: int, *, is_json: bool = False) -> bytes:
    """The event to run with, if Lambda would take it. With `is_json` only its size is looked at."""
    if len(payload) > limit:
        text = f"Request must be smaller than {limit} bytes for the InvokeFunction operation"
        raise PayloadTooLarge(text)
    if not payload:
        return b"{}"
    if is_json:
        return payload
    try:
        json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise InvalidRequestContent(f"Could not parse request body into json: {error}") from error
    return payload


def _check(function: Function) -> None:
    if not function.runtime.startswith("python3."):
        raise UnsupportedFunction(f"{function.logical_id}: runtime {function.runtime} is not run here, only Python")
    if not function.code.is_dir():
        raise UnsupportedFunction(f"{function.logical_id}: its code folder {function.code} does not exist")
