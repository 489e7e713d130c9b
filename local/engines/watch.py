"""Starts an engine again when its process ends and nobody asked it to."""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from local.engines.engine import Engine
from local.start_error import StartError

State = Literal["running", "restarting", "ended", "external"]

_FIRST_PAUSE_S = 0.1


@dataclass(frozen=True, slots=True)
class RestartLimits:
    """How often an engine that ends is started again."""

    restarts: int = 5
    within_s: float = 300.0


class EngineWatch:
    """Watches one engine from `start`, which comes after the engine's own, to `stop`, which comes before the engine's own.

    The engine is started again at once, on the same ports and data, as often as `limits` say; `say` hears of each end
    and each restart.
    """

    def __init__(
        self,
        engine: Engine,
        say: Callable[[str], None],
        first_pause_s: float = _FIRST_PAUSE_S,
        limits: RestartLimits = RestartLimits(),
        restarted: Callable[[], None] = lambda: None,
    ) -> None:
        """`restarted` is called each time when the engine runs again."""
        self.engine = engine
        self._say = say
        self._pause_s = first_pause_s
        self._limits = limits
        self._restarted = restarted
        self._restarts: deque[float] = deque()
        self._task: asyncio.Task[None] | None = None
        self._restarting = False
        self._given_up = False

    @property
    def state(self) -> State:
        """`restarting` until requests are answered again, `ended` when it is not tried any more."""
        if self.engine.external:
            return "external"
        if self._given_up:
            return "ended"
        return "restarting" if self._restarting or self.engine.pid is None else "running"

    async def start(self) -> None:
        if not self.engine.external:
            self._task = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        """From now on its end is expected. A restart under way is broken off and leaves no process."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _watch(self) -> None:
        what = await self.engine.until_ended()
        while self._may_restart():
            self._restarting = True
            self._say(f"{what}; starting it again")
            await asyncio.sleep(self._pause_s * 2 ** (len(self._restarts) - 1))
            try:
                await self.engine.start(lambda _step: None)
            except (StartError, OSError) as error:
                what = f"did not start: {str(error).partition(chr(10))[0]}"
                continue
            self._restarting = False
            self._say("runs again")
            self._restarted()
            what = await self.engine.until_ended()
        self._given_up = True
        self._say(
            f"{what}; it was started again {self._limits.restarts} times in {self._limits.within_s / 60:.0f} minutes and "
            "is not any more: mend it, then scripts/stop and scripts/run"
        )

    def _may_restart(self) -> bool:
        now = time.monotonic()
        while self._restarts and now - self._restarts[0] > self._limits.within_s:
            self._restarts.popleft()
        if len(self._restarts) >= self._limits.restarts:
            return False
        self._restarts.append(now)
        return True
