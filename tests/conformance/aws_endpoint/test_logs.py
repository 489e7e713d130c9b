"""CloudWatch Logs: what functions print, as their log groups have it."""

import json
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.conformance.aws_endpoint.served import Served, until

GROUP = "/aws/lambda/worker"


def filtered(endpoint: Served, **given: Any) -> list[dict[str, Any]]:
    pages = endpoint.client("logs").get_paginator("filter_log_events").paginate(logGroupName=GROUP, **given)
    return [event for page in pages for event in page["events"]]


@pytest.mark.statement("endpoint.logs-groups")
def test_a_function_that_has_run_has_a_group(endpoint: Served) -> None:
    endpoint.run("worker")
    client = endpoint.client("logs")
    groups = {group["logGroupName"]: group for group in client.describe_log_groups()["logGroups"]}
    assert groups[GROUP]["arn"] == f"arn:aws:logs:us-east-1:000000000000:log-group:{GROUP}:*"
    assert groups[GROUP]["storedBytes"] > 0
    assert "/aws/lambda/reserved" not in groups
    found = endpoint.aws_json("logs", "describe-log-groups", "--log-group-name-prefix", "/aws/lambda/wor")["logGroups"]
    assert [group["logGroupName"] for group in found] == [GROUP]
    for name in ("/aws/lambda/reserved", "/aws/lambda/none", "other"):
        with pytest.raises(ClientError, match="The specified log group does not exist"):
            client.filter_log_events(logGroupName=name)


@pytest.mark.statement("endpoint.logs-streams")
def test_each_environment_has_a_stream(endpoint: Served) -> None:
    before = time.time_ns() // 1_000_000
    mark = str(uuid.uuid4())
    stream = endpoint.run("worker", lines=[mark])["stream"]
    client = endpoint.client("logs")
    found = client.describe_log_streams(logGroupName=GROUP, orderBy="LastEventTime", descending=True)["logStreams"]
    assert found[0]["logStreamName"] == stream
    assert before <= found[0]["lastEventTimestamp"] <= time.time_ns() // 1_000_000
    named = client.describe_log_streams(logGroupName=GROUP, logStreamNamePrefix=stream)["logStreams"]
    assert [each["logStreamName"] for each in named] == [stream]
    (event,) = filtered(endpoint, filterPattern=f'"{mark}"')
    assert event["logStreamName"] == stream
    with pytest.raises(ClientError, match="Cannot order by LastEventTime"):
        client.describe_log_streams(logGroupName=GROUP, orderBy="LastEventTime", logStreamNamePrefix="2")


@pytest.mark.statement("endpoint.logs-events")
def test_events_of_a_stream(endpoint: Served) -> None:
    before, marks = time.time_ns() // 1_000_000, [str(uuid.uuid4()) for _ in range(5)]
    stream = endpoint.run("worker", lines=marks)["stream"]
    after = time.time_ns() // 1_000_000
    client, name = endpoint.client("logs"), {"logGroupName": GROUP, "logStreamName": stream}
    page = client.get_log_events(**name, startTime=before, startFromHead=True)
    messages = [event["message"] for event in page["events"]]
    assert messages[0].startswith("START RequestId: ")
    assert messages[1:6] == [f"{mark}\n" for mark in marks]
    assert messages[6].startswith("END RequestId: ")
    assert messages[7].startswith("REPORT RequestId: ")
    times = [event["timestamp"] for event in page["events"]]
    assert times == sorted(times)
    assert before <= times[0]
    assert times[-1] <= after
    assert client.get_log_events(**name, nextToken=page["nextForwardToken"])["events"] == []
    last = client.get_log_events(**name, limit=2)
    assert [event["message"][:6] for event in last["events"]] == ["END Re", "REPORT"]
    back = client.get_log_events(**name, limit=2, nextToken=last["nextBackwardToken"])
    assert [event["message"] for event in back["events"]] == [f"{mark}\n" for mark in marks[3:]]
    with pytest.raises(ClientError, match="The specified log stream does not exist"):
        client.get_log_events(logGroupName=GROUP, logStreamName="none")


@pytest.mark.statement("endpoint.logs-filter")
def test_filtering_by_pattern(endpoint: Served) -> None:
    begun, mark = time.time_ns() // 1_000_000, str(uuid.uuid4())
    lines = [{"mark": mark, "level": "ERROR", "n": 5}, {"mark": mark, "level": "INFO", "n": 1}]
    endpoint.run("worker", lines=[*map(json.dumps, lines), f"plain text {mark}", f"plain other {mark}"])

    def found(pattern: str) -> list[str]:
        return [event["message"].strip() for event in filtered(endpoint, filterPattern=pattern, startTime=begun)]

    assert found('{ $.level = "ERROR" }') == [json.dumps(lines[0])]
    assert found('{ $.level = "E*" && ($.n > 10 || $.n = 5) }') == [json.dumps(lines[0])]
    assert found("{ $.n < 5 }") == [json.dumps(lines[1])]
    assert found("plain text") == [f"plain text {mark}"]
    assert found('"plain other"') == [f"plain other {mark}"]
    assert found("plain -text") == [f"plain other {mark}"]
    assert len(found("?text ?other")) == 2
    assert found("%pl.*text%") == [f"plain text {mark}"]
    for pattern in ("[a, b]", "{ $.a }", '{ level = "x" }', "%(%"):
        with pytest.raises(ClientError, match="Invalid filter pattern"):
            filtered(endpoint, filterPattern=pattern)


@pytest.mark.statement("endpoint.logs-pages")
def test_pages_and_times(endpoint: Served) -> None:
    mark = str(uuid.uuid4())
    endpoint.run("worker", lines=[f"{mark} {number}" for number in range(7)])
    found = filtered(endpoint, filterPattern=f'"{mark}"', PaginationConfig={"PageSize": 3})
    assert [event["message"].split()[1] for event in found] == [str(number) for number in range(7)]
    assert len({event["eventId"] for event in found}) == 7
    assert filtered(endpoint, filterPattern=f'"{mark}"', endTime=found[0]["timestamp"] - 1) == []
    assert filtered(endpoint, filterPattern=f'"{mark}"', startTime=found[-1]["timestamp"] + 1) == []
    with pytest.raises(ClientError, match="nextToken is invalid"):
        endpoint.client("logs").filter_log_events(logGroupName=GROUP, nextToken="other")


@pytest.mark.statement("endpoint.logs-tail")
def test_following(endpoint: Served) -> None:
    """As `aws logs tail --follow` does: events from a time on, again and again, without those already seen."""
    mark = str(uuid.uuid4())
    seen: dict[str, dict[str, Any]] = {}
    begun = time.time_ns() // 1_000_000

    def fresh() -> list[dict[str, Any]]:
        found = filtered(endpoint, startTime=max([begun, *(each["timestamp"] for each in seen.values())]))
        return [event for event in found if event["eventId"] not in seen]

    for number in range(3):
        endpoint.run("worker", lines=[f"{mark} {number}"])
        seen |= {event["eventId"]: event for event in until(fresh)}
        assert sum(f"{mark} {number}\n" == event["message"] for event in seen.values()) == 1
    assert sum(mark in event["message"] for event in seen.values()) == 3


@pytest.mark.statement("endpoint.logs-streams")
def test_environments_at_once_do_not_mix_their_lines(endpoint: Served) -> None:
    marks = [str(uuid.uuid4()) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda mark: endpoint.run("worker", lines=[mark] * 50, sleep=0.3), marks))
    for mark, answer in zip(marks, answers, strict=True):
        found = filtered(endpoint, filterPattern=f'"{mark}"')
        assert [event["message"] for event in found] == [f"{mark}\n"] * 50
        assert {event["logStreamName"] for event in found} == {answer["stream"]}
