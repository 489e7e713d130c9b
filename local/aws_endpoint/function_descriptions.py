"""Functions and event source mappings as the read operations of the Lambda API describe them."""

from datetime import UTC, datetime
from typing import Any

from local.application import Application, Function, KafkaMapping
from local.endpoints import Endpoints

_CONCURRENCY = 1000


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
        "LoggingConfig": {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{function.name}"},
        "PackageType": "Zip",
        "State": "Active",
        "LastUpdateStatus": "Successful",
    }


def description(function: Function, application: Application) -> dict[str, Any]:
    """Answer of GetFunction; the code's location is its folder."""
    answer: dict[str, Any] = {
        "Configuration": configuration(function),
        "Code": {"RepositoryType": "local", "Location": function.code.resolve().as_uri()},
        "Tags": tags(function, application),
    }
    if function.reserved_concurrency is not None:
        answer["Concurrency"] = concurrency(function)
    return answer


def tags(function: Function, application: Application) -> dict[str, str]:
    """Those that CloudFormation and SAM set on AWS."""
    return {
        "aws:cloudformation:logical-id": function.logical_id,
        "aws:cloudformation:stack-id": application.stack_id,
        "aws:cloudformation:stack-name": application.stack_name,
        "lambda:createdBy": "SAM",
    }


def concurrency(function: Function) -> dict[str, Any]:
    """Answer of GetFunctionConcurrency; empty where none is reserved."""
    reserved = function.reserved_concurrency
    return {} if reserved is None else {"ReservedConcurrentExecutions": reserved}


def account_settings(application: Application) -> dict[str, Any]:
    """Answer of GetAccountSettings, with Lambda's default quotas (developer guide, "Lambda quotas")."""
    reserved = sum(function.reserved_concurrency or 0 for function in application.functions.values())
    return {
        "AccountLimit": {
            "TotalCodeSize": 80_530_636_800,
            "CodeSizeUnzipped": 262_144_000,
            "CodeSizeZipped": 52_428_800,
            "ConcurrentExecutions": _CONCURRENCY,
            "UnreservedConcurrentExecutions": max(0, _CONCURRENCY - reserved),
        },
        "AccountUsage": {"FunctionCount": len(application.functions)},
    }


def event_source_mapping(mapping: KafkaMapping, function: Function, endpoints: Endpoints) -> dict[str, Any]:
    """EventSourceMappingConfiguration of a Kafka mapping, without what changes while it runs."""
    arn = f"arn:aws:lambda:{endpoints.region}:{endpoints.account_id}:event-source-mapping:{mapping.uuid}"
    answer: dict[str, Any] = {
        "UUID": mapping.uuid,
        "EventSourceMappingArn": arn,
        "FunctionArn": function.arn,
        "Topics": [mapping.topic],
        "StartingPosition": mapping.starting_position,
        "BatchSize": mapping.batch_size,
        "MaximumBatchingWindowInSeconds": mapping.batching_window_s,
    }
    if mapping.batching_window_s != int(mapping.batching_window_s):
        del answer["MaximumBatchingWindowInSeconds"]  # unset: 500 ms, which the API has no number for
    if mapping.event_source_arn is not None:
        answer["EventSourceArn"] = mapping.event_source_arn
        answer["AmazonManagedKafkaEventSourceConfig"] = {"ConsumerGroupId": mapping.group_id}
    else:
        servers = endpoints.kafka_bootstrap_servers.split(",")
        answer["SelfManagedEventSource"] = {"Endpoints": {"KAFKA_BOOTSTRAP_SERVERS": servers}}
        answer["SelfManagedKafkaEventSourceConfig"] = {"ConsumerGroupId": mapping.group_id}
    if mapping.scram_secret is not None:
        answer["SourceAccessConfigurations"] = [{"Type": "SASL_SCRAM_512_AUTH", "URI": mapping.scram_secret}]
    if mapping.provisioned:
        answer |= {
            "MaximumRetryAttempts": mapping.maximum_retry_attempts,
            "MaximumRecordAgeInSeconds": mapping.maximum_record_age_s,
            "BisectBatchOnFunctionError": mapping.bisect_on_error,
            "FunctionResponseTypes": ["ReportBatchItemFailures"] if mapping.report_batch_item_failures else [],
        }
    if mapping.starting_position_timestamp is not None:
        answer["StartingPositionTimestamp"] = mapping.starting_position_timestamp
    if mapping.on_failure_topic is not None:
        answer["DestinationConfig"] = {"OnFailure": {"Destination": f"kafka://{mapping.on_failure_topic}"}}
    if mapping.filter_patterns:
        answer["FilterCriteria"] = {"Filters": [{"Pattern": pattern} for pattern in mapping.filter_patterns]}
    return answer
