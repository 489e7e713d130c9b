"""The way of a text between two on this machine: every process shares its processors, and a partition has one batch at a time."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

import simpy

from capacity.simulation.costs import Costs
from capacity.simulation.machine import Machine, Step, Taken, lognormal

CALLS = {"messages_send": 5, "router": 2, "realtime": 1, "webhook_dispatch": 1}
"""To DynamoDB, one after the other (`private_text` of units.json; a test holds them together)."""
_PARTITIONS, _BATCH, _PUSHES = 6, 100, 2
_STACK_VISITS = 5 + _PUSHES
"""Of the process that is gateway and poller: request, answer, three batches handed over, and a post for each push."""
_KAFKA_VISITS = 5
"""Two records produced, and three consumers that fetch."""


@dataclass(frozen=True)
class Waits:
    """Milliseconds that are nobody's processor time (disks, wake-ups), on the way to the answer and from there to the push."""

    answer: float = 0.0
    push: float = 0.0


@dataclass
class Seen:
    """Milliseconds of each message."""

    api: list[float] = field(default_factory=list)
    push: list[float] = field(default_factory=list)
    ended_ms: float = 0.0


class Here:
    """One run."""

    def __init__(self, costs: Costs, waits: Waits, processors: int, seed: int) -> None:
        self.environment = simpy.Environment()
        self.seen = Seen()
        self.draw = random.Random(seed)  # noqa: S311
        self._costs, self._waits = costs.message, waits
        self._machine = Machine(self.environment, processors, costs.idle / processors)
        self._stack = simpy.Resource(self.environment)
        self._client = simpy.Resource(self.environment)
        self._factor = lognormal(self.draw, costs.spread)
        self._messages = [simpy.Store(self.environment) for _ in range(_PARTITIONS)]
        self._events = [simpy.Store(self.environment) for _ in range(_PARTITIONS)]
        self._dispatched = [simpy.Store(self.environment) for _ in range(_PARTITIONS)]
        for partition in range(_PARTITIONS):
            self.environment.process(self._router(partition))
            self.environment.process(self._realtime(partition))
            self.environment.process(self._dispatch(partition))

    def message(self) -> Step:
        """From asking to the push; the answer comes before."""
        asked = self.environment.now
        yield from self._machine.work_alone(self._client, self._costs["client"] / 2)
        yield from self._visit_stack()
        yield from self._function("messages_send", 1)
        yield self.environment.timeout(self._waits.answer * self._factor())
        partition = self.draw.randrange(_PARTITIONS)
        arrived = self.environment.event()
        yield from self._visit_kafka()
        self._messages[partition].put(arrived)
        yield from self._visit_stack()
        self.seen.api.append(self.environment.now - asked)
        yield arrived
        yield from self._machine.work_alone(self._client, self._costs["client"] / 2)
        self.seen.push.append(self.environment.now - asked)
        self.seen.ended_ms = self.environment.now

    def _router(self, partition: int) -> Step:
        while True:
            batch = yield from self._batch(self._messages[partition])
            yield self.environment.timeout(self._waits.push / 2 * self._factor())
            for arrived in batch:
                yield from self._function("router", 1)
                yield from self._visit_kafka()
                self._events[partition].put(arrived)
                self._dispatched[partition].put(arrived)

    def _realtime(self, partition: int) -> Step:
        while True:
            batch = yield from self._batch(self._events[partition])
            yield self.environment.timeout(self._waits.push / 2 * self._factor())
            yield from self._function("realtime", len(batch))
            for arrived in batch:
                for _ in range(_PUSHES):
                    yield from self._visit_stack()
                arrived.succeed()

    def _dispatch(self, partition: int) -> Step:
        while True:
            batch = yield from self._batch(self._dispatched[partition])
            yield from self._function("webhook_dispatch", len(batch))

    def _batch(self, waiting: simpy.Store) -> Taken:
        """What is there, at least one: fetched from Kafka, and handed over."""
        batch = [(yield waiting.get())]
        while waiting.items and len(batch) < _BATCH:
            batch.append((yield waiting.get()))
        yield from self._visit_kafka()
        yield from self._visit_stack()
        return batch

    def _function(self, name: str, records: int) -> Step:
        """Its own processor time and that of the database, in turns; records beyond the first cost a tenth (the burst)."""
        calls = CALLS[name]
        own = self._costs[name] * (1 + (records - 1) / 10) * self._factor() / (calls + 1)
        database = self._costs["dynamodb"] / sum(CALLS.values())
        for _ in range(calls):
            yield from self._machine.work(own)
            yield from self._machine.work(database)
        yield from self._machine.work(own)

    def _visit_stack(self) -> Step:
        yield from self._machine.work_alone(self._stack, self._costs["stack"] / _STACK_VISITS)

    def _visit_kafka(self) -> Step:
        yield from self._machine.work(self._costs["kafka"] / _KAFKA_VISITS)


def at_rate(costs: Costs, waits: Waits, processors: int, rate: float, messages: int, seed: int = 1) -> Seen:
    """Open loop, at random moments."""
    run = Here(costs, waits, processors, seed)

    def arrivals() -> Step:
        for _ in range(messages):
            yield run.environment.timeout(run.draw.expovariate(rate / 1000))
            run.environment.process(run.message())

    run.environment.process(arrivals())
    run.environment.run(until=messages / rate * 1000 + 60_000)
    return run.seen


def as_fast_as_it_goes(
    costs: Costs, waits: Waits, processors: int, clients: int, messages: int, seed: int = 1
) -> float:
    """Messages a second, with clients that each wait for the push."""
    run = Here(costs, waits, processors, seed)

    def client() -> Step:
        for _ in range(messages // clients):
            yield from run.message()

    for _ in range(clients):
        run.environment.process(client())
    run.environment.run(until=10_000_000)
    return len(run.seen.push) / run.seen.ended_ms * 1000


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
