"""Parts that run: started one after the other or side by side, and ended last started first."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack
from typing import Any, Protocol

_STOP_PART_S = 15.0

_LOG = logging.getLogger(__name__)


class Part(Protocol):
    """It runs from `start` to `stop`."""

    async def start(self) -> None: ...
    async def stop(self) -> None: ...


class RunningParts:
    """What has been started, and how it ends."""

    def __init__(self) -> None:
        self._ends = AsyncExitStack()

    async def run(self, part: Part) -> None:
        """Start it; it is stopped too where its start fails."""
        self.on_stop(type(part).__name__, part.stop)
        await part.start()

    def on_stop(self, name: str, stop: Callable[[], Awaitable[None]]) -> None:
        """Have `stop` called at the end."""

        async def stop_in_time() -> None:
            try:
                async with asyncio.timeout(_STOP_PART_S):
                    await stop()
            except Exception:
                # Whatever it is, the other parts must end too.
                _LOG.exception("%s did not stop", name)

        self._ends.push_async_callback(stop_in_time)

    async def stop(self) -> None:
        """End everything, last started first. A part that does not end in time, or fails, keeps no other from ending."""
        await self._ends.aclose()


async def side_by_side(*coroutines: Coroutine[Any, Any, None]) -> None:
    """Run all at once. The first failure cancels the others, and is raised when they have ended."""
    tasks = [asyncio.ensure_future(coroutine) for coroutine in coroutines]
    try:
        await asyncio.gather(*tasks)
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise
