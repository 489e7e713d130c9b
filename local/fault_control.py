"""Faults on purpose in a running stack: the commands that add, list and clear them, and where they take effect."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from local.application import Application
from local.endpoints import Endpoints
from local.engines.engine import Engine
from local.faults import FaultRule, Faults, InvalidFault, parse_rule
from local.faults.engine_stops import EngineStops
from local.faults.rule import AT_ONCE, Kind
from local.invocation import TooManyRequests
from local.lambda_service.environment import InvokeResult
from local.start_error import StartError

_PROXIED = ("dynamodb", "s3")
_FAILED = b'{"errorMessage":"Failed on purpose: scripts/fault list shows the rule","errorType":"Fault.Injected"}'

FunctionFault = Callable[[str], Awaitable[InvokeResult | None]]


class FaultyFunctions(Protocol):
    """What the Lambda service must let be changed."""

    fault: FunctionFault | None
    """Asked before each invocation: what it answers instead, if anything."""

    async def use_endpoints(self, endpoints: Endpoints) -> None:
        """Give these addresses to the functions from now on."""


class FaultControl:
    """Part of a stack. Without rules nothing is asked on any path."""

    def __init__(
        self, application: Application, endpoints: Endpoints, engines: Sequence[Engine], functions: FaultyFunctions
    ) -> None:
        self._application = application
        self._endpoints = endpoints
        self._engines = {engine.name: engine for engine in engines}
        self._functions = functions
        self._faults = Faults(ended=self._some_ended)
        self._task: asyncio.Task[None] | None = None
        self._stops = EngineStops()
        self._diverted: frozenset[str] = frozenset()

    async def start(self) -> None:
        """Nothing is faulty at first: rules end with the stack."""

    async def stop(self) -> None:
        """Let engines that are paused go on, so that they can be stopped."""
        await self._stops.stop()

    async def add(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """{"id", "text"} of the rule; a pause or kill is done at once and has no id. Raises StartError."""
        try:
            rule = self._checked(parse_rule(request))
            if rule.kind in AT_ONCE:
                self._stops.apply(rule, self._engines[rule.name])
                return {"id": None, "text": str(rule)}
        except InvalidFault as error:
            raise StartError(str(error)) from error
        identifier = self._faults.add(rule)
        await self._take_effect()
        return {"id": identifier, "text": str(rule)}

    async def listed(self, _request: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The rules that hold."""
        return self._faults.listed()

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
        self._task = asyncio.create_task(self._take_effect())

    async def _take_effect(self) -> None:
        """Functions call DynamoDB and S3 directly; while those are faulty, through the AWS endpoint, which can be."""
        self._functions.fault = self._of_function if self._faults.any_of("function") else None
        diverted = frozenset(name for name in _PROXIED if self._faults.any_of("engine", name))
        if diverted != self._diverted:
            self._diverted = diverted
            changes: dict[str, Any] = {f"function_{name}_url": self._endpoints.aws_url for name in diverted}
            await self._functions.use_endpoints(replace(self._endpoints, **changes))

    def _checked(self, rule: FaultRule) -> FaultRule:
        """With the real name of what it is for. Raises InvalidFault when there is none."""
        known = self._names(rule.target)
        name = known.get(rule.name)
        if name is None:
            there = {meaning: name for name, meaning in known.items()}.values()  # one name of each
            raise InvalidFault(f"There is no {rule.target} {rule.name}. There are: {', '.join(there) or 'none'}.")
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
