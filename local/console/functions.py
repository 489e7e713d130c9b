"""The API of functions: configuration, event sources, live log, an invocation by hand."""

import asyncio
import re
from collections.abc import AsyncGenerator, Mapping
from typing import Any

from aiohttp import web

from local.application import Application, Function
from local.captures.store import CaptureStore
from local.console.answers import ApiError, Handler, read_body
from local.console.invocations import run
from local.console.log_lines import LogFollower
from local.console.stack_view import StackView

_LOG_POLL_S = 0.25
_SECRET = re.compile(r"secret|password|passwd|token|credential|private|api_?key|access_?key|signing", re.IGNORECASE)
_POINTS = 1000


class Functions:
    """Everything about one function."""

    def __init__(self, stack: StackView, captures: CaptureStore) -> None:
        self._stack = stack
        self._captures = captures

    def routes(self) -> list[tuple[str, str, Handler]]:
        return [
            ("GET", "/api/functions/{name}", self.describe),
            ("GET", "/api/functions/{name}/variables/{variable}", self.variable),
            ("GET", "/api/functions/{name}/durations", self.durations),
            ("POST", "/api/functions/{name}/invocations", self.invoke),
        ]

    async def describe(self, request: web.Request) -> Any:
        """{name, logical_id, arn, runtime, handler, memory_mb, timeout_s, code, layers, variables, sources, ...}.

        A variable is {name, value, secret}; the value of what looks like a secret is None here.
        """
        function = self._function(request)
        return {
            "name": function.name,
            "logical_id": function.logical_id,
            "arn": function.arn,
            "runtime": function.runtime,
            "handler": function.handler,
            "memory_mb": function.memory_mb,
            "timeout_s": function.timeout_s,
            "reserved_concurrency": function.reserved_concurrency,
            "maximum_retry_attempts": function.maximum_retry_attempts,
            "on_failure": function.on_failure,
            "code": str(function.code),
            "layers": [str(layer) for layer in function.layers],
            "variables": [variable_view(name, value) for name, value in sorted(function.environment.items())],
            "sources": event_sources(self._stack.application, function.name, self._times()),
        }

    async def variable(self, request: web.Request) -> Any:
        """{value} of one environment variable, secret or not."""
        environment, name = self._function(request).environment, request.match_info["variable"]
        if name not in environment:
            raise ApiError(404, f"there is no variable {name[:100]}")
        return {"value": environment[name]}

    async def durations(self, request: web.Request) -> Any:
        """{points: [[started_at, duration_ms, outcome, init_ms, request_id]]} of the last 1,000 invocations, oldest first."""
        found = await self._captures.list(function=self._function(request).name, limit=_POINTS)
        return {
            "points": [
                [one.started_at, one.duration_ms, one.outcome, one.init_ms, one.request_id] for one in reversed(found)
            ]
        }

    async def invoke(self, request: web.Request) -> Any:
        """{event: any JSON} -> the answer, as `invocations.run` gives it."""
        name, body = self._function(request).name, await read_body(request)
        if "event" not in body:
            raise ApiError(400, "event is missing")
        return await run(self._stack, name, body["event"])

    async def logs(self, params: Mapping[str, Any]) -> AsyncGenerator[Any, None]:
        """Channel `logs` {function}: lists of {time_ms, stream, text}; at first the last few hundred lines."""
        name = params.get("function")
        if not isinstance(name, str) or name not in self._stack.application.functions:
            raise ApiError(404, f"there is no function {str(name)[:100]}")
        follower = LogFollower(self._stack.function_logs / f"{name}.log")
        yield await asyncio.to_thread(follower.read)
        while True:
            await asyncio.sleep(_LOG_POLL_S)
            while follower.has_more():
                lines = await asyncio.to_thread(follower.read)
                if lines:
                    yield lines
                else:
                    break  # the last line is being written

    def _function(self, request: web.Request) -> Function:
        name = request.match_info["name"]
        try:
            return self._stack.application.functions[name]
        except KeyError:
            raise ApiError(404, f"there is no function {name[:100]}") from None

    def _times(self) -> dict[str, str | None]:
        return {name: due.isoformat() if due else None for name, due in self._stack.next_times().items()}


def variable_view(name: str, value: str) -> dict[str, Any]:
    secret = _SECRET.search(name) is not None
    return {"name": name, "value": None if secret else value, "secret": secret}


def event_sources(application: Application, name: str, next_times: Mapping[str, str | None]) -> list[dict[str, Any]]:
    """What invokes a function, each as {kind, ...}."""
    found = _in_gateways(application, name)
    found += [
        {"kind": "kafka", "mapping": mapping.logical_id, "topic": mapping.topic, "group": mapping.group_id}
        for mapping in application.kafka_mappings
        if mapping.function == name
    ]
    found += [
        {
            "kind": "schedule",
            "schedule": schedule.name,
            "expression": schedule.expression,
            "enabled": schedule.enabled,
            "next": next_times.get(schedule.logical_id),
        }
        for schedule in application.schedules
        if schedule.function == name
    ]
    found += [
        {"kind": "s3", "bucket": one.bucket, "event": one.event, "prefix": one.prefix, "suffix": one.suffix}
        for one in application.bucket_notifications
        if one.function == name
    ]
    found += [
        {"kind": "custom resource", "resource": resource.logical_id, "type": resource.type}
        for resource in application.custom_resources
        if resource.function == name
    ]
    return found


def _in_gateways(application: Application, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for http in application.http_apis:
        found += [
            {"kind": "http", "api": http.logical_id, "route": route.route_key, "authorizer": _name(route.authorizer)}
            for route in http.routes
            if route.function == name
        ]
    for api in application.websocket_apis:
        if api.authorizer is not None and api.authorizer.function == name:
            found.append({"kind": "authorizer", "api": api.logical_id})
        found += [
            {"kind": "websocket", "api": api.logical_id, "route": route.route_key}
            for route in api.routes.values()
            if route.function == name
        ]
    return found


def _name(authorizer: Any) -> str | None:
    return None if authorizer is None else authorizer.name
