"""What the platform measures: on AWS CloudWatch has it by other names, here the local stack says it on /metrics.

The stack knows nothing of this package, so its own list (local/metrics) has the same names; a test compares them.
"""

from chat4all.metrics.metric import COUNT, COUNTER, GAUGE, HISTOGRAM, NONE, SECONDS, Metric

_STACK = "the platform"


def _counter(name: str, labels: tuple[str, ...], meaning: str, on_aws: str) -> Metric:
    return Metric(name, COUNTER, COUNT, labels, meaning, _STACK, on_aws)


def _gauge(name: str, labels: tuple[str, ...], meaning: str, on_aws: str) -> Metric:
    return Metric(name, GAUGE, NONE, labels, meaning, _STACK, on_aws)


def _histogram(name: str, labels: tuple[str, ...], meaning: str, on_aws: str) -> Metric:
    return Metric(name, HISTOGRAM, SECONDS, labels, meaning, _STACK, on_aws)


PLATFORM: tuple[Metric, ...] = (
    _gauge(
        "kafka_consumer_lag",
        ("group", "topic", "partition"),
        "Records behind the end of the partition that the group of an event source mapping has not committed.",
        "AWS/Lambda OffsetLag (by function); AWS/Kafka SumOffsetLag, MaxOffsetLag (by group and topic)",
    ),
    _gauge(
        "kafka_topic_partition_insync_replicas",
        ("topic", "partition"),
        "Replicas in sync, the leader included.",
        "AWS/Kafka UnderReplicatedPartitions, UnderMinIsrPartitionCount",
    ),
    _gauge(
        "kafka_topic_partition_replicas",
        ("topic", "partition"),
        "Replicas that a partition should have.",
        "MSK: the topic's replication factor",
    ),
    _gauge(
        "kafka_topic_partition_current_offset",
        ("topic", "partition"),
        "End of a partition. Without any sample of a topic, the topic is gone.",
        "AWS/Kafka MessagesInPerSec (by topic)",
    ),
    _gauge(
        "kafka_topic_partition_oldest_offset",
        ("topic", "partition"),
        "Begin of a partition.",
        "AWS/Kafka GlobalPartitionCount",
    ),
    _gauge("kafka_brokers", (), "Brokers in the cluster.", "AWS/Kafka ActiveControllerCount, GlobalPartitionCount"),
    _counter("aws_lambda_invocations_total", ("function",), "Invocations that ran.", "AWS/Lambda Invocations"),
    _counter(
        "aws_lambda_errors_total", ("function",), "Those that ended with an error or a timeout.", "AWS/Lambda Errors"
    ),
    _counter("aws_lambda_throttles_total", ("function",), "Invocations refused.", "AWS/Lambda Throttles"),
    _histogram("aws_lambda_duration_seconds", ("function",), "Time of an invocation.", "AWS/Lambda Duration"),
    _counter(
        "aws_lambda_cold_starts_total",
        ("function",),
        "Invocations that began a new environment.",
        "log lines platform.report (initDurationMs)",
    ),
    _histogram(
        "aws_lambda_init_seconds", ("function",), "Time of these inits.", "log lines platform.report (initDurationMs)"
    ),
    _gauge(
        "aws_lambda_mapping_enabled",
        ("function", "topic"),
        "1 where an event source mapping polls; 0 without its topic, or a broker.",
        "Lambda's GetEventSourceMapping (State, LastProcessingResult)",
    ),
    _gauge("stack_engine_up", ("engine",), "1 where an engine of the local stack runs.", "none"),
    _gauge("aws_lambda_environments", ("function",), "Environments that live.", "AWS/Lambda ConcurrentExecutions"),
    _counter(
        "aws_apigateway_requests_total",
        ("api", "status"),
        "Requests that the gateway answered, its own refusals included, by class of status. `api` is http.",
        "AWS/ApiGateway Count, 4xx, 5xx",
    ),
    _histogram(
        "aws_apigateway_request_seconds",
        ("api", "status"),
        "From the request's head to the answer's end.",
        "AWS/ApiGateway Latency",
    ),
    _gauge("websocket_connections_open", (), "WebSockets that are open.", "AWS/ApiGateway ConnectCount less its ends"),
    _counter(
        "emf_documents_total",
        ("function",),
        "Documents of the embedded metric format read out of logs.",
        "AWS/Logs IncomingLogEvents",
    ),
    _counter(
        "emf_documents_refused_total",
        ("function",),
        "Those that CloudWatch would refuse, and why is in the stack's log.",
        "AWS/Logs EMFValidationErrors, EMFParsingErrors",
    ),
)
