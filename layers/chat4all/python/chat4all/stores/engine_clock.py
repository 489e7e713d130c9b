"""The time by DynamoDB's own clock, which is one for all environments, whatever the clock of each says.

Every answer has a Date header (RFC 9110, 6.6.1). From there on the monotonic clock counts. It is exact to a second.
"""

import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime


class EngineClock:
    """Learns from the answers of one engine."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic, wall: Callable[[], float] = time.time) -> None:
        self._monotonic, self._wall = monotonic, wall
        self._date: str | None = None
        self._ahead_s: float | None = None
        """Of the monotonic clock."""

    def seen(self, date: str | None) -> None:
        """Take the Date of an answer. Of those that say the same second the first is the most exact."""
        if date is None or date == self._date:
            return
        try:
            at = parsedate_to_datetime(date).timestamp()
        except ValueError:
            return
        self._date, self._ahead_s = date, at - self._monotonic()

    def now_ms(self) -> int:
        """Milliseconds since 1970; by this machine's clock as long as nothing was answered."""
        seconds = self._wall() if self._ahead_s is None else self._monotonic() + self._ahead_s
        return int(seconds * 1000)
