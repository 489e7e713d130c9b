"""Functions in this process, behind the boundary at which the gateways invoke: bytes in, bytes out."""

import asyncio
import inspect
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from local.invocation import FunctionNotFound

Event = dict[str, Any]
Handler = Callable[[Event], Any] | Callable[[Event], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class FakeResult:
    payload: bytes
    function_error: str | None = None


@dataclass
class FakeFunctions:
    """Handlers by function name. One that raises is a function error, as Lambda tells it."""

    handlers: dict[str, Handler] = field(default_factory=dict)
    calls: list[tuple[str, Event]] = field(default_factory=list)

    def events(self, name: str) -> list[Event]:
        return [event for called, event in self.calls if called == name]

    async def invoke(self, name: str, payload: bytes) -> FakeResult:
        if name not in self.handlers:
            raise FunctionNotFound(name)
        event = json.loads(payload)
        self.calls.append((name, event))
        try:
            answer = self.handlers[name](event)
            if inspect.isawaitable(answer):
                answer = await answer
        except AssertionError as error:
            failure = {"errorMessage": str(error), "errorType": "Exception", "stackTrace": []}
            return FakeResult(json.dumps(failure).encode(), "Unhandled")
        return FakeResult(answer if isinstance(answer, bytes) else json.dumps(answer).encode())


def fail(message: str) -> Handler:
    """Handler of a function that raises `Exception(message)`."""

    def handler(_event: Event) -> Any:
        raise AssertionError(message)

    return handler


async def until(condition: Callable[[], bool], what: str, timeout_s: float = 10.0) -> None:
    """Poll until the condition holds."""
    deadline = asyncio.get_running_loop().time() + timeout_s
    while not condition():
        assert asyncio.get_running_loop().time() < deadline, f"not within {timeout_s:g} s: {what}"
        await asyncio.sleep(0.005)
