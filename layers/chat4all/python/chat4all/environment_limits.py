"""Rate limits that each environment keeps by itself, at no call to anything.

For what costs so little that an exact limit (rate_limits: a write unit for each event) would cost as much as it saves, and
what a flood of would yet harm others: reads of a conversation's head, writes of a user's presence. A flood is refused in each
environment that it reaches, so at most that many times as much gets through. Who keeps to the protocol never meets it.
"""

from collections.abc import Callable

from chat4all.clock import now_ms
from chat4all.domain.gcra import Rate, exceeded, retry_after_ms
from chat4all.metrics.limits import count_refused

_REMEMBERED = 10_000


class EnvironmentLimit:
    """`per_second` of each key in the long run, `burst` at once."""

    def __init__(self, name: str, per_second: float, burst: int, clock: Callable[[], int] = now_ms) -> None:
        """`name`: what is limited, one of chat4all.metrics.labels.LIMITS."""
        self._name = name
        self._rate = Rate(per_second, burst)
        self._clock = clock
        self._tats: dict[str, float] = {}

    def take(self, key: str) -> None:
        """Count one; raises RateLimited, with the time after which it would be let through."""
        now, rate = self._clock(), self._rate
        tat = max(self._tats.pop(key, 0.0), now)
        wait_ms = retry_after_ms(tat, now, rate)
        self._tats[key] = tat if wait_ms else tat + rate.interval_ms
        if len(self._tats) > _REMEMBERED:
            self._tats.pop(next(iter(self._tats)))
        if wait_ms:
            count_refused(self._name)
            raise exceeded(rate, wait_ms)
