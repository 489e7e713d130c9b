"""Which brokers, and how many."""

from dataclasses import dataclass

from capacity import prices, quotas
from capacity.demand import Demand

_FULL = 0.7
"""Of what a broker may take: when one of three is away, the others take its share."""


@dataclass(frozen=True)
class Size:
    """Of Express brokers."""

    name: str
    mb_s: float
    partitions: float
    """With their replicas."""
    hour: prices.Price


SIZES = (
    Size("m7g.large", quotas.SMALL_BROKER_WRITES.value, quotas.SMALL_BROKER_PARTITIONS.value, prices.SMALL_BROKER_HOUR),
    Size("m7g.4xlarge", quotas.BROKER_WRITES.value, quotas.BROKER_PARTITIONS.value, prices.BROKER_HOUR),
)


@dataclass(frozen=True)
class Fleet:
    """The brokers of a cluster, as many in each of three zones."""

    size: Size
    count: int


def brokers(asked: Demand) -> Fleet:
    """Three of the small ones where they do, else as many of the large as what is written and the partitions take."""
    replicas = 3 * sum(asked.topic_partitions.values())
    for size in SIZES:
        needed = max(asked.kafka_mb / size.mb_s, replicas / size.partitions) / _FULL
        count = 3 * max(1, -(-int(needed + 0.999) // 3))
        if count == 3 or size is SIZES[-1]:
            return Fleet(size, count)
    raise AssertionError("there is a largest size")
