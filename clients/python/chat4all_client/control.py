"""Pausing, going on and cancelling, from outside of a transfer that runs."""

import asyncio
import threading
from collections.abc import Callable


class Interrupted(Exception):
    """What was under way was broken off because somebody asked for it; it is done again later, or not at all."""


class Control:
    """One for each transfer; its methods are called in the loop in which the transfer runs.

    Pausing breaks off the parts under way at once: they begin anew, and nothing that has arrived is sent again.
    """

    def __init__(self) -> None:
        self._may_run = asyncio.Event()
        self._may_run.set()
        self._cancelled = asyncio.Event()
        self._stop, self._halted = threading.Event(), threading.Event()
        self._on_stop: list[Callable[[], None]] = []

    @property
    def paused(self) -> bool:
        """Whether it waits for `resume`."""
        return not self._may_run.is_set()

    def pause(self) -> None:
        """Send and ask for nothing more until `resume`."""
        self._may_run.clear()
        self._break_off()

    def resume(self) -> None:
        """Go on."""
        if not self._halted.is_set():
            self._stop.clear()
            self._may_run.set()

    def cancel(self) -> None:
        """End the transfer: of an upload nothing is kept on the server, of a download nothing here."""
        self._cancelled.set()
        self.halt()

    def halt(self) -> None:
        """For the transfer itself: break off what threads have under way, for good."""
        self._halted.set()
        self._may_run.set()
        self._break_off()

    def on_stop(self, break_off: Callable[[], None]) -> None:
        """For the transfer itself: `break_off` is called at a pause and at the end."""
        self._on_stop.append(break_off)

    async def until_running(self) -> None:
        """Wait while it is paused."""
        await self._may_run.wait()

    async def until_cancelled(self) -> None:
        """Wait until somebody cancels it."""
        await self._cancelled.wait()

    @property
    def stopping(self) -> bool:
        """Whether threads are to break off what they send or receive."""
        return self._stop.is_set()

    def check(self) -> None:
        """For threads that send and receive, between two pieces. Raises Interrupted."""
        if self._stop.is_set():
            raise Interrupted

    def check_halted(self) -> None:
        """For threads whose work a pause need not break off. Raises Interrupted."""
        if self._halted.is_set():
            raise Interrupted

    def _break_off(self) -> None:
        self._stop.set()
        for break_off in self._on_stop:
            break_off()
