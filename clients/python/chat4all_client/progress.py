"""How far a transfer is, how fast, and how long it will take."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

WINDOW_S = 10.0
"""The rate is that of so many last seconds: steady enough to read, and soon true again after a change."""


@dataclass(frozen=True, slots=True)
class Progress:
    """A moment of a transfer."""

    phase: str
    """`checking` what has arrived before, `transferring`, `paused`, `verifying` (the server reads the whole), `completed`."""
    done: int
    """Bytes that have arrived or are on the way; while verifying, that have been read again."""
    total: int
    rate: float
    """Bytes a second over the last seconds."""
    seconds_left: float | None
    """None: nobody knows."""
    file_id: str | None = None


OnProgress = Callable[[Progress], None]


class Meter:
    """Rate over a moving window, from how much is done at a time. A part that is sent again makes it go back."""

    def __init__(self, total: int, file_id: str | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._total = total
        self._file_id = file_id
        self._clock = clock
        self._seen: deque[tuple[float, int]] = deque()

    def restart(self) -> None:
        """Forget the rate, as after a pause."""
        self._seen.clear()

    def read(self, phase: str, done: int) -> Progress:
        """How it stands with `done` bytes."""
        now = self._clock()
        self._seen.append((now, done))
        while now - self._seen[0][0] > WINDOW_S and len(self._seen) > 2:
            self._seen.popleft()
        since, before = self._seen[0]
        rate = max(0, done - before) / (now - since) if now > since else 0.0
        left = self._total - done
        seconds = 0.0 if left <= 0 else left / rate if rate > 0 else None
        return Progress(phase, done, self._total, rate, seconds, self._file_id)
