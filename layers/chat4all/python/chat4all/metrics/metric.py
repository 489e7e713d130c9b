"""What a metric is. Names are Prometheus names, and the same in CloudWatch (docs/decisions/0046)."""

from typing import NamedTuple

COUNTER, GAUGE, HISTOGRAM = "counter", "gauge", "histogram"
"""Kinds of Prometheus: grows only; goes up and down; many values, of which buckets and percentiles are wanted."""
COUNT, SECONDS, BYTES, NONE = "Count", "Seconds", "Bytes", "None"
"""Units of CloudWatch (API reference, MetricDatum). A gauge has the unit None, by which a reader of log lines knows it."""


class Metric(NamedTuple):
    """One metric."""

    name: str
    kind: str
    unit: str
    labels: tuple[str, ...]
    """Their values are bounded: chat4all.metrics.labels."""
    meaning: str
    emitted_by: str
    """Which functions, or which module of them."""
    on_aws: str = ""
    """Of what the platform measures: where CloudWatch has it (namespace and metric)."""


def counter(name: str, labels: tuple[str, ...], meaning: str, emitted_by: str, unit: str = COUNT) -> Metric:
    """What is counted."""
    return Metric(name, COUNTER, unit, labels, meaning, emitted_by)


def gauge(name: str, labels: tuple[str, ...], meaning: str, emitted_by: str) -> Metric:
    """A state, as it was when it was looked at last."""
    return Metric(name, GAUGE, NONE, labels, meaning, emitted_by)


def histogram(name: str, labels: tuple[str, ...], meaning: str, emitted_by: str) -> Metric:
    """Durations, in seconds."""
    return Metric(name, HISTOGRAM, SECONDS, labels, meaning, emitted_by)
