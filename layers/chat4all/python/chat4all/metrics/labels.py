"""Labels: what they mean, and every value that they may have. Nothing that a caller says is ever a label."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Label(NamedTuple):
    """One label."""

    meaning: str
    values: tuple[str, ...] = ()
    """Empty: they are in `source`."""
    source: str = ""
    """Where its values are listed, each of them once: template.yaml, an enumeration, the API's description."""


CHANNEL_NAMES = ("in_app", "telegram", "whatsapp", "messenger", "instagram")
STATUS_CLASSES = ("2xx", "3xx", "4xx", "5xx")
STAGES = ("accepted", "routed", "pushed", "provider", "webhook")
TYPES = ("text", "file", "location", "contact")
ERRORS = ("throttled", "conflict", "unanswered", "unavailable", "missing", "refused")
FATES = ("sent", "throttled", "unreachable", "account_refused", "try_again", "permanent", "recipient_gone")
LIMITS = (
    *("send", "file", "sync", "find", "register", "token", "sign_in_address", "sign_in_account", "link", "link_try"),
    *("webhooks", "webhook_tests", "typing", "reported", "inbound", "receipts", "heartbeats", "other"),
)

OF: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    # Labels whose values depend on the metric, by metric.
    "status": {"chat4all_deliveries_total": ("sent", "delivered", "read", "failed")},
    "outcome": {
        "websocket_connections_total": ("opened", "refused"),
        "websocket_actions_total": ("ok", "refused", "failed"),
        "websocket_action_seconds": ("ok", "refused", "failed"),
        "chat4all_channel_sends_total": FATES,
        "chat4all_channel_send_seconds": FATES,
    },
    "cause": {
        "chat4all_requests_shed_total": ("budget", "guard"),
        "websocket_messages_failed_total": ("gone", "busy", "unanswered", "refused"),
        "kafka_connect_failures_total": ("refused", "certificate", "unreachable"),
    },
}

LABELS: Mapping[str, Label] = {
    "channel": Label("Where a message came from, or goes to.", CHANNEL_NAMES),
    "type": Label("Of a message's content.", TYPES),
    "stage": Label("Up to where the time is taken.", STAGES),
    "status": Label("Class of an HTTP status.", STATUS_CLASSES),
    "function": Label("Folder of the function.", source="template.yaml"),
    "consumer": Label("Function that consumes a topic.", source="template.yaml"),
    "limit": Label("What is limited.", LIMITS),
    "cause": Label("By metric, see its meaning."),
    "outcome": Label(
        "By metric, see its meaning.",
        ("delivered", "gone", "refused", "timeout", "unreachable", "unresolved", "private_address", "bad_answer"),
    ),
    "action": Label(
        "Action of the WebSocket API; `unknown` for what is none.",
        ("send", "edit", "delete", "react", "receipt", "typing", "sync", "heartbeat", "unknown"),
    ),
    "topic": Label(
        "Kafka topic without `chat4all.` (of the platform's metrics with it).", source="chat4all.kafka.topics"
    ),
    "table": Label("DynamoDB table without its prefix, or `several`.", source="template.yaml"),
    "operation": Label(
        "Of DynamoDB.",
        (
            *("GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan", "DescribeTable"),
            *("BatchGetItem", "BatchWriteItem", "TransactGetItems", "TransactWriteItems"),
        ),
    ),
    "error": Label("Kind of an error of DynamoDB.", ERRORS),
    "event": Label("What became of a file.", ("begun", "completed", "failed", "removed")),
    "reason": Label("Why an endpoint was disabled.", ("gone", "failing")),
    "kind": Label("What a provider told of.", ("message", "change", "status", "unknown")),
    "grpc_type": Label("Shape of a call.", ("unary", "server_stream")),
    "grpc_service": Label("Service of the API, with its package.", source="proto/chat4all/v1"),
    "grpc_method": Label("Method of it.", source="proto/chat4all/v1"),
    "grpc_code": Label(
        "Status code of gRPC.",
        (
            *("OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS"),
            *("PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE"),
            *("UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED"),
        ),
    ),
    "group": Label("Consumer group of a mapping.", source="template.yaml"),
    "partition": Label("Of a topic.", source="template.yaml"),
    "api": Label("Which gateway.", ("http",)),
    "engine": Label("What the stack runs.", source="scripts/status"),
}


def values_of(metric: str, label: str) -> Sequence[str]:
    """The values that a label of a metric may have; empty where they are listed elsewhere (`source`). Raises KeyError."""
    return OF.get(label, {}).get(metric) or LABELS[label].values
