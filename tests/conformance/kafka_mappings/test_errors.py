"""What happens to records whose function fails or is throttled."""

import json
from typing import Any

import pytest

from tests.conformance.kafka_mappings.served import Served, numbers, until

pytestmark = pytest.mark.engines

ACCOUNT = "arn:aws:lambda:us-east-1:000000000000:function"


def failed(served: Served, topic: str, count: int, source: str) -> list[dict[str, Any]]:
    """The first documents of an on-failure topic that tell of the topic `source`."""
    found: list[dict[str, Any]] = []
    until(lambda: served.end(topic) >= count, f"{count} documents in {topic}", timeout_s=90)
    while len(found) < count:
        documents = [json.loads(record.value) for record in served.read(topic, count)]
        found = [one for one in documents if f"{source}-0" in one["payload"]["records"]]
        count += len(documents) - len(found) if len(found) < count else 0
    return found


def tries(served: Served, function: str, value: str) -> list[list[str]]:
    """The values of each invocation that held this one."""
    return [call.values(0) for call in served.calls(function) if value in call.values()]


@pytest.mark.statement("kafka.endless", "kafka.partition-waits", "kafka.without-provisioned")
def test_a_failing_batch_is_retried_whole_until_it_succeeds_and_only_its_partition_waits(served: Served) -> None:
    served.order("endless", poison="bad")
    served.produce("endless", ["bad", *numbers(5)])
    until(lambda: len(tries(served, "endless", "bad")) >= 4, "some tries")
    served.produce("endless", ["other"], 1)
    until(lambda: "other" in served.values("endless", 1), "the other partition")
    assert served.mapping("EndlessFunctionRead")["last_result"].startswith(("PROBLEM: Function call failed", "OK"))

    served.order("endless")
    served.produce("endless", ["last"])
    until(lambda: "last" in served.values("endless", 0), "the records behind the failing batch")

    attempts = tries(served, "endless", "bad")
    assert len({tuple(values) for values in attempts}) == 1
    assert list(dict.fromkeys(served.values("endless", 0))) == ["bad", *numbers(5), "last"]
    # Nothing of MaximumRetryAttempts 0, of the bisecting or of the destination took effect.
    assert all("endless-0" not in str(record.value) for record in served.read("failed", served.end("failed")))


@pytest.mark.statement("kafka.without-provisioned")
def test_settings_without_effect_are_named_at_start(served: Served) -> None:
    said = served.stack.said()
    for setting in (
        "MaximumRetryAttempts",
        "MaximumRecordAgeInSeconds",
        "BisectBatchOnFunctionError",
        "FunctionResponseTypes [ReportBatchItemFailures]",
        "the on-failure destination kafka://failed",
    ):
        assert f"EndlessFunctionRead: {setting} has no effect without ProvisionedPollerConfig" in said


@pytest.mark.statement("kafka.maximum-retry-attempts", "kafka.on-failure-document", "kafka.on-failure-key")
def test_after_the_last_retry_each_record_goes_to_the_topic_with_its_content(served: Served) -> None:
    served.order("retries", poison="bad")
    before = served.end("failed")
    served.produce("retries", ["bad", "good", "fine"], key=b"\xfekey", headers=[("trace", b"\xdc")])
    until(lambda: served.end("failed") >= before + 3, "the failed records")
    served.produce("retries", ["next"])
    until(lambda: "next" in served.values("retries"), "the record after them")

    assert tries(served, "retries", "bad") == [["bad", "good", "fine"]] * 3
    until(lambda: served.committed("retriers").get(0) == 4, "the commit of everything")
    records = [record for record in served.read("failed", before + 3) if b'"retries-0"' in record.value]
    assert [record.key for record in records] == [b"\xfekey"] * 3
    last = json.loads(records[2].value)
    call = next(call for call in served.calls("retries") if "fine" in call.values())
    source = call.records()[2]
    assert last.pop("timestamp").endswith("Z")
    assert last["requestContext"].pop("requestId")
    assert last["KafkaBatchInfo"].pop("payloadSize") > 0
    assert last["KafkaBatchInfo"]["recordInfo"].pop("timestamp").endswith("Z")
    assert last == {
        "requestContext": {
            "functionArn": f"{ACCOUNT}:retries:$LATEST",
            "condition": "RetriesExhausted",
            "approximateInvokeCount": 3,
        },
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
        "version": "1.0",
        "KafkaBatchInfo": {
            "batchSize": 1,
            "eventSourceArn": call.event["eventSourceArn"],
            "bootstrapServers": served.servers,
            "recordInfo": {"offset": "2"},
        },
        "payload": {**call.event, "records": {"retries-0": [source]}},
    }


@pytest.mark.statement("kafka.maximum-record-age", "kafka.trim-horizon")
def test_what_is_too_old_never_reaches_the_function(served: Served) -> None:
    documents = failed(served, "failed-aged", 2, "aged")
    assert [one["requestContext"]["condition"] for one in documents] == ["RecordAgeExceeded"] * 2
    assert [one["requestContext"]["approximateInvokeCount"] for one in documents] == [0, 0]
    served.produce("aged", ["young"])
    until(lambda: "young" in served.values("aged"), "the young record")
    assert served.values("aged") == ["young"]


@pytest.mark.statement("kafka.bisect")
def test_a_failing_batch_is_halved_until_the_bad_record_stands_alone(served: Served) -> None:
    served.order("bisected", poison="bad")
    served.produce("bisected", ["0", "1", "2", "bad", "4", "5", "6", "7"])
    served.produce("bisected", ["after"])
    until(lambda: "after" in served.values("bisected"), "the record after the batch")

    # Halved three times, which takes no try; then one try and one retry of the record alone.
    sizes = [len(values) for values in tries(served, "bisected", "bad")]
    assert sizes == [8, 4, 2, 1, 1]
    done = [call for call in served.calls("bisected") if "bad" not in call.values()]
    assert [value for call in done for value in call.values()] == ["0", "1", "2", "4", "5", "6", "7", "after"]


@pytest.mark.statement("kafka.partial-failure")
def test_what_comes_from_the_reported_record_on_is_retried(served: Served) -> None:
    served.order("partial", report="bad")
    served.produce("partial", ["p0", "p1", "bad", "p3", "p4"])
    until(lambda: ["bad", "p3", "p4"] in tries(served, "partial", "bad"), "the retry")
    served.order("partial")
    served.produce("partial", ["p5"])
    until(lambda: "p5" in served.values("partial", 0), "the rest")
    assert served.values("partial").count("p0") == 1
    assert served.values("partial").count("p1") == 1
    until(lambda: served.committed("partial-group").get(0) == 6, "the commit")


@pytest.mark.statement("kafka.partial-success")
@pytest.mark.parametrize("answer", [{}, None, {"batchItemFailures": []}, {"batchItemFailures": None}])
def test_an_empty_answer_is_success(served: Served, answer: Any) -> None:
    served.order("partial", answer=answer)
    value = f"success {json.dumps(answer)}"
    served.produce("partial", [value], 1)
    until(lambda: served.committed("partial-group").get(1) == served.end("partial", 1), "the commit")
    assert served.values("partial").count(value) == 1


@pytest.mark.statement("kafka.partial-unknown")
@pytest.mark.parametrize(
    "identifier",
    [
        {"partition": "partial-9", "offset": 0},
        {"partition": "other-0", "offset": 0},
        {"partition": "partial-1", "offset": 10**9},
    ],
    ids=["partition", "topic", "offset"],
)
def test_an_unknown_partition_or_offset_retries_the_whole_batch(served: Served, identifier: Any) -> None:
    answer = {"batchItemFailures": [{"itemIdentifier": identifier}]}
    retried_whole(served, answer, f"unknown {json.dumps(identifier)}")


@pytest.mark.statement("kafka.partial-malformed")
@pytest.mark.parametrize(
    "answer",
    [
        "text",
        [1],
        {"batchItemFailures": "all"},
        {"batchItemFailures": [{}]},
        {"batchItemFailures": [{"itemIdentifier": {"partition": "partial-1"}}]},
        {"batchItemFailures": [{"itemIdentifier": {"partition": "partial-1", "offset": "1"}}]},
    ],
    ids=["text", "list", "no list", "empty item", "no offset", "offset as text"],
)
def test_a_malformed_answer_retries_the_whole_batch(served: Served, answer: Any) -> None:
    retried_whole(served, answer, f"malformed {json.dumps(answer)}")


def retried_whole(served: Served, answer: Any, name: str) -> None:
    served.order("partial", answer=answer)
    wanted = [f"{name} 1", f"{name} 2"]
    served.produce("partial", wanted, 1)
    until(lambda: served.values("partial").count(wanted[1]) >= 2, "a retry")
    served.order("partial")
    until(lambda: served.committed("partial-group").get(1) == served.end("partial", 1), "the end of it")
    attempts = [call.values(1) for call in served.calls("partial") if wanted[0] in call.values()]
    assert len(attempts) >= 2
    assert all(values == attempts[0] for values in attempts)


@pytest.mark.statement("kafka.throttles")
def test_throttles_are_no_tries(served: Served) -> None:
    """One environment for three partitions: two of them are throttled while the first is at work."""
    served.order("throttled", takes_s=0.3)
    for partition in range(3):
        served.produce("throttled", [f"{partition} {number}" for number in range(3)], partition)
    until(lambda: len(served.values("throttled")) >= 9, "all records")
    for partition in range(3):
        assert served.values("throttled", partition) == [f"{partition} {number}" for number in range(3)]
    assert served.end("failed-throttled") == 0


@pytest.mark.statement("kafka.throttles")
def test_a_function_with_no_concurrency_is_waited_for(served: Served) -> None:
    served.produce("refused", ["waits"])
    throttled = "PROBLEM: Function call was throttled"
    until(lambda: served.mapping("RefusedFunctionRead")["last_result"] == throttled, "the throttle")
    until(lambda: served.mapping("RefusedFunctionRead")["lag"] == 1, "the lag")
    assert served.committed("refused-group") == {}
    assert served.calls("refused") == []


@pytest.mark.statement("kafka.ten-tries")
def test_endless_retries_with_a_destination_are_ten(served: Served) -> None:
    """Poison that was there from the start, so that its waits are over by now."""
    (document,) = failed(served, "failed-tens", 1, "tens")
    assert document["requestContext"]["approximateInvokeCount"] == 11
    assert document["requestContext"]["condition"] == "RetriesExhausted"
    assert len(served.calls("tens")) == 11
