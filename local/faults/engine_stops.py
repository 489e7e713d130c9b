"""Stopping an engine's process for a while, or for good."""

import asyncio
import os
import signal

from local.engines.engine import Engine
from local.faults.rule import FaultRule, InvalidFault


class EngineStops:
    """Pauses (SIGSTOP, then SIGCONT) and kills (SIGKILL; the stack starts it again) of engines."""

    def __init__(self) -> None:
        self._pauses: dict[int, asyncio.Task[None]] = {}

    def apply(self, rule: FaultRule, engine: Engine) -> None:
        """Raises InvalidFault for an engine that is not the stack's own, or does not run."""
        if engine.external or engine.pid is None:
            why = "is run by somebody else" if engine.external else "does not run"
            raise InvalidFault(f"The engine {engine.name} {why}.")
        if rule.kind == "kill":
            os.kill(engine.pid, signal.SIGKILL)
            return
        pid = engine.pid
        if (former := self._pauses.pop(pid, None)) is not None:
            former.cancel()
        os.kill(pid, signal.SIGSTOP)
        self._pauses[pid] = asyncio.create_task(self._continue_after(pid, rule.seconds))

    async def stop(self) -> None:
        """Let all go on at once."""
        pauses, self._pauses = self._pauses, {}
        for pid, task in pauses.items():
            task.cancel()
            _continue(pid)
        await asyncio.gather(*pauses.values(), return_exceptions=True)

    async def _continue_after(self, pid: int, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self._pauses.pop(pid, None)
        _continue(pid)


def _continue(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGCONT)
    except ProcessLookupError:
        return
