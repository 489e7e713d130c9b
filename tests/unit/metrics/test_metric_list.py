"""The list of metrics: what is emitted is in it, what is in it is emitted, and its labels are bounded."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import grpc
import pytest

from chat4all.channels.channel import CHANNELS
from chat4all.domain.message import SendBody
from chat4all.domain.status import CEILING
from chat4all.metrics import labels, metric_list
from chat4all.metrics.metric import COUNT, COUNTER, GAUGE, HISTOGRAM, SECONDS, Metric
from chat4all.metrics.metric_list import ALL
from chat4all.metrics.platform_list import PLATFORM
from chat4all.websocket.frames import ACTIONS
from tests.unit.metrics.catalogue import CLOUDWATCH_MAX, METRIC_MAX, PAGE, cloudwatch_metrics, page, values

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = ROOT / "layers/chat4all/python/chat4all"
SOURCES = [*PACKAGE.rglob("*.py"), *(ROOT / "edge").rglob("*.py"), *(ROOT / "functions").rglob("*.py")]
NAMES = {name: value for name, value in vars(metric_list).items() if isinstance(value, Metric)}
EMIT = {"count", "observe", "put"}
DEMANDED = {
    *("chat4all_messages_sent_total", "chat4all_messages_delivered_total", "chat4all_message_latency_seconds"),
    *("kafka_consumer_lag", "kafka_producer_record_send_total", "kafka_topic_partition_insync_replicas"),
    *("grpc_server_handled_total", "grpc_server_handling_seconds"),
    *("websocket_connections_total", "websocket_messages_sent_total"),
}


def test_names_are_used_once_and_those_that_are_demanded_are_there() -> None:
    names = [metric.name for metric in (*ALL, *PLATFORM)]
    assert len(set(names)) == len(names)
    assert set(names) >= DEMANDED


@pytest.mark.parametrize("metric", [*ALL, *PLATFORM], ids=lambda metric: metric.name)
def test_a_metric_is_named_as_prometheus_wants_it(metric: Metric) -> None:
    """prometheus.io/docs/practices/naming."""
    assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)+", metric.name)
    assert metric.name.endswith("_total") == (metric.kind == COUNTER)
    assert metric.kind in {COUNTER, GAUGE, HISTOGRAM}
    assert (metric.unit == SECONDS) == (metric.kind == HISTOGRAM)
    assert metric.kind != HISTOGRAM or metric.name.endswith("_seconds")
    assert metric.kind != COUNTER or metric.unit in {COUNT, "Bytes"}
    assert metric.meaning.endswith(".")
    assert metric.emitted_by


@pytest.mark.parametrize("metric", [*ALL, *PLATFORM], ids=lambda metric: metric.name)
def test_every_label_has_a_meaning_and_bounded_values(metric: Metric) -> None:
    for label in metric.labels:
        assert labels.LABELS[label].meaning.endswith(".")
        assert 1 <= len(values(metric, label)) <= 200, label


def test_what_it_comes_to_on_cloudwatch_is_bounded() -> None:
    numbers = {metric.name: cloudwatch_metrics(metric) for metric in ALL}
    assert {name: number for name, number in numbers.items() if number > METRIC_MAX} == {}
    assert sum(numbers.values()) <= CLOUDWATCH_MAX
    assert cloudwatch_metrics(metric_list.MESSAGES_SENT) == 5 * 4 + 1


def test_values_are_those_of_the_code() -> None:
    assert set(labels.CHANNEL_NAMES) == {"in_app", *CHANNELS} == set(CEILING)
    assert labels.LABELS["action"].values == (*ACTIONS, "unknown")
    assert set(labels.LABELS["grpc_code"].values) == {code.name for code in grpc.StatusCode}
    assert get_args(SendBody.model_fields["type"].annotation) == labels.TYPES


def calls() -> Iterator[tuple[Path, str, ast.Call]]:
    """Every call of count, observe and put, with the name of its metric."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in EMIT and node.args:
                first = node.args[0]
                if isinstance(first, ast.Name) and first.id.isupper():
                    yield path, first.id, node


def test_every_metric_is_emitted_by_code_and_nothing_that_is_not_listed() -> None:
    used = {
        name
        for path in SOURCES
        if "metric_list" not in path.name
        for name in re.findall(r"\b[A-Z_]{4,}\b", path.read_text())
    }
    assert NAMES.keys() <= used
    assert {name for _, name, _ in calls()} <= NAMES.keys()


def test_there_is_one_way_out() -> None:
    writing = {
        path.name
        for path in SOURCES
        if re.search(r"CloudWatchMetrics|single_metric|powertools.metrics", path.read_text())
    }
    assert writing == {"emission.py"}


def test_what_is_emitted_has_the_metrics_labels_and_known_values() -> None:
    seen = 0
    for path, name, call in calls():
        metric = NAMES[name]
        given = call.args[1:] if call.func.id == "count" else call.args[2:]  # type: ignore[attr-defined]
        if any(isinstance(one, ast.Starred) for one in given):
            continue
        assert len(given) == len(metric.labels), f"{path}:{call.lineno}"
        for label, value in zip(metric.labels, given, strict=True):
            for word in _texts(value):
                assert word in values(metric, label), f"{path}:{call.lineno} {label}={word}"
                seen += 1
    assert seen >= 16, "literals are looked at"


def _texts(value: ast.expr) -> list[Any]:
    """What an expression may come to, as far as it is written there."""
    if isinstance(value, ast.IfExp):
        return _texts(value.body) + _texts(value.orelse)
    return [value.value] if isinstance(value, ast.Constant) else []


def test_functions_are_what_they_call_themselves() -> None:
    """`function` and `consumer` are folders: every handler is observed by the name of its own."""
    for path in (ROOT / "functions").glob("*/app.py"):
        text = path.read_text()
        named = re.findall(r'observed\("(\w+)"\)|\bApi\("(\w+)"\)|(?:send|webhook)_function\(app, "(\w+)"\)', text)
        words = {word for found in named for word in found if word}
        assert words, path
        assert all(path.parent.name in (word, f"{word}_send", f"{word}_webhook") for word in words), path


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text() == page(), "run scripts/write-metrics"
