"""A value that is looked at while somebody watches, and only then."""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

_LOG = logging.getLogger(__name__)


class Sampled:
    """Calls `produce` every `interval_s` while there are watchers, once for all of them, and tells what has changed."""

    def __init__(
        self, produce: Callable[[], Awaitable[Any]], interval_s: float, on_idle: Callable[[], None] = lambda: None
    ) -> None:
        """`on_idle` is called in a thread when the last watcher has gone."""
        self._produce = produce
        self._interval_s = interval_s
        self._on_idle = on_idle
        self._changed = asyncio.Condition()
        self._watchers = 0
        self._version = 0
        self._text = ""
        self._latest: Any = None
        self._task: asyncio.Task[None] | None = None

    async def watch(self) -> AsyncGenerator[Any, None]:
        """The value now, and again whenever it differs."""
        self._watchers += 1
        if self._task is None:
            self._text = ""
            self._task = asyncio.create_task(self._sample())
        seen = self._version if not self._text else -1
        try:
            while True:
                async with self._changed:
                    while self._version == seen:
                        await self._changed.wait()
                seen = self._version
                yield self._latest
        finally:
            self._watchers -= 1
            if not self._watchers and self._task is not None:
                self._task.cancel()
                self._task = None
                asyncio.get_running_loop().run_in_executor(None, self._on_idle)

    async def _sample(self) -> None:
        while True:
            await self._once()
            await asyncio.sleep(self._interval_s)

    async def _once(self) -> None:
        try:
            latest = await self._produce()
        except Exception:
            # Shown as it was; the next look may succeed.
            _LOG.exception("a sample for the console failed")
            return
        text = json.dumps(latest)
        if text == self._text:
            return
        async with self._changed:
            self._latest, self._text = latest, text
            self._version += 1
            self._changed.notify_all()
