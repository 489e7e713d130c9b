"""Faults on purpose in a running stack: the commands that add, list and clear them, and where they take effect."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, Protocol, cast

from local.application import Application
from local.endpoints import Endpoints
from local.engines.engine import Engine
from local.faults import FaultRule, Faults, InvalidFault, parse_rule
from local.faults.process_stops import ProcessStops
from local.faults.rule import Kind
from local.faults.step_name import check_step
from local.faults.steps_met import StepsMet
from local.invocation import TooManyRequests
from local.lambda_service.environment import InvokeResult
from local.lambda_service.fork_request import import_roots
from local.lambda_service.steps import Step
from local.start_error import StartError

_LOOK_AGAIN_S = 0.001
_FAILED = b'{"errorMessage":"Failed on purpose: scripts/fault list shows the rule","errorType":"Fault.Injected"}'

FunctionFault = Callable[[str], Awaitable[InvokeResult | None]]


class FaultyFunctions(Protocol):
    """What the Lambda service must let be changed."""

    fault: FunctionFault | None
    """Asked before each invocation: what it answers instead, if anything."""

    async def use_endpoints(self, endpoints: Endpoints) -> None:
        """Give these addresses to the functions from now on."""

    async def use_steps(self, steps: Mapping[str, list[Step]]) -> None:
        """Kill or pause environments at these steps from now on, by name of the function."""

    def busy_pids(self, name: str) -> list[int]:
        """Processes of a function's environments that run an invocation."""


class FaultControl:
    """Part of a stack. Without rules nothing is asked on any path."""

    def __init__(
        self,
        application: Application,
        endpoints: Endpoints,
        engines: Sequence[Engine],
        functions: FaultyFunctions,
        met: Path,
    ) -> None:
        """`met` is the folder in which environments write down that they met a step."""
        self._application = application
        self._endpoints = endpoints
        self._engines = {engine.name: engine for engine in engines}
        self._functions = functions
        self._faults = Faults(ended=self._some_ended, stopped=self._stop_soon)
        self._tasks: set[asyncio.Task[None]] = set()
        self._stops = ProcessStops()
        self._met = StepsMet(met)
        self._diverted: dict[str, str] = {}

    async def start(self) -> None:
        """Nothing is faulty at first: rules end with the stack."""
        self._met.begin()

    async def stop(self) -> None:
        """Let what is paused go on, so that it can be stopped."""
        for task in list(self._tasks):
            task.cancel()
        await self._stops.stop()

    async def add(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """{"id", "text"} of the rule; a pause or kill is done at once and has no id. Raises StartError."""
        try:
            rule = self._checked(parse_rule(request))
            if rule.at_once:
                self._stops.apply(rule, _pid_of(self._engines[rule.name]))
                return {"id": None, "text": str(rule)}
        except InvalidFault as error:
            raise StartError(str(error)) from error
        identifier = self._faults.add(rule)
        await self._take_effect()
        return {"id": identifier, "text": str(rule)}

    async def listed(self, _request: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The rules that hold."""
        self._faults.met(self._met.numbers())
        return self._faults.listed()

    async def met(self, _request: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Each time since the start that an environment was killed or paused at a step: {rule, at, pid, request_id, time}."""
        return self._met.told()

    async def clear(self, request: Mapping[str, Any]) -> int:
        """Remove `ids`, or all; how many. Raises StartError."""
        try:
            gone = self._faults.clear(list(request.get("ids") or []))
        except InvalidFault as error:
            raise StartError(str(error)) from error
        await self._stops.stop()
        await self._take_effect()
        return gone

    async def of_route(self, route_key: str) -> Kind | None:
        """What a gateway makes of a request on this route."""
        return await self._faults.meet("route", route_key)

    async def of_engine(self, name: str) -> Kind | None:
        """What the AWS endpoint makes of a request to this engine."""
        return await self._faults.meet("engine", name)

    async def _of_function(self, name: str) -> InvokeResult | None:
        kind = await self._faults.meet("function", name)
        if kind == "throttle":
            raise TooManyRequests("Throttled on purpose: scripts/fault list shows the rule")
        return InvokeResult(_FAILED, "Unhandled", "", b"") if kind == "error" else None

    def _some_ended(self) -> None:
        self._keep(self._take_effect())

    def _stop_soon(self, rule: FaultRule) -> None:
        self._keep(self._stop_at_a_moment(rule))

    async def _stop_at_a_moment(self, rule: FaultRule) -> None:
        """One environment that is at work then, or as soon as one is; which one is left to chance as well."""
        await asyncio.sleep(random.uniform(0, rule.within_s))  # noqa: S311 - no secret
        while not (busy := self._functions.busy_pids(rule.name)):  # noqa: ASYNC110 - no event on the path of invocations
            await asyncio.sleep(_LOOK_AGAIN_S)
        self._stops.apply(rule, random.choice(busy))  # noqa: S311

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        """The event loop holds tasks only weakly."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _take_effect(self) -> None:
        """Functions call DynamoDB and S3 directly; while those are faulty, through the AWS endpoint, which can be."""
        self._functions.fault = self._of_function if self._faults.any_of("function") else None
        rules = [rule for rule in self._faults.rules().values() if rule.target == "engine"]
        diverted = {rule.name: rule.url or self._endpoints.aws_url for rule in rules}
        if diverted != self._diverted:
            self._diverted = diverted
            changes: dict[str, Any] = {f"function_{name}_url": url for name, url in diverted.items()}
            await self._functions.use_endpoints(replace(self._endpoints, **changes))
        steps: dict[str, list[Step]] = {}
        for identifier, rule in self._faults.rules().items():
            if rule.at is not None:
                steps.setdefault(rule.name, []).append(self._step(identifier, rule))
        await self._functions.use_steps(steps)

    def _step(self, identifier: str, rule: FaultRule) -> Step:
        until = self._faults.until(identifier)
        assert rule.at is not None
        kind = cast("Literal['kill', 'pause']", rule.kind)
        folder = str(self._met.folder.resolve())
        return Step(identifier, rule.at, kind, rule.seconds, rule.share, rule.count, until, folder)

    def _checked(self, rule: FaultRule) -> FaultRule:
        """With the real name of what it is for. Raises InvalidFault when there is none."""
        known = self._names(rule.target)
        name = known.get(rule.name)
        if name is None:
            there = {meaning: name for name, meaning in known.items()}.values()  # one name of each
            raise InvalidFault(f"There is no {rule.target} {rule.name}. There are: {', '.join(there) or 'none'}.")
        if rule.at is not None:
            function = self._application.functions[name]
            check_step(rule.at, [Path(root) for root in import_roots(function)])
        return replace(rule, name=name)

    def _names(self, target: str) -> dict[str, str]:
        """What may be written: what it means. The best name of what has several comes last."""
        if target == "engine":
            return {name: name for name in self._engines}
        if target == "function":
            functions = self._application.functions.values()
            folders = Counter(f.code.name for f in functions)
            alone = {f.code.name: f.name for f in functions if folders[f.code.name] == 1}
            return alone | {f.name: f.name for f in functions} | {f.logical_id: f.name for f in functions}
        routes = [route.route_key for api in self._application.http_apis for route in api.routes]
        routes += [key for api in self._application.websocket_apis for key in api.routes]
        return {key: key for key in routes}


def _pid_of(engine: Engine) -> int:
    """Raises InvalidFault for an engine that is not the stack's own, or does not run."""
    if engine.external or engine.pid is None:
        why = "is run by somebody else" if engine.external else "does not run"
        raise InvalidFault(f"The engine {engine.name} {why}.")
    return engine.pid
