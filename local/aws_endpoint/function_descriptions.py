"""Functions and event source mappings as the read operations of the Lambda API describe them."""

from datetime import UTC, datetime
from typing import Any

from local.application import Function, KafkaMapping


def configuration(function: Function) -> dict[str, Any]:
    """FunctionConfiguration. What the stack does not know (role, code size) is left out."""
    changed = datetime.fromtimestamp(function.code.stat().st_mtime, UTC)
    return {
        "FunctionName": function.name,
        "FunctionArn": function.arn,
        "Runtime": function.runtime,
        "Handler": function.handler,
        "Timeout": int(function.timeout_s),
        "MemorySize": function.memory_mb,
        "LastModified": changed.isoformat(timespec="milliseconds").replace("+00:00", "+0000"),
        "Version": "$LATEST",
        "Environment": {"Variables": dict(function.environment)},
        "TracingConfig": {"Mode": "PassThrough"},
        "PackageType": "Zip",
        "State": "Active",
        "LastUpdateStatus": "Successful",
    }


def description(function: Function) -> dict[str, Any]:
    """Answer of GetFunction; the code's location is its folder. The tag is one that CloudFormation sets on AWS."""
    answer: dict[str, Any] = {
        "Configuration": configuration(function),
        "Code": {"RepositoryType": "local", "Location": function.code.resolve().as_uri()},
        "Tags": {"aws:cloudformation:logical-id": function.logical_id},
    }
    if function.reserved_concurrency is not None:
        answer["Concurrency"] = {"ReservedConcurrentExecutions": function.reserved_concurrency}
    return answer


def event_source_mapping(mapping: KafkaMapping, function: Function, bootstrap_servers: str) -> dict[str, Any]:
    """EventSourceMappingConfiguration of a Kafka mapping."""
    answer: dict[str, Any] = {
        "UUID": mapping.uuid,
        "FunctionArn": function.arn,
        "Topics": [mapping.topic],
        "StartingPosition": mapping.starting_position,
        "BatchSize": mapping.batch_size,
        "MaximumBatchingWindowInSeconds": mapping.batching_window_s,
        "State": "Enabled" if mapping.enabled else "Disabled",
    }
    if mapping.batching_window_s != int(mapping.batching_window_s):
        del answer["MaximumBatchingWindowInSeconds"]  # unset: 500 ms, which the API has no number for
    if mapping.event_source_arn is not None:
        answer["EventSourceArn"] = mapping.event_source_arn
        answer["AmazonManagedKafkaEventSourceConfig"] = {"ConsumerGroupId": mapping.group_id}
    else:
        answer["SelfManagedEventSource"] = {"Endpoints": {"KAFKA_BOOTSTRAP_SERVERS": [bootstrap_servers]}}
        answer["SelfManagedKafkaEventSourceConfig"] = {"ConsumerGroupId": mapping.group_id}
    if mapping.provisioned:
        answer |= {
            "MaximumRetryAttempts": mapping.maximum_retry_attempts,
            "MaximumRecordAgeInSeconds": mapping.maximum_record_age_s,
            "BisectBatchOnFunctionError": mapping.bisect_on_error,
            "FunctionResponseTypes": ["ReportBatchItemFailures"] if mapping.report_batch_item_failures else [],
        }
    if mapping.on_failure_topic is not None:
        answer["DestinationConfig"] = {"OnFailure": {"Destination": f"kafka://{mapping.on_failure_topic}"}}
    if mapping.filter_patterns:
        answer["FilterCriteria"] = {"Filters": [{"Pattern": pattern} for pattern in mapping.filter_patterns]}
    return answer
