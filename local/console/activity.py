"""How much each function did in the last minutes, for small charts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from local.captures.capture import CaptureSummary, FunctionStatistics

BAR_S = 10
BARS = 60
"""Ten minutes."""


class Activity:
    """Counts by function and by ten seconds: from captures at first, from then on from what statistics have grown by."""

    def __init__(self) -> None:
        self._counts: defaultdict[str, defaultdict[int, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
        self._seen: dict[str, tuple[int, int]] = {}

    def begin(self, summaries: Iterable[CaptureSummary], statistics: Mapping[str, FunctionStatistics]) -> None:
        """Forget all, and count what captures tell of the time before."""
        self._counts.clear()
        for summary in summaries:
            count = self._counts[summary.function][summary.started_at // 1000 // BAR_S]
            count[0] += 1
            count[1] += summary.outcome != "ok"
        self._seen = {name: (one.invocations, one.errors) for name, one in statistics.items()}

    def advance(self, statistics: Mapping[str, FunctionStatistics], now: float) -> None:
        """Count what has been added since the last call."""
        bar = int(now) // BAR_S
        for name, one in statistics.items():
            invocations, errors = self._seen.get(name, (0, 0))
            if one.invocations > invocations or one.errors > errors:
                count = self._counts[name][bar]
                count[0] += one.invocations - invocations
                count[1] += one.errors - errors
            self._seen[name] = (one.invocations, one.errors)
        for bars in self._counts.values():
            for old in [number for number in bars if number <= bar - BARS]:
                del bars[old]

    def bars(self, name: str, now: float) -> list[tuple[int, int]]:
        """(invocations, errors) of each ten seconds, oldest first; the last one is under way."""
        bar = int(now) // BAR_S
        bars: Mapping[int, Sequence[int]] = self._counts.get(name) or {}
        counts = [bars.get(number, (0, 0)) for number in range(bar - BARS + 1, bar + 1)]
        return [(count[0], count[1]) for count in counts]
