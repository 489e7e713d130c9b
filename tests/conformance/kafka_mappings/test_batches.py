"""When a batch is sent, and what it holds."""

import pytest

from tests.conformance.kafka_mappings.served import Served, numbers, until

pytestmark = pytest.mark.engines
MIB = 1024 * 1024


@pytest.mark.statement("kafka.batch-size-default")
def test_a_batch_has_at_most_100_records_by_default(served: Served) -> None:
    served.produce("defaults", numbers(450))
    until(lambda: len(served.values("defaults", 0)) >= 450, "all records")
    sizes = [len(call.records()) for call in served.calls("defaults")]
    assert max(sizes) == 100
    assert served.values("defaults", 0) == numbers(450)


@pytest.mark.statement("kafka.window-default")
def test_half_a_second_is_gathered_by_default(served: Served) -> None:
    for number in range(4):
        served.produce("defaults", [f"gathered {number}"], 1)
    until(lambda: "gathered 3" in served.values("defaults"), "the records")
    (call,) = [call for call in served.calls("defaults") if "gathered 0" in call.values()]
    assert call.begun * 1000 - call.records()[0]["timestamp"] > 450


@pytest.mark.statement("kafka.window-ends")
def test_a_batch_is_sent_when_the_window_ends(served: Served) -> None:
    served.produce("window", ["slow one"])
    served.produce("window", ["slow two"], 1)
    until(lambda: "slow two" in served.values("window"), "the records")
    (call,) = [call for call in served.calls("window") if "slow one" in call.values()]
    assert "slow two" in call.values()
    first = min(record["timestamp"] for record in call.records())
    assert call.begun * 1000 - first > 1900


@pytest.mark.statement("kafka.size-reached")
def test_a_batch_is_sent_when_its_size_is_reached(served: Served) -> None:
    wanted = [f"full {number}" for number in range(20)]
    served.produce("window", wanted)
    until(lambda: "full 19" in served.values("window"), "the records")
    calls = [call for call in served.calls("window") if any(value.startswith("full") for value in call.values())]
    full = [call for call in calls if len(call.records()) == 10]
    assert full
    assert max(len(call.records()) for call in calls) == 10
    # Before its window of 2 s has ended.
    assert min(call.begun * 1000 - call.records()[0]["timestamp"] for call in full) < 2000


@pytest.mark.statement("kafka.window-zero")
def test_without_a_window_a_record_is_sent_at_once(served: Served) -> None:
    served.produce("own", ["at once"])
    until(lambda: "at once" in served.values("own"), "the record")
    (call,) = [call for call in served.calls("own") if "at once" in call.values()]
    assert len(call.records()) == 1


@pytest.mark.statement("kafka.payload-6-mb")
def test_a_batch_stays_under_6_mb(served: Served) -> None:
    letters = "abcdefghij"
    served.produce("large", [letter * 1_000_000 for letter in letters])
    until(lambda: len(served.values("large")) >= len(letters), "the records")
    calls = [call for call in served.calls("large") if "a" in call.values()[0] or len(call.records()) > 1]
    assert "".join(value[0] for call in served.calls("large") for value in call.values())[: len(letters)] == letters
    sizes = [sum(len(record["value"]) for record in call.records()) for call in calls]
    # As base64 a record takes 1.33 MB, so that four fit.
    assert len(calls[0].records()) == 4
    assert max(sizes) < 6 * MIB


@pytest.mark.statement("kafka.record-too-large")
def test_a_record_that_fits_no_invocation_goes_to_the_destination(served: Served) -> None:
    served.produce("large", ["x" * 5 * MIB, "small"])
    until(lambda: "small" in served.values("large"), "the next record")
    assert not any(value.startswith("x") for value in served.values("large"))
    assert served.mapping("LargeFunctionRead")["state"] == "Enabled"
    (record,) = served.read("failed-large", 1)
    head = record.value[:2000].decode()
    assert '"condition":"MaximumPayloadSizeExceeded"' in head
    assert '"responseContext":null' in head
