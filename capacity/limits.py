"""What binds first: each quota beside what a demand asks of it."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from capacity import quotas
from capacity.demand import Demand
from capacity.fleet import brokers
from capacity.quotas import Quota


@dataclass(frozen=True)
class Load:
    """Of one quota."""

    quota: Quota
    asked: float
    """In the quota's unit."""
    of: str = ""
    """Which table, function or topic."""

    @property
    def ratio(self) -> float:
        """1 is full."""
        return self.asked / self.quota.value


def loads(asked: Demand) -> Sequence[Load]:
    """All quotas, the most loaded first. Brokers are not among them: as many as it takes are bought."""
    table_w = max(asked.writes, key=lambda table: asked.writes[table])
    table_r = max(asked.reads, key=lambda table: asked.reads[table])
    topic = max(asked.topic_mb, key=lambda name: asked.topic_mb[name])
    fleet = brokers(asked)
    pollers = max(asked.functions.items(), key=lambda item: item[1].concurrency if item[1].partitions else 0.0)
    all_ = [
        Load(quotas.GATEWAY_REQUESTS, asked.gateway_requests),
        Load(quotas.NEW_CONNECTIONS, asked.new_connections),
        Load(quotas.CONCURRENCY, asked.concurrency),
        Load(quotas.INVOCATIONS, asked.invocations),
        Load(quotas.TABLE_WRITES, asked.writes[table_w], table_w),
        Load(quotas.TABLE_READS, asked.reads[table_r], table_r),
        Load(quotas.PARTITION_READS, asked.hottest_reads, "webhook-owners, one item"),
        Load(quotas.POLLERS, pollers[1].concurrency / quotas.POLLER_INVOCATIONS.value, pollers[0]),
        Load(quotas.TOPIC_PARTITION_WRITES, asked.topic_mb[topic] / asked.topic_partitions.get(topic, 6), topic),
        Load(quotas.BROKERS, fleet.count, fleet.size.name),
    ]
    return sorted(all_, key=lambda load: -load.ratio)


def binds_at(quota: Quota, asked_at: Callable[[float], Demand]) -> float:
    """Messages a second at which the quota is full; infinite where it never is below 10 million a second."""
    low, high = 1e-3, 1e7

    def ratio(rate: float) -> float:
        return next(load.ratio for load in loads(asked_at(rate)) if load.quota is quota)

    if ratio(high) < 1:
        return math.inf
    for _ in range(60):
        middle = math.sqrt(low * high)
        low, high = (middle, high) if ratio(middle) < 1 else (low, middle)
    return high


def consumers_bind_at(asked: Demand, partitions: int) -> Mapping[str, float]:
    """Messages a second at which each consumer's partitions never rest, by function; the demand is of any rate."""
    return {
        name: partitions * load.of_partition / (load.records_s / asked.messages)
        for name, load in asked.functions.items()
        if load.partitions
    }


RAISED = 10
"""How often its default an account's quota is raised on request: assumed, as AWS decides in each case."""


def cells(asked: Demand) -> int:
    """Accounts (or Regions) that share the load by conversation, each with quotas raised RAISED times."""
    account = [load.ratio for load in loads(asked) if load.quota.scope == "account"]
    return max(1, math.ceil(max(account) / RAISED))
