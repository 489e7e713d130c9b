"""The embedded metric format as the stack reads it (Amazon CloudWatch User Guide, "Specification: Embedded metric format")."""

import json
from typing import Any

import pytest

from chat4all.metrics.emission import lines
from chat4all.metrics.metric_list import HTTP_REQUEST_SECONDS, HTTP_REQUESTS, LANES_WAITING
from local.metrics.embedded import InvalidDocument, Sample, samples

METRIC = {"Name": "time", "Unit": "Milliseconds"}


def document(values: Any = 100, dimensions: Any = (("Service", "Operation"), ("Service",)), **members: Any) -> str:
    directive = {"Namespace": "Shop", "Dimensions": dimensions, "Metrics": [METRIC]}
    about = {"Timestamp": 1574109732004, "CloudWatchMetrics": [directive]}
    return json.dumps({"_aws": about, "Service": "a", "Operation": "b", "time": values, **members})


def test_a_metric_has_the_most_detailed_of_its_sets_of_dimensions() -> None:
    (sample,) = samples(document())
    assert sample == Sample("time", "Milliseconds", {"Service": "a", "Operation": "b"}, (100,))


def test_an_array_is_many_values() -> None:
    (sample,) = samples(document([1, 2.5]))
    assert sample.values == (1, 2.5)


def test_without_dimensions_there_are_no_labels() -> None:
    (sample,) = samples(document(dimensions=[[]]))
    assert sample.dimensions == {}


def test_what_our_functions_write_is_read_as_it_was_meant() -> None:
    series = [
        (HTTP_REQUESTS, ("messages", "2xx"), [3.0]),
        (HTTP_REQUEST_SECONDS, ("messages", "2xx"), [0.1, 0.2]),
        (LANES_WAITING, ("router",), [0.0]),
    ]
    (line,) = lines(series, "test", 1).splitlines()
    labels = {"Stage": "test", "function": "messages", "status": "2xx"}
    assert list(samples(line)) == [
        Sample("chat4all_http_requests_total", "Count", labels, (3.0,)),
        Sample("chat4all_http_request_seconds", "Seconds", labels, (0.1, 0.2)),
        Sample("chat4all_lanes_waiting", "None", {"Stage": "test", "consumer": "router"}, (0.0,)),
    ]


OTHERS = (
    *("", "START RequestId: 1", '{"level":"INFO","message":"the member \\"_aws\\""}'),
    *('{"_aws": 5}', '"_aws"', '{"_aws": {', "[" * 9999 + '"_aws"'),
)


@pytest.mark.parametrize("line", OTHERS)
def test_other_lines_say_nothing(line: str) -> None:
    assert list(samples(line)) == []


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        (document([]), "time has 0 values; 1 to 100"),
        (document([1] * 101), "time has 101 values; 1 to 100"),
        (document("slow"), "time is no number"),
        (document(True), "time is no number"),
        (document(Service=7), "the dimension 'Service' has no text"),
        (document(Service=""), "the dimension 'Service' has no text"),
        (document(dimensions=[["Service", "Missing"]]), "the dimension 'Missing' has no text"),
        (document(dimensions="Service"), "Dimensions is no list"),
        (document().replace("Milliseconds", "Fortnights"), "time: 'Fortnights' is no unit of CloudWatch"),
        (document().replace('"Shop"', '""'), "a directive has no Namespace"),
        (document().replace("1574109732004", '"now"'), "_aws.Timestamp is no number"),
        (document().replace('"Name": "time"', '"Name": ""'), "a metric has no Name"),
        (document(dimensions=[[f"d{n}" for n in range(31)]], **{f"d{n}": "x" for n in range(31)}), "31 dimensions"),
    ],
)
def test_what_cloudwatch_refuses_is_refused_with_its_cause(line: str, cause: str) -> None:
    with pytest.raises(InvalidDocument, match=cause):
        list(samples(line))
