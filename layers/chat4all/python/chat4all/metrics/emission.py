"""Counting, and the one way out: documents of CloudWatch's embedded metric format on stdout.

Counted things stay in a buffer of the environment until the invocation ends; then each line holds as many of them as have no
label in common with different values. An array has all values of a histogram, so that percentiles are exact. (Amazon CloudWatch
User Guide, "Specification: Embedded metric format": at most 100 metrics a directive, 100 values an array, 30 dimensions.)

Each metric goes to CloudWatch with all of its labels, and once more with the stage alone: alarms cannot add up over labels.
"""

import json
import sys
import time
from collections.abc import Iterable
from functools import cache, lru_cache
from threading import Lock

from chat4all.metrics.metric import HISTOGRAM, Metric

NAMESPACE = "Chat4All"
STAGE = "Stage"
"""Dimension that every metric has: the name of the deployment."""
VALUES_MAX = 100
"""Of an array."""
_KEPT_MAX = 10_000
"""Values of one series that are kept: more come together only in a process that never flushes."""

Series = tuple[Metric, tuple[str, ...], list[float]]
"""A metric, its labels' values, and what was counted."""


class Buffer:
    """What has been counted and not yet written. May be used by several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._series: dict[tuple[str, tuple[str, ...]], tuple[Metric, list[float]]] = {}
        self._flushed_at = 0.0

    def add(self, metric: Metric, number: float, labels: tuple[str, ...]) -> None:
        """Count, or keep one more value of a histogram. Raises ValueError: not the labels of the metric."""
        if len(labels) != len(metric.labels):
            raise ValueError(f"{metric.name} has the labels {metric.labels}, not {labels}")
        with self._lock:
            _, values = self._series.setdefault((metric.name, labels), (metric, []))
            if metric.kind != HISTOGRAM and values:
                values[0] += number
            elif len(values) < _KEPT_MAX:
                values.append(number)

    def put(self, metric: Metric, value: float, labels: tuple[str, ...]) -> None:
        """The state of a gauge: the last one stands."""
        with self._lock:
            self._series[metric.name, labels] = (metric, [value])

    def is_due(self, interval_s: float) -> bool:
        """Whether it is time to write: something was counted, and `interval_s` are over, or an array is full."""
        if not self._series:
            return False
        if time.monotonic() - self._flushed_at >= interval_s:
            return True
        with self._lock:
            return any(len(values) >= VALUES_MAX for _, values in self._series.values())

    def take(self) -> list[Series]:
        """All of it; the buffer is empty afterwards."""
        with self._lock:
            taken, self._series = self._series, {}
            self._flushed_at = time.monotonic()
        return [(metric, labels, values) for (_, labels), (metric, values) in taken.items()]


_BUFFER = Buffer()


def count(metric: Metric, *labels: str, number: float = 1) -> None:
    """Add to a counter."""
    _BUFFER.add(metric, number, labels)


def observe(metric: Metric, seconds: float, *labels: str) -> None:
    """One more value of a histogram; a clock that was set back makes none below 0."""
    _BUFFER.add(metric, max(0.0, round(seconds, 6)), labels)


def put(metric: Metric, value: float, *labels: str) -> None:
    """What a gauge shows now."""
    _BUFFER.put(metric, value, labels)


def flush(stage: str, interval_s: float = 0.0) -> None:
    """Write what was counted, at the end of an invocation; no line where nothing was, or `interval_s` are not over."""
    if not _BUFFER.is_due(interval_s):
        return
    sys.stdout.write(lines(_BUFFER.take(), stage, round(time.time() * 1000)))
    sys.stdout.flush()


def lines(series: Iterable[Series], stage: str, timestamp_ms: int) -> str:
    """Documents, one a line, as few as hold these: each metric once in a document, and each label with one value."""
    found: list[_Document] = []
    for metric, labels, values in series:
        for some in _arrays(values):
            if not any(document.takes(metric, labels, some) for document in found):
                found.append(_Document(stage))
                found[-1].takes(metric, labels, some)
    return "".join([document.line(timestamp_ms) for document in found])


def _arrays(values: list[float]) -> Iterable[list[float]]:
    if len(values) <= VALUES_MAX:
        return (values,)
    return (values[start : start + VALUES_MAX] for start in range(0, len(values), VALUES_MAX))


class _Document:
    """Written as text: what is the same each time, names and units, is encoded once."""

    def __init__(self, stage: str) -> None:
        self._labels: dict[str, str] = {STAGE: stage}
        self._values: dict[str, list[float]] = {}
        self._directives: dict[tuple[str, ...], list[str]] = {}

    def takes(self, metric: Metric, labels: tuple[str, ...], values: list[float]) -> bool:
        """Add it where nothing stands against it."""
        if metric.name in self._values:
            return False
        own = self._labels
        for name, value in zip(metric.labels, labels, strict=True):
            if own.get(name, value) != value:
                return False
        own.update(zip(metric.labels, labels, strict=True))
        self._values[metric.name] = values
        self._directives.setdefault(metric.labels, []).append(_named(metric.name, metric.unit))
        return True

    def line(self, timestamp_ms: int) -> str:
        directives = ",".join(
            [f"{_directive(labels)}{','.join(metrics)}]}}" for labels, metrics in self._directives.items()]
        )
        members = [f'"{name}":{_text(value)}' for name, value in self._labels.items()]
        members += [f'"{name}":{values[0] if len(values) == 1 else values}' for name, values in self._values.items()]
        return f'{{"_aws":{{"Timestamp":{timestamp_ms},"CloudWatchMetrics":[{directives}]}},{",".join(members)}}}\n'


@cache
def _directive(labels: tuple[str, ...]) -> str:
    """A directive up to its metrics."""
    sets = [[STAGE, *labels], [STAGE]] if labels else [[STAGE]]
    return f'{{"Namespace":"{NAMESPACE}","Dimensions":{json.dumps(sets, separators=(",", ":"))},"Metrics":['


@cache
def _named(name: str, unit: str) -> str:
    return json.dumps({"Name": name, "Unit": unit}, separators=(",", ":"))


_text = lru_cache(1024)(json.dumps)
