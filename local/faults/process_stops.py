"""Stopping a process for a while, or for good."""

import asyncio
import os
import signal

from local.faults.rule import FaultRule


class ProcessStops:
    """Pauses (SIGSTOP, then SIGCONT) and kills (SIGKILL; the stack starts anew what it needs)."""

    def __init__(self) -> None:
        self._pauses: dict[int, asyncio.Task[None]] = {}

    def apply(self, rule: FaultRule, pid: int) -> None:
        """Kill or pause now. Nothing happens to a process that has ended."""
        if not _signalled(pid, signal.SIGKILL if rule.kind == "kill" else signal.SIGSTOP) or rule.kind == "kill":
            return
        if (former := self._pauses.pop(pid, None)) is not None:
            former.cancel()
        self._pauses[pid] = asyncio.create_task(self._continue_after(pid, rule.seconds))

    async def stop(self) -> None:
        """Let all go on at once."""
        pauses, self._pauses = self._pauses, {}
        for pid, task in pauses.items():
            task.cancel()
            _signalled(pid, signal.SIGCONT)
        await asyncio.gather(*pauses.values(), return_exceptions=True)

    async def _continue_after(self, pid: int, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self._pauses.pop(pid, None)
        _signalled(pid, signal.SIGCONT)


def _signalled(pid: int, number: signal.Signals) -> bool:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return False
    return True
