"""The lines that CloudWatch reads metrics from (Amazon CloudWatch User Guide, "Specification: Embedded metric format")."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chat4all.metrics.emission import Buffer, count, flush, lines, observe, put
from chat4all.metrics.metric import Metric, counter, gauge, histogram
from chat4all.metrics.metric_list import DATABASE_SECONDS, HTTP_REQUESTS, LANES_WAITING, MESSAGES_SENT
from tests.metrics_written import nothing_counted

SENT = counter("sent_total", ("channel",), "Sent.", "here")
TIMES = histogram("time_seconds", ("channel",), "Time.", "here")
LEVEL = gauge("level", (), "Level.", "here")


@pytest.fixture(autouse=True)
def _empty() -> None:
    nothing_counted()


def read(*series: tuple[Metric, tuple[str, ...], list[float]]) -> list[dict[str, Any]]:
    documents = [json.loads(line) for line in lines(series, "test", 1_700_000_000_000).splitlines()]
    for document in documents:
        check(document)
    return documents


def check(document: dict[str, Any]) -> None:
    """As the specification has it."""
    about = document.pop("_aws")
    assert about.keys() == {"Timestamp", "CloudWatchMetrics"}
    named = set()
    for directive in about["CloudWatchMetrics"]:
        assert directive["Namespace"] == "Chat4All"
        assert 1 <= len(directive["Metrics"]) <= 100
        for dimensions in directive["Dimensions"]:
            assert 1 <= len(dimensions) <= 30
            assert all(isinstance(document[name], str) and 1 <= len(document[name]) <= 1024 for name in dimensions)
        for metric in directive["Metrics"]:
            value = document[metric["Name"]]
            assert isinstance(value, int | float) or 1 <= len(value) <= 100
            assert metric["Unit"] in {"Count", "Seconds", "Bytes", "None"}
            named.add(metric["Name"])
    assert len(named) == sum(len(directive["Metrics"]) for directive in about["CloudWatchMetrics"])


def test_what_has_no_label_against_each_other_is_one_line() -> None:
    (document,) = read((SENT, ("telegram",), [3]), (TIMES, ("telegram",), [0.5, 0.25]), (LEVEL, (), [7]))
    assert document == {
        "Stage": "test",
        "channel": "telegram",
        "sent_total": 3,
        "time_seconds": [0.5, 0.25],
        "level": 7,
    }


def test_other_values_of_a_label_are_another_line() -> None:
    first, second = read((SENT, ("telegram",), [1]), (SENT, ("whatsapp",), [2]), (LEVEL, (), [7]))
    assert (first["channel"], first["level"], second["channel"]) == ("telegram", 7, "whatsapp")


def test_each_metric_has_its_labels_and_the_stage_alone() -> None:
    (line,) = lines([(SENT, ("telegram",), [1]), (LEVEL, (), [7])], "test", 0).splitlines()
    directives = json.loads(line)["_aws"]["CloudWatchMetrics"]
    assert [directive["Dimensions"] for directive in directives] == [[["Stage", "channel"], ["Stage"]], [["Stage"]]]


def test_more_values_than_an_array_takes_are_more_lines() -> None:
    documents = read((TIMES, ("telegram",), [float(number) for number in range(250)]))
    assert [len(document["time_seconds"]) for document in documents] == [100, 100, 50]


def test_a_line_says_any_text() -> None:
    (document,) = read((SENT, ('a "quoted"\nname',), [1]))
    assert document["channel"] == 'a "quoted"\nname'


def test_nothing_is_written_where_nothing_was_counted(capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    flush("test")
    assert capsys.readouterr().out == ""


def test_an_invocation_writes_what_it_counted_once(capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    count(MESSAGES_SENT, "in_app", "text")
    count(MESSAGES_SENT, "in_app", "text", number=2)
    observe(DATABASE_SECONDS, -0.001, "messages", "PutItem")
    put(LANES_WAITING, 5, "router")
    put(LANES_WAITING, 4, "router")
    flush("test")
    (document,) = map(json.loads, capsys.readouterr().out.splitlines())
    check(document)
    assert document["chat4all_messages_sent_total"] == 3
    assert document["chat4all_database_seconds"] == 0, "a clock that was set back"
    assert document["chat4all_lanes_waiting"] == 4
    flush("test")
    assert capsys.readouterr().out == ""


def test_labels_that_are_not_the_metrics_are_refused() -> None:
    with pytest.raises(ValueError, match=r"chat4all_http_requests_total has the labels \('function', 'status'\)"):
        count(HTTP_REQUESTS, "messages")


def test_with_an_interval_it_waits_for_its_end_or_a_full_array() -> None:
    buffer = Buffer()
    assert not buffer.is_due(0), "nothing was counted"
    buffer.take()
    buffer.add(TIMES, 0.1, ("telegram",))
    assert buffer.is_due(0)
    assert not buffer.is_due(3600)
    for _ in range(99):
        buffer.add(TIMES, 0.1, ("telegram",))
    assert buffer.is_due(3600)


def test_a_process_that_never_writes_does_not_grow_without_end() -> None:
    buffer = Buffer()
    for _ in range(10_010):
        buffer.add(TIMES, 0.1, ("telegram",))
    ((_, _, values),) = buffer.take()
    assert len(values) == 10_000


def test_threads_lose_nothing() -> None:
    buffer = Buffer()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: [buffer.add(SENT, 1, ("telegram",)) for _ in range(500)], range(8)))
    assert buffer.take() == [(SENT, ("telegram",), [4000])]
