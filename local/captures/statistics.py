"""Counts of each function since the stack started."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from local.captures.capture import FunctionStatistics
from local.captures.durations import Durations
from local.captures.observed import Observed, Row
from local.metrics.buckets import Buckets


class _Counts:
    __slots__ = ("durations", "errors", "in_classes", "inits", "invocations", "last_s", "throttles")

    def __init__(self) -> None:
        self.invocations = self.errors = self.throttles = 0
        self.last_s: float | None = None
        self.durations = Durations()
        self.in_classes, self.inits = Buckets(), Buckets()


class Statistics:
    """`count` is called at each invocation; `time` later, by the thread that has parsed its report."""

    def __init__(self) -> None:
        self._counts: defaultdict[str, _Counts] = defaultdict(_Counts)

    def count(self, seen: Observed) -> None:
        counts = self._counts[seen.function]
        counts.last_s = seen.started_s
        if seen.refused == "throttled":
            counts.throttles += 1
            return
        counts.invocations += 1
        if seen.function_error is not None:
            counts.errors += 1

    def time(self, rows: Iterable[Row]) -> None:
        for row in rows:
            _, function, _, _, duration_ms, init_ms, *_ = row
            counts = self._counts[function]
            if duration_ms is not None:
                counts.durations.add(duration_ms)
                counts.in_classes.add(duration_ms / 1000)
            if init_ms is not None:
                counts.inits.add(init_ms / 1000)

    def timings(self) -> Mapping[str, tuple[Buckets, Buckets]]:
        """Durations and inits, by function."""
        return {name: (counts.in_classes, counts.inits) for name, counts in list(self._counts.items())}

    def by_function(self) -> Mapping[str, FunctionStatistics]:
        return {name: _frozen(counts) for name, counts in list(self._counts.items())}

    def of(self, function: str) -> FunctionStatistics:
        return _frozen(self._counts.get(function) or _Counts())


def _frozen(counts: _Counts) -> FunctionStatistics:
    durations = counts.durations
    return FunctionStatistics(
        counts.invocations,
        counts.errors,
        counts.throttles,
        durations.percentile(0.5),
        durations.percentile(0.9),
        durations.percentile(0.99),
        durations.longest_ms,
        None if counts.last_s is None else int(counts.last_s * 1000),
    )
