"""Order, parallelism, and mappings that are switched off and on."""

from itertools import pairwise

import boto3
import pytest

from tests.conformance.kafka_mappings.served import Served, numbers, until

pytestmark = pytest.mark.engines


@pytest.mark.statement("kafka.order", "kafka.one-invoke-a-partition")
def test_each_partition_is_in_order_and_one_invocation_at_a_time(served: Served) -> None:
    served.order("serial", takes_s=0.01)
    for partition in range(3):
        served.produce("serial", numbers(60), partition)
    for partition in range(3):
        until(lambda partition=partition: len(served.values("serial", partition)) >= 60, "all records")  # type: ignore[misc]
        assert served.values("serial", partition) == numbers(60)
    until(lambda: all(call.ended for call in served.calls("serial")), "the end of all")
    for partition in range(3):
        times = [(call.begun, call.ended or 0) for call in served.calls("serial") if call.records(partition)]
        assert all(ended <= begun for (_, ended), (begun, _) in pairwise(times))


@pytest.mark.statement("kafka.parallel-partitions")
def test_partitions_are_at_work_side_by_side(served: Served) -> None:
    served.order("serial", hold="held")
    for partition in range(3):
        served.produce("serial", ["held"], partition)

    def held() -> int:
        return sum(1 for call in served.calls("serial") if "held" in call.values() and call.ended is None)

    until(lambda: held() == 3, "an invocation for each partition")
    served.order("serial")
    until(lambda: held() == 0, "the end of all")


@pytest.mark.statement("kafka.enabled", "kafka.states")
def test_a_mapping_is_enabled_and_disabled_by_the_lambda_api(served: Served) -> None:
    lambda_ = boto3.client(
        "lambda",
        endpoint_url=served.endpoints.aws_url,
        region_name="us-east-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
    )
    served.produce("disabled", ["first"])
    (found,) = lambda_.list_event_source_mappings(FunctionName="disabled")["EventSourceMappings"]
    uuid = found["UUID"]
    assert (found["State"], found["LastProcessingResult"]) == ("Disabled", "No records processed")
    assert served.values("disabled") == []

    def state() -> str:
        return str(lambda_.get_event_source_mapping(UUID=uuid)["State"])

    assert lambda_.update_event_source_mapping(UUID=uuid, Enabled=True)["State"] == "Enabling"
    until(lambda: state() == "Enabled", "the mapping to be enabled")
    until(lambda: "first" in served.values("disabled"), "the record of before")
    until(lambda: lambda_.get_event_source_mapping(UUID=uuid)["LastProcessingResult"] == "OK", "the result")

    assert lambda_.update_event_source_mapping(UUID=uuid, Enabled=False)["State"] == "Disabling"
    until(lambda: state() == "Disabled", "the mapping to be disabled")
    served.produce("disabled", ["second"])
    assert lambda_.update_event_source_mapping(UUID=uuid, Enabled=True)["State"] == "Enabling"
    until(lambda: "second" in served.values("disabled"), "what came while it was disabled")
    assert served.values("disabled") == ["first", "second"]
