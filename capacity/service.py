"""How long a function takes on AWS for a request or a batch, and how many partitions its topic needs."""

import math
from dataclasses import dataclass

from capacity.batching import Split
from capacity.deployed import Deployed
from capacity.design import Design
from capacity.measurements import FunctionUse
from capacity.workload import CALLS_OUT, PROCESSOR_MB, PUBLISHES, Latencies

UTILISATION = 0.6
"""Of a partition's time that its consumer may be at work: above it, queues grow quickly (docs/capacity.md, the simulation)."""
_SETTLED = 100
"""Rounds after which the size of batches does not change any more."""


@dataclass(frozen=True)
class Service:
    """Milliseconds of a function."""

    fixed: float
    """Once an invocation."""
    processor: float
    """For each record or request."""
    wait: float
    """For each record or request; `at_once` of a batch wait side by side."""
    at_once: int
    gb: float

    def ms(self, records: float) -> float:
        """An invocation with so many records."""
        return self.fixed + records * self.processor + max(1.0, records / self.at_once) * self.wait

    def capacity(self, batch: int) -> float:
        """Records a second that one partition's consumer does at most, in full batches."""
        return 1000 * batch / self.ms(batch)


@dataclass(frozen=True)
class FunctionLoad:
    """Of one function, a second."""

    invocations: float
    ms: float
    """Each lasts."""
    gb: float
    records: float
    """In an invocation; 0 where Kafka does not invoke it."""
    partitions: int
    """Of its topic; 0 where Kafka does not invoke it."""
    of_partition: float
    """Records a second that one partition's consumer does at most."""

    @property
    def concurrency(self) -> float:
        """Environments at work on average (Little's law)."""
        return self.invocations * self.ms / 1000

    @property
    def gb_s(self) -> float:
        return self.concurrency * self.gb

    @property
    def records_s(self) -> float:
        return self.invocations * self.records


def service(
    name: str, use: FunctionUse, of: Split | None, deployed: Deployed, design: Design, posts_a_record: float
) -> Service:
    """From what was measured for records that came alone, and what calls take on AWS."""
    of = of or Split(0.0, 0.0)
    memory, wait = deployed.memory_of(name), design.latencies
    processor = use.processor_ms / use.invocations / min(1.0, memory / PROCESSOR_MB)
    calls = use.dynamodb_calls / use.invocations * wait.dynamodb
    waits = calls * (1 - of.calls) + _other_waits(name, wait)
    if name == "realtime":
        waits += posts_a_record / design.events_a_post * wait.push / wait.pushes_at_once
    return Service(
        processor * of.processor + calls * of.calls,
        processor * (1 - of.processor),
        waits,
        design.at_once.get(name, 1),
        memory / 1024,
    )


def asked_load(of: Service, requests_s: float) -> FunctionLoad:
    """Of a function that somebody asks, one request an invocation."""
    return FunctionLoad(requests_s, of.ms(1), of.gb, 0.0, 0, 0.0)


def partitions_for(of: Service, records_s: float, batch: int) -> int:
    """So many that none is busy for more than UTILISATION of its time, in full batches."""
    return math.ceil(records_s / of.capacity(batch) / UTILISATION)


def consumer_load(of: Service, records_s: float, partitions: int, batch: int) -> FunctionLoad:
    """Batches grow with the load: an invocation takes what has come to its partition while the one before ran."""
    each_ms, records = records_s / partitions / 1000, 1.0
    for _ in range(_SETTLED):
        records = min(float(batch), max(1.0, each_ms * of.ms(records)))
    return FunctionLoad(records_s / records, of.ms(records), of.gb, records, partitions, of.capacity(batch))


def _other_waits(name: str, wait: Latencies) -> float:
    called = {"provider": wait.provider, "webhook": wait.webhook, "": 0.0}[CALLS_OUT.get(name, "")]
    return PUBLISHES.get(name, 0.0) * wait.kafka + called
