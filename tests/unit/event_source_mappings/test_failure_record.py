import json
from datetime import UTC, datetime

from local.event_source_mappings.event import Source
from local.event_source_mappings.failure_record import RETRIES_EXHAUSTED, Cause, failure_record
from tests.unit.event_source_mappings.records import record

ARN = "arn:aws:kafka:us-east-1:000000000000:cluster/c/1"
FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:f:$LATEST"
NOW = datetime(2026, 11, 21, 5, 0, 0, 568_000, tzinfo=UTC)
SOURCE = Source(ARN, "b:9092")


def test_the_document_is_that_of_a_kafka_destination() -> None:
    failed = record(100, timestamp_ms=1_749_116_692_330)

    document = json.loads(failure_record(SOURCE, failed, Cause(RETRIES_EXHAUSTED, "r", FUNCTION, 3, "Unhandled"), NOW))

    assert document == {
        "requestContext": {
            "requestId": "r",
            "functionArn": FUNCTION,
            "condition": "RetriesExhausted",
            "approximateInvokeCount": 3,
        },
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
        "version": "1.0",
        "timestamp": "2026-11-21T05:00:00.568Z",
        "KafkaBatchInfo": {
            "batchSize": 1,
            "eventSourceArn": ARN,
            "bootstrapServers": "b:9092",
            "payloadSize": len(failed.json),
            "recordInfo": {"offset": "100", "timestamp": "2025-06-05T09:44:52.330Z"},
        },
        "payload": {
            "eventSource": "aws:kafka",
            "eventSourceArn": ARN,
            "bootstrapServers": "b:9092",
            "records": {"orders-0": [json.loads(failed.json)]},
        },
    }


def test_a_record_that_was_never_tried_has_no_response() -> None:
    document = json.loads(failure_record(SOURCE, record(1), Cause("RecordAgeExceeded", "r", FUNCTION, 0, None), NOW))

    assert document["responseContext"] is None


def test_without_its_value_the_record_is_still_named() -> None:
    cause = Cause(RETRIES_EXHAUSTED, "r", FUNCTION, 1, None)

    document = json.loads(failure_record(SOURCE, record(1), cause, NOW, with_value=False))

    (left,) = document["payload"]["records"]["orders-0"]
    assert "value" not in left
    assert (left["topic"], left["partition"], left["offset"], left["key"]) == ("orders", 0, 1, "aw==")
