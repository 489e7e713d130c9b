"""Tells a person how far a start is."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

_REMINDER_S = 10.0


class Progress:
    """One line for each step of each part of the stack, with the seconds that the part took."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._started = time.monotonic()
        self.seconds: dict[str, float] = {}
        """By part, once it is ready."""

    @asynccontextmanager
    async def part(self, name: str) -> AsyncIterator[Callable[[str], None]]:
        """Hands out a function that prints what the part does; prints `ready` and the time when the body ends well.

        While the part says nothing for long, its last word is repeated, with the time it has taken.
        """
        started = time.monotonic()
        last = ["starting"]

        def tell(text: str) -> None:
            last[0] = text
            self.line(name, text)

        reminder = asyncio.create_task(self._remind(name, last, started))
        try:
            yield tell
        finally:
            reminder.cancel()
        self.seconds[name] = time.monotonic() - started
        self.line(name, f"ready in {self.seconds[name]:.1f} s")

    def line(self, name: str, text: str) -> None:
        self._write(f"{name:<12} {text}")

    def total(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._started

    async def _remind(self, name: str, last: list[str], started: float) -> None:
        while True:
            await asyncio.sleep(_REMINDER_S)
            self.line(name, f"{last[0]} ({time.monotonic() - started:.0f} s)")
