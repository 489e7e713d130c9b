"""CloudWatch's embedded metric format: one line of a log, and the values in it.

docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

MARK = '"_aws"'
"""What is in every such line."""
_METRICS_MAX, _VALUES_MAX, _DIMENSIONS_MAX = 100, 100, 30
_NAME_MAX = 1024
_UNITS = frozenset(
    {
        *("Seconds", "Microseconds", "Milliseconds", "Percent", "Count", "None", "Count/Second"),
        *(f"{size}{unit}{per}" for size in ("", "Kilo", "Mega", "Giga", "Tera") for unit in ("Bytes", "Bits")
          for per in ("", "/Second")),
    }
)  # fmt: skip
"""API reference, MetricDatum (with its own capital letters)."""
_KNOWN_UNITS = frozenset(unit.lower() for unit in _UNITS)


class InvalidDocument(Exception):
    """CloudWatch takes no metrics from this document; the text says why."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Values of one metric with the most detailed of its sets of dimensions: the others are sums over some of them."""

    name: str
    unit: str
    dimensions: Mapping[str, str]
    values: tuple[float, ...]


def samples(line: str) -> Iterator[Sample]:
    """What a line says; none of a line that is no such document. Raises InvalidDocument."""
    if MARK not in line:
        return
    try:
        document = json.loads(line)
    except (ValueError, RecursionError):
        return  # of somebody who writes about this format
    about = document.get("_aws") if isinstance(document, dict) else None
    if not isinstance(about, dict) or "CloudWatchMetrics" not in about:
        return
    if not isinstance(about.get("Timestamp"), int):
        raise InvalidDocument("_aws.Timestamp is no number of milliseconds")
    for directive in _listed(about["CloudWatchMetrics"], "_aws.CloudWatchMetrics"):
        yield from _of_directive(document, directive)


def _of_directive(document: Mapping[str, Any], directive: Any) -> Iterator[Sample]:
    if not isinstance(directive, dict) or not isinstance(directive.get("Namespace"), str) or not directive["Namespace"]:
        raise InvalidDocument("a directive has no Namespace")
    metrics = _listed(directive.get("Metrics"), "Metrics")
    if len(metrics) > _METRICS_MAX:
        raise InvalidDocument(f"a directive has {len(metrics)} metrics; at most {_METRICS_MAX}")
    sets = [_dimensions(document, names) for names in _listed(directive.get("Dimensions"), "Dimensions")]
    most = max(sets, key=len, default={})
    for metric in metrics:
        name = metric.get("Name") if isinstance(metric, dict) else None
        if not isinstance(name, str) or not 1 <= len(name) <= _NAME_MAX:
            raise InvalidDocument("a metric has no Name")
        unit = metric.get("Unit", "None")
        if not isinstance(unit, str) or unit.lower() not in _KNOWN_UNITS:
            raise InvalidDocument(f"{name}: {unit!r} is no unit of CloudWatch")
        yield Sample(name, unit, most, _values(document, name))


def _dimensions(document: Mapping[str, Any], names: Any) -> dict[str, str]:
    found = {}
    for name in _listed(names, "a set of Dimensions"):
        value = document.get(name) if isinstance(name, str) else None
        if not isinstance(value, str) or not 1 <= len(value) <= _NAME_MAX:
            raise InvalidDocument(f"the dimension {name!r} has no text of 1 to {_NAME_MAX} characters")
        found[name] = value
    if len(found) > _DIMENSIONS_MAX:
        raise InvalidDocument(f"a set has {len(found)} dimensions; at most {_DIMENSIONS_MAX}")
    return found


def _values(document: Mapping[str, Any], name: str) -> tuple[float, ...]:
    value = document.get(name)
    values = value if isinstance(value, list) else [value]
    if not 1 <= len(values) <= _VALUES_MAX:
        raise InvalidDocument(f"{name} has {len(values)} values; 1 to {_VALUES_MAX}")
    if not all(isinstance(one, int | float) and not isinstance(one, bool) for one in values):
        raise InvalidDocument(f"{name} is no number, nor a list of numbers")
    return tuple(values)


def _listed(value: Any, what: str) -> list[Any]:
    if not isinstance(value, list):
        raise InvalidDocument(f"{what} is no list")
    return value
