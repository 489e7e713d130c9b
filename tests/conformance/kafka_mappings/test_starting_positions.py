"""Where a mapping begins to read."""

import pytest

from tests.conformance.kafka_mappings.served import Served, until

pytestmark = pytest.mark.engines


@pytest.mark.statement("kafka.trim-horizon")
def test_trim_horizon_begins_with_the_oldest_record(served: Served) -> None:
    until(lambda: served.end("failed-aged") == 2, "what the topic held before the mapping was made")


@pytest.mark.statement("kafka.latest")
def test_latest_begins_with_what_comes_after_the_mapping(served: Served) -> None:
    served.produce("latest", ["after"])
    until(lambda: "after" in served.values("starts", topic="latest"), "the new record")
    assert served.values("starts", topic="latest") == ["after"]


@pytest.mark.statement("kafka.at-timestamp")
def test_at_timestamp_begins_with_the_first_record_of_that_time(served: Served) -> None:
    until(lambda: len(served.values("starts", topic="dated")) >= 2, "the records of that time")
    assert served.values("starts", topic="dated") == ["2", "3"]


@pytest.mark.statement("kafka.consumer-group-id")
def test_the_group_is_the_one_of_the_template_or_the_uuid(served: Served) -> None:
    until(lambda: served.committed("dated-group") == {0: 3}, "the commit of the named group")
    uuid = served.mapping("StartsFunctionLatest")["uuid"]
    assert served.mapping("StartsFunctionLatest")["group_id"] == uuid
    until(lambda: served.committed(uuid) != {}, "the commit of the unnamed group")
