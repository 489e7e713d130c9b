"""The generic cell rate algorithm (ITU-T I.371; Brandur, "Rate limiting, cells, and GCRA"): a rate with a burst, in one number.

`tat`, the theoretical arrival time, is when the bucket would be empty again. All times in milliseconds.
"""

from dataclasses import dataclass

from chat4all.errors import RateLimited

_CLOCKS_DIFFER_MS = 60_000
"""Clocks of environments differ by less, as long as none has jumped."""


@dataclass(frozen=True, slots=True)
class Rate:
    """`per_second` in the long run, `burst` at once after a pause."""

    per_second: float
    burst: int

    @property
    def interval_ms(self) -> float:
        """Time that one event takes out of the bucket."""
        return 1000 / self.per_second

    @property
    def tolerance_ms(self) -> float:
        """How far `tat` may lie ahead of now."""
        return self.burst * self.interval_ms


def latest_tat(now_ms: int, rate: Rate) -> float:
    """The highest `tat` with which one more event conforms at `now_ms`."""
    return now_ms + rate.tolerance_ms - rate.interval_ms


def impossible_tat(now_ms: int, rate: Rate) -> float:
    """Above this no event at `now_ms` has left `tat`: it is of a clock that was ahead, and must not block for as long."""
    return now_ms + rate.tolerance_ms + _CLOCKS_DIFFER_MS


def retry_after_ms(tat_ms: float, now_ms: int, rate: Rate) -> float:
    """How long until one more event conforms; 0 when it does."""
    return max(0.0, tat_ms - latest_tat(now_ms, rate))


def exceeded(rate: Rate, wait_ms: float) -> RateLimited:
    """What is answered where an event would conform in `wait_ms`."""
    detail = f"At most {rate.per_second:g} a second, {rate.burst} at once"
    window_s = rate.burst / rate.per_second
    return RateLimited(detail, retry_after_s=max(wait_ms / 1000, 0.001), limit=rate.burst, window_s=window_s)
