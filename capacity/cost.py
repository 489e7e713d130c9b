"""What a month costs: each line is a demand times a price."""

from collections.abc import Sequence
from dataclasses import dataclass

from capacity import prices
from capacity.demand import Demand
from capacity.deployed import Deployed
from capacity.design import Design
from capacity.fleet import brokers
from capacity.quotas import POLLER_INVOCATIONS
from capacity.workload import MONTH_S, Workload

_HOURS = MONTH_S / 3600
_HTTP = prices.HTTP_REQUEST, prices.HTTP_REQUEST_ABOVE_300M
_FRAMES = prices.WEBSOCKET_MESSAGE, prices.WEBSOCKET_MESSAGE_ABOVE_1B
_ZONES = 3
_ENDPOINTS = 6
"""Interface endpoints that the functions in the network need (infra/): lambda, secretsmanager, sts, logs, kms, execute-api."""
SOCKETS_OF_A_CONTAINER, CONTAINER_HOUR = 50_000, 0.1580
"""Own WebSockets: connections of a container with 4 vCPU and 8 GB on Fargate arm64, and its price (Fargate pricing, unverified);
docs/benchmarks.md measures 14 to 19 KB of memory for each connection."""


@dataclass(frozen=True)
class Line:
    """Of the bill of a month."""

    what: str
    usd: float
    is_fixed: bool = False
    """Paid also when nobody writes."""


def bill(asked: Demand, deployed: Deployed, work: Workload, design: Design) -> Sequence[Line]:
    """The dearest first."""
    month = float(MONTH_S)
    stored_gb = asked.messages * month * work.kept_bytes * work.stored_months / 1e9
    kafka_gb = asked.kafka_mb * 86_400 * work.kafka_kept_days / 1000
    frames = (2 * asked.frames + asked.posts) * month
    lines = [
        Line("API Gateway, HTTP", _tiered(asked.http_requests * month, 300e6, _HTTP)),
        Line("API Gateway, WebSocket messages", _tiered(frames, 1e9, _FRAMES)),
        _connections(asked, design),
        Line("Lambda, requests", asked.invocations * month * prices.LAMBDA_REQUEST.usd),
        Line("Lambda, GB-seconds", sum(f.gb_s for f in asked.functions.values()) * month * prices.LAMBDA_GB_S.usd),
        Line("Lambda, event pollers", pollers(asked, deployed) * _HOURS * prices.POLLER_HOUR.usd, True),
        Line("DynamoDB, writes", sum(asked.writes.values()) * month * prices.WRITE_UNIT.usd),
        Line("DynamoDB, reads", sum(asked.reads.values()) * month * prices.READ_UNIT.usd),
        Line("DynamoDB, storage and recovery", stored_gb * (prices.TABLE_GB_MONTH.usd + prices.BACKUP_GB_MONTH.usd)),
        _brokers(asked),
        Line("MSK, written", asked.kafka_mb * month / 1000 * prices.KAFKA_GB_IN.usd),
        Line("MSK, kept", kafka_gb * prices.KAFKA_GB_MONTH.usd),
        Line("S3", (asked.s3_puts * prices.S3_PUT.usd + asked.s3_gets * prices.S3_GET.usd) * month
             + asked.s3_puts * month * work.file_bytes / 1e9 * prices.S3_GB_MONTH.usd),
        Line("Egress", asked.egress_mb * month / 1000 * prices.EGRESS_GB.usd),
        Line("Logs", asked.log_mb * month / 1000 * prices.LOG_GB.usd),
        Line("Network, keys, firewall", fixed_network(), True),
    ]  # fmt: skip
    return sorted((line for line in lines if line.usd), key=lambda line: -line.usd)


def total(lines: Sequence[Line]) -> float:
    return sum(line.usd for line in lines)


def per_million(lines: Sequence[Line], asked: Demand) -> float:
    """Dollars for a million messages, all told."""
    return total(lines) / (asked.messages * MONTH_S) * 1e6


def pollers(asked: Demand, deployed: Deployed) -> float:
    """Event poller units: at least one for each mapping with provisioned mode."""
    busy = sum(
        max(1.0, load.concurrency / POLLER_INVOCATIONS.value) for load in asked.functions.values() if load.partitions
    )
    consumers = sum(1 for load in asked.functions.values() if load.partitions)
    return busy + max(0, len(deployed.topics) - consumers)


def fixed_network() -> float:
    """What stands there whether or not anybody writes, besides brokers and pollers."""
    endpoints = _ENDPOINTS * _ZONES * prices.ENDPOINT_HOUR.usd * _HOURS
    return endpoints + prices.NAT_HOUR.usd * _HOURS + 2 * prices.KEY_MONTH.usd + prices.WAF_MONTH.usd


def serverless_month(partitions: int, topics: int) -> float:
    """MSK Serverless with nothing written."""
    return _HOURS * (prices.SERVERLESS_HOUR.usd + partitions * topics * prices.SERVERLESS_PARTITION_HOUR.usd)


def small_brokers_month() -> float:
    """Three Express m7g.large."""
    return 3 * prices.SMALL_BROKER_HOUR.usd * _HOURS


def _brokers(asked: Demand) -> Line:
    fleet = brokers(asked)
    return Line(f"MSK, {fleet.count} brokers {fleet.size.name}", fleet.count * fleet.size.hour.usd * _HOURS, True)


def _connections(asked: Demand, design: Design) -> Line:
    if design.own_websockets:
        containers = max(2.0, asked.connections / SOCKETS_OF_A_CONTAINER)
        return Line(f"Containers for WebSockets, {containers:,.0f}", containers * CONTAINER_HOUR * _HOURS)
    minutes = asked.connections * MONTH_S / 60
    return Line("API Gateway, connection minutes", minutes * prices.CONNECTION_MINUTE.usd)


def _tiered(count: float, first: float, tiers: tuple[prices.Price, prices.Price]) -> float:
    below, above = tiers
    return min(count, first) * below.usd + max(0.0, count - first) * above.usd
