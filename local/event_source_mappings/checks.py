"""What AWS would refuse of a mapping, and what it would silently not do."""

from local.application import KafkaMapping
from local.event_source_mappings.event_pattern import InvalidPattern
from local.event_source_mappings.filtering import compile_filters


class InvalidMapping(ValueError):
    """A mapping that CreateEventSourceMapping refuses; the text names every problem."""


def check(mapping: KafkaMapping) -> None:
    """Raises InvalidMapping where a value is outside of what CreateEventSourceMapping takes."""
    found = problems(mapping)
    if found:
        raise InvalidMapping(f"event source mapping {mapping.logical_id}: " + "; ".join(found))


def problems(mapping: KafkaMapping) -> list[str]:
    """The ranges are those of the API reference of CreateEventSourceMapping."""
    retries, age = mapping.maximum_retry_attempts, mapping.maximum_record_age_s
    rules = [
        (1 <= mapping.batch_size <= 10_000, f"BatchSize {mapping.batch_size} is not 1 to 10000"),
        (
            0 <= mapping.batching_window_s <= 300,
            f"MaximumBatchingWindowInSeconds {mapping.batching_window_s} is not 0 to 300",
        ),
        (-1 <= retries <= 10_000, f"MaximumRetryAttempts {retries} is not -1 or 0 to 10000"),
        (age == -1 or 60 <= age <= 604_800, f"MaximumRecordAgeInSeconds {age} is not -1 or 60 to 604800"),
        (bool(mapping.topic), "a topic is needed"),
        (bool(mapping.group_id), "a consumer group id is needed"),
        (
            mapping.starting_position in ("TRIM_HORIZON", "LATEST", "AT_TIMESTAMP"),
            f"StartingPosition {mapping.starting_position} is not TRIM_HORIZON, LATEST or AT_TIMESTAMP",
        ),
        (
            mapping.starting_position != "AT_TIMESTAMP" or mapping.starting_position_timestamp is not None,
            "StartingPosition AT_TIMESTAMP needs a StartingPositionTimestamp",
        ),
        (mapping.on_failure_topic != mapping.topic, f"the on-failure topic is the source topic {mapping.topic}"),
    ]
    found = [text for holds, text in rules if not holds]
    try:
        compile_filters(mapping.filter_patterns)
    except InvalidPattern as error:
        found.append(f"FilterCriteria: {error}")
    return found


def warnings(mapping: KafkaMapping) -> list[str]:
    """Settings of the template that have no effect, there as here, one sentence each."""
    if mapping.provisioned:
        return []
    settings = [
        ("MaximumRetryAttempts", mapping.maximum_retry_attempts != -1),
        ("MaximumRecordAgeInSeconds", mapping.maximum_record_age_s != -1),
        ("BisectBatchOnFunctionError", mapping.bisect_on_error),
        ("FunctionResponseTypes [ReportBatchItemFailures]", mapping.report_batch_item_failures),
        (f"the on-failure destination kafka://{mapping.on_failure_topic}", mapping.on_failure_topic is not None),
    ]
    return [
        f"event source mapping {mapping.logical_id}: {name} has no effect without ProvisionedPollerConfig; "
        "a failing batch is retried until it succeeds or its records expire"
        for name, is_set in settings
        if is_set
    ]
