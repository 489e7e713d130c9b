"""Asynchronous invocation: retries, destinations, and what survives a kill."""

import json
import re
import time

import pytest

from tests.conformance.functions.conftest import Functions, Start, eventually

ARN = "arn:aws:lambda:us-east-1:000000000000:function"


@pytest.mark.statement("lambda.on-failure", "lambda.asynchronous-retries")
def test_on_failure(functions: Functions) -> None:
    request_id = functions.send("fails", {"a": ["é", 1]})
    record = functions.record(request_id)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", record.pop("timestamp"))
    response = record.pop("responsePayload")
    assert record == {
        "version": "1.0",
        "requestContext": {
            "requestId": request_id,
            "functionArn": f"{ARN}:fails:$LATEST",
            "condition": "RetriesExhausted",
            "approximateInvokeCount": 3,
        },
        "requestPayload": {"a": ["é", 1]},
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
    }
    assert (response["errorType"], response["errorMessage"]) == ("ValueError", "as asked")
    assert response["requestId"] == request_id
    assert (functions.folder / f"tries-{request_id}").read_text() == "xxx"
    assert functions.log("fails").count(f"START RequestId: {request_id}") == 3
    assert f"event {request_id} of fails failed for good after 3 tries: RetriesExhausted" in functions.stack.said()


@pytest.mark.statement("lambda.on-success", "lambda.asynchronous-retries")
def test_on_success(functions: Functions) -> None:
    request_id = functions.send("fails-once", None)
    record = functions.record(request_id)
    assert record["requestContext"]["condition"] == "Success"
    assert record["requestContext"]["approximateInvokeCount"] == 2
    assert record["requestPayload"] is None
    assert record["responseContext"] == {"statusCode": 200, "executedVersion": "$LATEST"}
    assert record["responsePayload"] == {"after": 2}


@pytest.mark.statement("lambda.on-failure")
def test_on_failure_to_a_bucket(functions: Functions) -> None:
    request_id = functions.send("fails-to-bucket", {"b": 2})
    s3 = functions.client("s3")
    eventually(lambda: s3.list_objects_v2(Bucket="failures")["KeyCount"] > 0)
    (found,) = s3.list_objects_v2(Bucket="failures")["Contents"]
    day, second = r"\d{4}/\d\d/\d\d", r"\d{4}-\d\d-\d\dT\d\d\.\d\d\.\d\d"
    assert re.fullmatch(rf"aws/lambda/async/fails-to-bucket/{day}/{second}-[0-9a-f-]{{36}}", found["Key"])
    record = json.load(s3.get_object(Bucket="failures", Key=found["Key"])["Body"])
    assert record["requestContext"]["requestId"] == request_id
    assert record["requestContext"]["approximateInvokeCount"] == 1
    assert record["requestPayload"] == {"b": 2}


@pytest.mark.statement("lambda.zero-reserved-concurrency")
def test_zero_reserved_concurrency(functions: Functions) -> None:
    request_id = functions.send("off", {"c": 3})
    record = functions.record(request_id)
    assert record["requestContext"]["condition"] == "ZeroReservedConcurrency"
    assert record["requestContext"]["approximateInvokeCount"] == 0
    assert "responsePayload" not in record


@pytest.mark.statement("lambda.event-age", "lambda.asynchronous-throttles")
def test_throttled_events_are_tried_until_they_are_too_old(start: Start) -> None:
    functions = start(account_concurrency="0", max_event_age_s="1")
    began = time.monotonic()
    request_id = functions.send("fails", 1)
    text = f"event {request_id} of fails failed for good after 0 tries: EventAgeExceeded"
    eventually(lambda: text in functions.stack.said())
    assert time.monotonic() - began >= 1


@pytest.mark.statement("lambda.event-durability")
def test_events_survive_a_kill(start: Start) -> None:
    """Killed while one event runs, one waits for its turn, and one for its retry."""
    functions = start(retry_delays_s="3600,0")
    failing = functions.send("fails-once", {})
    tried = functions.folder / f"tries-{failing}"
    eventually(tried.exists)
    eventually(lambda: f"END RequestId: {failing}" in functions.log("fails-once"))
    sleeping = {"do": "mark", "file": "slept", "seconds": 4}
    running = functions.send("reserved", sleeping)
    eventually((functions.folder / "slept.begun").exists)
    waiting = functions.send("reserved", {"do": "mark", "file": "waited"})
    functions.stack.process.kill()
    functions.stack.until_ended()
    assert not (functions.folder / "slept").exists()

    functions.stack.start()
    functions.endpoints = functions.stack.until_ready()
    for name, request_id in (("slept", running), ("waited", waiting)):
        file = functions.folder / name
        eventually(file.exists)
        assert file.read_text() == request_id
    assert tried.read_text() == "x"  # due in an hour, still


@pytest.mark.statement("lambda.event-durability")
def test_events_survive_a_stop(start: Start) -> None:
    functions = start(retry_delays_s="1,1")
    request_id = functions.send("fails", {})
    eventually((functions.folder / f"tries-{request_id}").exists)
    eventually(lambda: f"END RequestId: {request_id}" in functions.log("fails"))
    functions.stack.stop()
    assert "1 asynchronous invocations of fails are kept for the next start" in functions.stack.said()
    functions.stack.start()
    functions.stack.until_ready()
    assert functions.record(request_id)["requestContext"]["approximateInvokeCount"] == 3
