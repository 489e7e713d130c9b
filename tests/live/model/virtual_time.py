"""An event loop whose time jumps to the next thing to do: an hour takes as long as what happens in it."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class Stuck(Exception):
    """Nothing is left to happen, and the work is not done."""


class VirtualTime(asyncio.SelectorEventLoop):
    """Everything that waits must wait for this loop: no sockets, no threads."""

    def __init__(self) -> None:
        super().__init__(_NoWaiting(self))
        self.now = 1_000.0

    def time(self) -> float:
        return self.now


class _NoWaiting(selectors.SelectSelector):
    def __init__(self, loop: VirtualTime) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[Any]:
        if timeout is None:
            raise Stuck("everybody waits for somebody else")
        if timeout > 0:
            self._loop.now += timeout
        return []


def run(work: Coroutine[Any, Any, T]) -> T:
    """What `work` returns."""
    with asyncio.Runner(loop_factory=VirtualTime) as runner:
        return runner.run(work)
