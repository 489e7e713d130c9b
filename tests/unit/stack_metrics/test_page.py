"""What `/metrics` shows: lines of logs added up, and what the stack measures."""

import json
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.core import Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector

from chat4all.metrics.platform_list import PLATFORM
from local.lambda_service.invocation_log import FunctionLog
from local.metrics.buckets import Buckets
from local.metrics.embedded import InvalidDocument, samples
from local.metrics.log_reader import LogReader
from local.metrics.platform import Facts, FunctionFacts, KafkaFacts, Partition, families
from local.metrics.series import EmbeddedSeries


def line(name: str, value: Any, unit: str = "Count", **dimensions: str) -> str:
    directive = {"Namespace": "Shop", "Dimensions": [list(dimensions)], "Metrics": [{"Name": name, "Unit": unit}]}
    return json.dumps({"_aws": {"Timestamp": 1, "CloudWatchMetrics": [directive]}, name: value, **dimensions}) + "\n"


def shown(found: list[Metric]) -> str:
    class Found(Collector):
        def collect(self) -> list[Metric]:
            return found

    registry = CollectorRegistry(auto_describe=False)
    registry.register(Found())
    return generate_latest(registry).decode()


def numbers(text: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def added(*written: str) -> EmbeddedSeries:
    series = EmbeddedSeries()
    for one in written:
        for sample in samples(one):
            series.add(sample)
    return series


def test_counts_add_up_gauges_stand_and_times_are_histograms() -> None:
    series = added(
        line("Orders", 2, service="a"),
        line("Orders", [1, 4], service="a"),
        line("Orders", 1, service="b"),
        line("bytes_total", 10, "Bytes"),
        line("Waiting", 5, "None"),
        line("Waiting", 3, "None"),
        line("Latency", [150, 2600], "Milliseconds"),
        line("9 odd-name", 1, "Percent", **{"odd dimension": "x"}),
    )
    found = numbers(shown(list(series.families())))
    assert found["Orders_total", (("service", "a"),)] == 7
    assert found["Orders_total", (("service", "b"),)] == 1
    assert found["bytes_total", ()] == 10
    assert found["Waiting", ()] == 3
    assert found["Latency_seconds_bucket", (("le", "0.1"),)] == 0
    assert found["Latency_seconds_bucket", (("le", "0.2"),)] == 1
    assert found["Latency_seconds_bucket", (("le", "+Inf"),)] == found["Latency_seconds_count", ()] == 2
    assert found["Latency_seconds_sum", ()] == pytest.approx(2.75)
    assert found["_9_odd_name", (("odd_dimension", "x"),)] == 1


def test_a_metric_stays_of_one_kind() -> None:
    with pytest.raises(InvalidDocument, match="had one of another kind before"):
        added(line("waiting", 5, "None"), line("waiting", 5, "Count"))


def write(folder: Path, *pieces: str, stream: str = "a", most: int = 1 << 20) -> None:
    log = FunctionLog(folder / "shop.log", most)
    for piece in pieces:
        log.write(stream, piece.encode())
    log.close()


def test_logs_are_read_from_where_they_were_read_before(tmp_path: Path) -> None:
    log = FunctionLog(tmp_path / "shop.log", 1 << 20)
    log.write("a", line("Orders", 100).encode())  # before the stack started
    since = time.time_ns() // 1_000_000 + 1
    while time.time_ns() // 1_000_000 < since:
        pass
    reader = LogReader(tmp_path, ["shop", "silent"], {}, since_ms=since)
    reader.read()
    assert reader.unread_bytes() == 0
    written = line("Orders", 3).encode()
    # Half a line, then the other half; and the lines of another environment between them.
    log.write("a", b"START\n" + written[:20])
    log.write("b", line("Orders", 4).encode())
    assert reader.unread_bytes() > 0
    reader.read()
    log.write("a", written[20:])
    reader.read()
    reader.read()
    log.close()
    found = numbers(shown(list(reader.series.families())))
    assert found == {("Orders_total", ()): 7}
    assert reader.documents == {"shop": 2}


def test_a_log_that_was_begun_anew_is_read_to_its_end_first(tmp_path: Path) -> None:
    reader = LogReader(tmp_path, ["shop"], {})
    write(tmp_path, line("Orders", 1), most=1)
    reader.read()
    write(tmp_path, line("Orders", 2), line("Orders", 4), most=200)
    reader.read()
    assert (tmp_path / "shop.log.1").exists()
    assert numbers(shown(list(reader.series.families()))) == {("Orders_total", ()): 7}


def test_what_runs_beside_the_functions_is_read_too(tmp_path: Path) -> None:
    log = tmp_path / "edge.log"
    log.write_text(line("calls", 100))
    reader = LogReader(tmp_path, [], {"edge": log, "late": tmp_path / "late.log"})
    with log.open("a") as file:
        file.write(line("calls", 1) + line("calls", 2)[:10])
    reader.read()
    with log.open("a") as file:
        file.write(line("calls", 2)[10:])
    reader.read()
    assert numbers(shown(list(reader.series.families()))) == {("calls_total", ()): 3}


def test_a_document_that_cloudwatch_refuses_is_counted_and_named_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    reader = LogReader(tmp_path, ["shop"], {})
    write(tmp_path, line("Orders", "many"), line("Orders", "more"), line("Orders", 1))
    reader.read()
    assert (reader.refused, reader.documents) == ({"shop": 2}, {"shop": 1})
    assert [record.getMessage() for record in caplog.records] == [
        "shop wrote metrics that CloudWatch would refuse: Orders is no number, nor a list of numbers"
    ]


def facts() -> Facts:
    timed = Buckets()
    timed.add(0.004)
    status = {
        "engines": [{"name": "kafka", "state": "running"}, {"name": "s3", "state": "stopped"}],
        "functions": [{"name": "shop", "environments": 2}],
        "mappings": [{"function": "shop", "topic": "orders", "state": "Enabled"}],
    }
    kafka = KafkaFacts(
        3, {("orders", 0): Partition(5, 25, 3, 2)}, {"readers": {("orders", 0): 20}}, {"readers": "orders"}
    )
    functions = {"shop": FunctionFacts(7, 1, 2, timed, timed)}
    return Facts(status, functions, {("http", "2xx"): timed}, 4, kafka, {"shop": 9}, {"shop": 1})


def test_what_the_platform_measures() -> None:
    found = numbers(shown(list(families(facts()))))
    at, shop = (("partition", "0"), ("topic", "orders")), (("function", "shop"),)
    assert found["kafka_consumer_lag", (("group", "readers"), *at)] == 5
    assert found["kafka_topic_partition_insync_replicas", at] == 2
    assert found["kafka_topic_partition_replicas", at] == 3
    assert found["kafka_topic_partition_current_offset", at] == 25
    assert found["kafka_brokers", ()] == 3
    assert found["aws_lambda_invocations_total", shop] == 7
    assert found["aws_lambda_throttles_total", shop] == 2
    assert found["aws_lambda_cold_starts_total", shop] == 1
    assert found["aws_lambda_duration_seconds_bucket", (*shop, ("le", "0.005"))] == 1
    assert found["aws_lambda_mapping_enabled", (*shop, ("topic", "orders"))] == 1
    assert found["aws_apigateway_requests_total", (("api", "http"), ("status", "2xx"))] == 1
    assert found["websocket_connections_open", ()] == 4
    assert found["stack_engine_up", (("engine", "s3"),)] == 0
    assert found["emf_documents_refused_total", shop] == 1


def test_the_platform_list_says_what_is_shown() -> None:
    """The stack knows nothing of Chat4All, and so has the names itself."""
    text = shown(list(families(facts())))
    kinds = {}
    labels = {}
    for family in text_string_to_metric_families(text):
        name = f"{family.name}_total" if family.type == "counter" else family.name
        kinds[name] = family.type
        labels[name] = {label for sample in family.samples for label in sample.labels} - {"le"}
    assert kinds == {metric.name: metric.kind for metric in PLATFORM}
    assert labels == {metric.name: set(metric.labels) for metric in PLATFORM}


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed")
def test_prometheus_finds_nothing_wrong_with_it() -> None:
    text = shown([*families(facts()), *added(line("Orders", 2, service="a"), line("t", [1, 2], "Seconds")).families()])
    checked = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stdout) == (0, ""), checked.stderr
