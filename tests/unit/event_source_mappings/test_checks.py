from dataclasses import replace
from typing import Any

import pytest

from local.application import KafkaMapping
from local.event_source_mappings import InvalidMapping, warnings
from local.event_source_mappings.checks import check

MAPPING = KafkaMapping("Orders", "u", "f", "orders", "g", None)


def test_the_defaults_are_valid() -> None:
    check(MAPPING)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"batch_size": 0}, "BatchSize 0"),
        ({"batch_size": 10_001}, "BatchSize 10001"),
        ({"batching_window_s": 301}, "MaximumBatchingWindowInSeconds 301"),
        ({"maximum_retry_attempts": -2}, "MaximumRetryAttempts -2"),
        ({"maximum_record_age_s": 59}, "MaximumRecordAgeInSeconds 59"),
        ({"starting_position": "EARLIEST"}, "StartingPosition EARLIEST"),
        ({"starting_position": "AT_TIMESTAMP"}, "needs a StartingPositionTimestamp"),
        ({"on_failure_topic": "orders"}, "the on-failure topic is the source topic orders"),
        ({"filter_patterns": ("{",)}, "FilterCriteria: filter 1 is not JSON"),
        ({"topic": ""}, "a topic is needed"),
    ],
)
def test_what_aws_refuses_is_refused_with_its_name(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidMapping, match=message) as refused:
        check(replace(MAPPING, **changes))
    assert "Orders" in str(refused.value)


def test_all_problems_are_named_at_once() -> None:
    with pytest.raises(InvalidMapping, match=r"BatchSize.*MaximumRetryAttempts"):
        check(replace(MAPPING, batch_size=0, maximum_retry_attempts=-5))


def test_settings_without_effect_are_told() -> None:
    mapping = replace(MAPPING, maximum_retry_attempts=3, report_batch_item_failures=True, on_failure_topic="dead")

    told = warnings(mapping)

    expected = ["MaximumRetryAttempts", "ReportBatchItemFailures", "kafka://dead"]
    assert len(told) == len(expected)
    assert all(name in text and "no effect" in text for name, text in zip(expected, told, strict=True))
    assert warnings(replace(mapping, provisioned=True)) == []
    assert warnings(MAPPING) == []
