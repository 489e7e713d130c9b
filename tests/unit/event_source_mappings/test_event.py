import json
from base64 import b64decode, b64encode
from pathlib import Path

import pytest

from local.event_source_mappings.event import Source, event
from local.event_source_mappings.record import encode
from tests.unit.event_source_mappings.records import record

FIXTURES = Path(__file__).parents[2] / "fixtures" / "kafka"
ARN = "arn:aws:kafka:us-east-1:000000000000:cluster/c/1"


@pytest.mark.parametrize("name", ["go-kafka-event.json", "pt-kafkaEventMsk.json"])
def test_the_documented_events_are_made_again(name: str) -> None:
    """Those of aws-lambda-go and of Powertools for AWS Lambda."""
    expected = json.loads((FIXTURES / name).read_text())
    ((topic_partition, (shown,)),) = expected["records"].items()
    headers = [(n, bytes(b % 256 for b in content)) for header in shown["headers"] for n, content in header.items()]
    content = {field: b64decode(shown[field]) for field in ("key", "value")}

    made = encode(
        shown["topic"],
        shown["partition"],
        shown["offset"],
        shown["timestamp"],
        shown["timestampType"],
        content["key"],
        content["value"],
        headers,
    )

    assert made.topic_partition == topic_partition
    assert json.loads(event(Source(expected["eventSourceArn"], expected["bootstrapServers"]), [made])) == expected


def test_records_are_grouped_by_topic_and_partition() -> None:
    made = json.loads(event(Source(ARN, "b:9092"), [record(1, 0), record(2, 0), record(7, 3)]))

    assert {name: [r["offset"] for r in group] for name, group in made["records"].items()} == {
        "orders-0": [1, 2],
        "orders-3": [7],
    }


def test_a_self_managed_cluster_has_no_arn() -> None:
    made = json.loads(event(Source(None, "b:9092"), [record(1)]))

    assert made.keys() == {"eventSource", "bootstrapServers", "records"}
    assert made["eventSource"] == "SelfManagedKafka"


def test_header_bytes_are_signed_and_names_are_any_text() -> None:
    made = json.loads(
        encode("t", 0, 0, 0, "CREATE_TIME", None, None, [('ü"', bytes([0, 127, 128, 255])), ("n", None)]).json
    )

    assert made["headers"] == [{'ü"': [0, 127, -128, -1]}, {"n": []}]


def test_a_null_key_and_a_null_value_are_left_out_and_empty_ones_are_not() -> None:
    null = json.loads(encode("t", 0, 0, 0, "CREATE_TIME", None, None, ()).json)
    empty = json.loads(encode("t", 0, 0, 0, "CREATE_TIME", b"", b"", ()).json)

    assert not {"key", "value"} & null.keys()
    assert (empty["key"], empty["value"]) == ("", "")


def test_values_are_base64() -> None:
    assert json.loads(record(0, value=b"\x00\xff").json)["value"] == b64encode(b"\x00\xff").decode()
