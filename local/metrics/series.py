"""What functions wrote, added up as Prometheus counts: since the stack started.

The format has units and no kinds: a time is a histogram in seconds, what has the unit Count, or bytes in a name
that ends in `_total`, a counter, everything else (unit None, Percent, ...) a gauge, of which the last value stands.
"""

import re
from collections.abc import Iterator, Mapping
from threading import Lock

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from local.metrics.buckets import Buckets
from local.metrics.embedded import InvalidDocument, Sample

_FACTORS = {"seconds": 1.0, "milliseconds": 1e-3, "microseconds": 1e-6}
_NOT_IN_A_NAME = re.compile(r"[^a-zA-Z0-9_:]")
_NOT_IN_A_LABEL = re.compile(r"[^a-zA-Z0-9_]")

Labels = tuple[tuple[str, str], ...]


Kind = type[CounterMetricFamily] | type[GaugeMetricFamily] | type[HistogramMetricFamily]


class _Family:
    """A metric: its kind, and a number or buckets for each combination of labels."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.numbers: dict[Labels, float] = {}
        self.buckets: dict[Labels, Buckets] = {}


class EmbeddedSeries:
    """May be used by several threads."""

    def __init__(self) -> None:
        self._families: dict[str, _Family] = {}
        self._lock = Lock()

    def add(self, sample: Sample) -> None:
        """Count it in. Raises InvalidDocument: the metric is of another kind here."""
        kind = _kind_of(sample)
        name = _name_of(sample, kind)
        labels = tuple(sorted((_label(key), value) for key, value in sample.dimensions.items()))
        with self._lock:
            family = self._families.setdefault(name, _Family(kind))
            if family.kind is not kind:
                raise InvalidDocument(f"{sample.name} has the unit {sample.unit}, and had one of another kind before")
            _count(family, labels, sample)

    def families(self) -> Iterator[Metric]:
        """As they stand now."""
        with self._lock:
            for name, family in self._families.items():
                yield _shown(name, family)


def _count(family: _Family, labels: Labels, sample: Sample) -> None:
    if family.kind is HistogramMetricFamily:
        factor = _FACTORS[sample.unit.lower()]
        buckets = family.buckets.setdefault(labels, Buckets())
        for value in sample.values:
            buckets.add(value * factor)
    elif family.kind is CounterMetricFamily:
        family.numbers[labels] = family.numbers.get(labels, 0.0) + sum(sample.values)
    else:
        family.numbers[labels] = sample.values[-1]


def _kind_of(sample: Sample) -> Kind:
    unit = sample.unit.lower()
    if unit in _FACTORS:
        return HistogramMetricFamily
    is_counted = unit == "count" or (sample.name.endswith("_total") and unit != "none")
    return CounterMetricFamily if is_counted else GaugeMetricFamily


def _name_of(sample: Sample, kind: Kind) -> str:
    name = _NOT_IN_A_NAME.sub("_", sample.name)
    name = f"_{name}" if name[0].isdigit() else name
    if kind is CounterMetricFamily:
        return name.removesuffix("_total")
    return name if kind is GaugeMetricFamily or name.endswith("_seconds") else f"{name}_seconds"


def _label(name: str) -> str:
    label = _NOT_IN_A_LABEL.sub("_", name)
    return f"_{label}" if label[0].isdigit() else label


def _shown(name: str, family: _Family) -> Metric:
    shown = family.kind(name, "Written by functions in the embedded metric format.")
    for labels, number in family.numbers.items():
        suffix = "_total" if family.kind is CounterMetricFamily else ""
        shown.add_sample(name + suffix, dict(labels), number)
    for labels, buckets in family.buckets.items():
        add_buckets(shown, dict(labels), buckets)
    return shown


def add_buckets(family: Metric, labels: Mapping[str, str], buckets: Buckets) -> None:
    """The samples of one series of a histogram."""
    counts = buckets.cumulative()
    for bound, number in counts:
        family.add_sample(f"{family.name}_bucket", {**labels, "le": bound}, number)
    family.add_sample(f"{family.name}_count", dict(labels), counts[-1][1])
    family.add_sample(f"{family.name}_sum", dict(labels), buckets.sum)
