"""Waking a loop that waits for work, or for its time."""

import asyncio


class Bell:
    """What rings while nobody waits is heard by the next who does."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        """Wake who waits."""
        self._event.set()

    async def heard(self, within_s: float | None = None) -> bool:
        """Wait for a ring; False where none came within the time."""
        try:
            async with asyncio.timeout(within_s):
                await self._event.wait()
        except TimeoutError:
            return False
        self._event.clear()
        return True
