"""Durations counted in classes, as a Prometheus histogram has them."""

from bisect import bisect_left
from itertools import accumulate

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""Upper bounds. 0.2 and 0.5 are there for objectives that are stated so."""


class Buckets:
    """Of one series; `add` costs a microsecond."""

    __slots__ = ("_counts", "sum")

    def __init__(self) -> None:
        self.sum = 0.0
        self._counts = [0] * (len(SECONDS) + 1)

    def add(self, seconds: float) -> None:
        self._counts[bisect_left(SECONDS, seconds)] += 1
        self.sum += seconds

    def include(self, others: "Buckets") -> None:
        """Add all of another one's."""
        self._counts = [own + more for own, more in zip(self._counts, others._counts, strict=True)]
        self.sum += others.sum

    def cumulative(self) -> list[tuple[str, float]]:
        """(upper bound, how many are not above it), the last one "+Inf"."""
        bounds = [*map(str, SECONDS), "+Inf"]
        return list(zip(bounds, map(float, accumulate(self._counts)), strict=True))
