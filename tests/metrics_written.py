"""What tests find of metrics: the lines that emission writes."""

import json
from typing import Any

import pytest

from chat4all.metrics.emission import flush
from chat4all.metrics.metric import COUNTER, GAUGE
from chat4all.metrics.metric_list import ALL

_KNOWN = {metric.name: metric for metric in ALL}


def nothing_counted() -> None:
    """Forget what tests before have counted."""
    flush("test")


def documents(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """All that was written since the last look, and what is counted now."""
    flush("test")
    return [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith('{"_aws"')]


def counted(name: str, capsys: pytest.CaptureFixture[str]) -> dict[tuple[str, ...], float]:
    """A metric by the values of its labels: what a counter has grown by, what a gauge shows, how many values a histogram has."""
    metric, found = _KNOWN[name], dict[tuple[str, ...], float]()
    for document in documents(capsys):
        if name in document:
            labels, value = tuple(document[label] for label in metric.labels), document[name]
            if metric.kind == GAUGE:
                found[labels] = value
            else:
                number = value if metric.kind == COUNTER else len(value) if isinstance(value, list) else 1
                found[labels] = found.get(labels, 0) + number
    return found
