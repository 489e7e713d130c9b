"""Percentiles of durations in constant memory."""

import math
from collections import Counter

_STEP = math.log(1.05)
_SMALLEST_MS = 0.01


class Durations:
    """Counts durations in classes that are 5 % wide, so a percentile is off by 2.5 % at most; the longest is exact."""

    def __init__(self) -> None:
        self.longest_ms: float | None = None
        self._counts: Counter[int] = Counter()
        self._total = 0

    def add(self, milliseconds: float) -> None:
        self._counts[int(math.log(max(milliseconds, _SMALLEST_MS) / _SMALLEST_MS) / _STEP)] += 1
        self._total += 1
        if self.longest_ms is None or milliseconds > self.longest_ms:
            self.longest_ms = milliseconds

    def percentile(self, share: float) -> float | None:
        """The duration that `share` (0 to 1) of all do not exceed; None where nothing was added."""
        left = math.ceil(self._total * share)
        for number in sorted(self._counts):
            left -= self._counts[number]
            if left <= 0:
                return min(_SMALLEST_MS * math.exp((number + 0.5) * _STEP), self.longest_ms or 0.0)
        return None
