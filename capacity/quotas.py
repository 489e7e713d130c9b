"""What AWS allows, us-east-1: each with its page, and whether it can be raised. What no first-hand page was found for says so."""

from dataclasses import dataclass
from typing import Literal

Scope = Literal[
    "account", "table", "partition of a table", "function", "partition of a topic", "broker", "cluster", "number"
]


@dataclass(frozen=True)
class Quota:
    """`value` a second, unless `unit` says otherwise."""

    name: str
    value: float
    unit: str
    scope: Scope
    can_be_raised: bool
    source: str


_API = "API Gateway developer guide, Quotas"
_LAMBDA = "Lambda developer guide, Lambda quotas"
_TABLES = "DynamoDB developer guide, Quotas"
_MSK = "MSK developer guide, Amazon MSK quota"

GATEWAY_REQUESTS = Quota(
    "API Gateway: requests of HTTP, WebSocket and @connections together", 10_000, "requests/s", "account", True, _API
)
NEW_CONNECTIONS = Quota(
    "API Gateway: new WebSocket connections", 500, "connections/s", "account", True, f"{_API} (WebSocket)"
)
CONCURRENCY = Quota("Lambda: concurrent executions", 1_000, "environments", "account", True, _LAMBDA)
INVOCATIONS = Quota(
    "Lambda: synchronous invocations, 10 times the concurrency", 10_000, "requests/s", "account", True, _LAMBDA
)
SCALING = Quota(
    "Lambda: environments that a function may gain in 10 s", 1_000, "environments/10 s", "function", False,
    "Lambda developer guide, Lambda scaling behavior",
)  # fmt: skip
TABLE_WRITES = Quota("DynamoDB: write units of a table on demand", 40_000, "units/s", "table", True, _TABLES)
TABLE_READS = Quota("DynamoDB: read units of a table on demand", 40_000, "units/s", "table", True, _TABLES)
PARTITION_WRITES = Quota(
    "DynamoDB: write units of one partition", 1_000, "units/s", "partition of a table", False,
    "DynamoDB developer guide, Designing partition keys",
)  # fmt: skip
PARTITION_READS = Quota(
    "DynamoDB: read units of one partition", 3_000, "units/s", "partition of a table", False,
    "DynamoDB developer guide, Designing partition keys",
)  # fmt: skip
POLLER_INVOCATIONS = Quota(
    "Lambda: invocations at a time of one event poller", 5, "invocations", "number", False,
    "Lambda developer guide, Apache Kafka event poller scaling modes",
)  # fmt: skip
POLLERS = Quota(
    "Lambda: event pollers of a mapping, as MaximumPollers allows", 2_000, "pollers", "number", False,
    "Lambda API reference, ProvisionedPollerConfig",
)  # fmt: skip
BROKER_WRITES = Quota(
    "MSK Express m7g.4xlarge: written to a broker", 124.9, "MB/s", "broker", False, f"{_MSK} (unverified figure)"
)
BROKER_PARTITIONS = Quota(
    "MSK Express m7g.4xlarge: partitions of a broker, replicas counted", 8_000, "partitions", "broker", False,
    f"{_MSK} (unverified figure)",
)  # fmt: skip
SMALL_BROKER_WRITES = Quota(
    "MSK Express m7g.large: written to a broker", 15.6, "MB/s", "broker", False, f"{_MSK} (unverified figure)"
)
SMALL_BROKER_PARTITIONS = Quota(
    "MSK Express m7g.large: partitions of a broker, replicas counted", 1_500, "partitions", "broker", False,
    f"{_MSK} (unverified figure)",
)  # fmt: skip
TOPIC_PARTITION_WRITES = Quota(
    "MSK Express: written to one partition", 15, "MB/s", "partition of a topic", False, f"{_MSK} (secondary)"
)
BROKERS = Quota("MSK: brokers of a cluster (KRaft)", 60, "brokers", "cluster", True, _MSK)
WHATSAPP = Quota(
    "WhatsApp: messages of one number", 80, "messages/s", "number", True, "Cloud API, Throughput (1,000 on request)"
)
TELEGRAM = Quota("Telegram: messages of one bot", 30, "messages/s", "number", False, "Bot API, FAQ: broadcasting")
