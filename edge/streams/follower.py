"""A stream's place at the end of the topic: a queue that the tail fills, of a size that no slow reader exceeds."""

import asyncio
from collections import deque

from edge.streams.cursor import Positions
from edge.streams.filter import Filter
from edge.streams.happening import Happening

EVENTS_MAX = 256
BYTES_MAX = 1 * 2**20
"""Of what is queued for one stream; the events themselves are shared by all streams that they are for."""


class Follower:
    """Filled by the tail, emptied by one stream, both in the same event loop."""

    def __init__(self, user_id: str, wanted: Filter, events_max: int = EVENTS_MAX, bytes_max: int = BYTES_MAX) -> None:
        self.user_id = user_id
        self._wanted = wanted
        self._events_max = events_max
        self._bytes_max = bytes_max
        self._queue: deque[Happening] = deque()
        self._bytes = 0
        self._woken = asyncio.Event()
        self.left_behind_at: dict[int, int] | None = None
        """Where the tail stood when the queue was full: everything before was queued, nothing from there on."""

    def offer(self, happening: Happening, positions: Positions) -> None:
        """Queue it; where there is no room, this stream is left behind, and reads on by itself."""
        if self.left_behind_at is not None or not self._wanted.takes(happening):
            return
        if len(self._queue) >= self._events_max or (self._queue and self._bytes + happening.bytes > self._bytes_max):
            self.leave_behind(positions)
            return
        self._queue.append(happening)
        self._bytes += happening.bytes
        self._woken.set()

    def leave_behind(self, positions: Positions) -> None:
        """Offer nothing from `positions` on: the stream reads that by itself."""
        if self.left_behind_at is None:
            self.left_behind_at = dict(positions)
        self._woken.set()

    def wake(self) -> None:
        """Have `wait` return."""
        self._woken.set()

    def take(self) -> Happening | None:
        """The oldest that is queued."""
        if not self._queue:
            return None
        happening = self._queue.popleft()
        self._bytes -= happening.bytes
        return happening

    async def wait(self, timeout_s: float) -> None:
        """Return when something was queued, somebody wakes, or after `timeout_s`."""
        self._woken.clear()
        if self._queue or self.left_behind_at is not None:
            return
        try:
            async with asyncio.timeout(timeout_s):
                await self._woken.wait()
        except TimeoutError:
            return
