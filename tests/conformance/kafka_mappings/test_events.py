"""What a function of a Kafka mapping gets."""

from base64 import b64encode

import pytest

from tests.conformance.kafka_mappings.served import Call, Served, until

pytestmark = pytest.mark.engines

CLUSTER = "arn:aws:kafka:us-east-1:000000000000:cluster/local/00000000-0000-4000-8000-000000000000-1"


def call_with(served: Served, function: str, value: str) -> Call:
    until(lambda: value in served.values(function), f"{value} at {function}")
    (call,) = [call for call in served.calls(function) if value in call.values()]
    return call


@pytest.mark.statement("kafka.event", "kafka.signed-headers", "kafka.create-time")
def test_the_event_of_an_msk_mapping(served: Served) -> None:
    headers = [("traceparent", b"\x00-\x7f\x80\xff"), ("twice", b"1"), ("twice", b"2"), ("empty", b"")]
    served.produce("events", ["whole"], 1, key=b"\xffkey", headers=headers, at_ms=1545084650987)

    call = call_with(served, "events", "whole")

    (record,) = call.event["records"].pop("events-1")
    assert call.event == {
        "eventSource": "aws:kafka",
        "eventSourceArn": CLUSTER,
        "bootstrapServers": served.servers,
        "records": {},
    }
    assert record.pop("offset") >= 0
    assert record == {
        "topic": "events",
        "partition": 1,
        "timestamp": 1545084650987,
        "timestampType": "CREATE_TIME",
        "key": b64encode(b"\xffkey").decode(),
        "value": b64encode(b"whole").decode(),
        "headers": [
            {"traceparent": [0, 45, 127, -128, -1]},
            {"twice": [49]},
            {"twice": [50]},
            {"empty": []},
        ],
    }


@pytest.mark.statement("kafka.null-key", "kafka.tombstone")
def test_a_null_key_and_a_tombstone_leave_their_field_out(served: Served) -> None:
    served.produce("events", [None], 2, key=b"gone")
    served.produce("events", ["after the tombstone"], 2)
    until(lambda: "after the tombstone" in served.values("events"), "the records")

    records = [record for call in served.calls("events", "events") for record in call.records(2)]
    tombstone, after = records[:2]
    assert (tombstone["offset"], after["offset"]) == (0, 1)
    assert set(tombstone) == {"topic", "partition", "offset", "timestamp", "timestampType", "key", "headers"}
    assert tombstone["headers"] == []
    assert set(after) == {*tombstone, "value"} - {"key"}


@pytest.mark.statement("kafka.null-key")
def test_an_empty_key_is_an_empty_text(served: Served) -> None:
    served.produce("events", ["empty key"], 0, key=b"")
    (record,) = [r for r in call_with(served, "events", "empty key").records() if "key" in r]
    assert record["key"] == ""


@pytest.mark.statement("kafka.log-append-time")
def test_a_topic_of_append_times(served: Served) -> None:
    served.produce("stamped", ["stamped"], at_ms=1000)
    (record,) = call_with(served, "events", "stamped").records()
    assert record["timestampType"] == "LOG_APPEND_TIME"
    assert record["timestamp"] > 1_700_000_000_000


@pytest.mark.statement("kafka.self-managed")
def test_a_self_managed_cluster_has_no_arn(served: Served) -> None:
    served.produce("own", ["mine"])
    event = call_with(served, "own", "mine").event
    assert set(event) == {"eventSource", "bootstrapServers", "records"}
    assert event["eventSource"] == "SelfManagedKafka"
    assert event["bootstrapServers"] == served.servers
    assert list(event["records"]) == ["own-0"]


@pytest.mark.statement("kafka.grouped")
def test_one_invocation_carries_several_partitions(served: Served) -> None:
    for partition in (0, 1):
        served.produce("window", ["several 0", "several 1"], partition)
    call = call_with(served, "window", "several 1")
    assert set(call.event["records"]) == {"window-0", "window-1"}
    for name, records in call.event["records"].items():
        assert [record["partition"] for record in records] == [int(name[-1])] * 2
        offsets = [record["offset"] for record in records]
        assert offsets == sorted(offsets)


@pytest.mark.statement("kafka.each-mapping-all")
def test_two_functions_on_one_topic_each_get_all(served: Served) -> None:
    wanted = [f"for both {number}" for number in range(30)]
    for partition in range(3):
        served.produce("events", wanted[partition::3], partition)
    for function in ("events", "events-too"):
        until(lambda function=function: set(wanted) <= set(served.values(function)), f"all at {function}")  # type: ignore[misc]
