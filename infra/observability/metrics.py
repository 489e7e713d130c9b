"""The metrics of the list by name, and every name under which Prometheus has them."""

from collections.abc import Mapping

from chat4all.metrics.metric import HISTOGRAM, Metric
from chat4all.metrics.metric_list import ALL
from chat4all.metrics.platform_list import PLATFORM

BY_NAME: Mapping[str, Metric] = {metric.name: metric for metric in (*ALL, *PLATFORM)}


def series() -> Mapping[str, frozenset[str]]:
    """Labels by name of series; a histogram is three of them."""
    found = {}
    for metric in BY_NAME.values():
        labels = frozenset(metric.labels)
        if metric.kind == HISTOGRAM:
            found[f"{metric.name}_bucket"] = labels | {"le"}
            found[f"{metric.name}_sum"] = found[f"{metric.name}_count"] = labels
        else:
            found[metric.name] = labels
    return found


def emitted_by_functions() -> frozenset[str]:
    """Names of what functions and the edge emit themselves; the rest is the platform's."""
    return frozenset(metric.name for metric in ALL)
