"""The same way on AWS: partitions are queues, each with one batch at a time, and functions have processors of their own.

Conversations are spread evenly, so that a few partitions stand for all of them.
"""

import random
from dataclasses import dataclass

import simpy

from capacity.demand import Demand
from capacity.simulation.here import Seen, percentile
from capacity.simulation.machine import Step, Taken, lognormal
from capacity.workload import Latencies

_SHOWN = 6
"""Partitions of chat4all.messages that are simulated."""


@dataclass(frozen=True)
class Result:
    """Of one number of partitions."""

    partitions: int
    """Of chat4all.messages; those of chat4all.events are in proportion."""
    busy: float
    """Share of its time that the consumer of a partition of chat4all.messages is at work."""
    p50_ms: float
    p99_ms: float
    """From asking to the push."""
    records: float
    """In a batch of the router."""


class OnAws:
    """A share of a demand: `_SHOWN` partitions of chat4all.messages, and as many of chat4all.events as go with them."""

    def __init__(self, asked: Demand, batch: int, waits: Latencies, spread: float, scaled: float, seed: int) -> None:
        self.environment = simpy.Environment()
        self.seen = Seen()
        self.busy_ms, self.batches, self.routed = 0.0, 0, 0
        self.draw = random.Random(seed)  # noqa: S311
        self._asked, self._batch_size, self._waits = asked, batch, waits
        self._factor = lognormal(self.draw, spread)
        self.partitions = max(1, round(asked.topic_partitions["chat4all.messages"] * scaled))
        events = max(1, round(asked.topic_partitions["chat4all.events"] * scaled))
        self.share = min(1.0, _SHOWN / self.partitions)
        self._messages = [simpy.Store(self.environment) for _ in range(min(_SHOWN, self.partitions))]
        self._events = [simpy.Store(self.environment) for _ in range(max(1, round(events * self.share)))]
        of_others = asked.functions["realtime"].records_s / asked.messages - 1
        self._others_each_ms = asked.messages * of_others / events / 1000
        for store in self._messages:
            self.environment.process(self._router(store))
        for store in self._events:
            self.environment.process(self._realtime(store))
            self.environment.process(self._other_events(store))

    def run(self, messages: int) -> Result:
        rate_ms = self._asked.messages * self.share / 1000

        def arrivals() -> Step:
            for _ in range(messages):
                yield self.environment.timeout(self.draw.expovariate(rate_ms))
                self.environment.process(self._message())

        self.environment.process(arrivals())
        until = messages / rate_ms
        self.environment.run(until=until + 30_000)
        busy = self.busy_ms / (until * len(self._messages))
        shown = self.seen.push[len(self.seen.push) // 10 :] or [float("inf")]
        records = self.routed / max(1, self.batches)
        return Result(self.partitions, busy, percentile(shown, 0.5), percentile(shown, 0.99), records)

    def _message(self) -> Step:
        asked = self.environment.now
        yield self.environment.timeout(self._asked.functions["messages_send"].ms * self._factor())
        arrived = self.environment.event()
        self.draw.choice(self._messages).put(arrived)
        yield arrived
        self.seen.push.append(self.environment.now - asked)

    def _router(self, store: simpy.Store) -> Step:
        service = self._asked.services["router"]
        while True:
            batch = yield from self._batch(store)
            took = service.ms(len(batch)) * self._factor()
            self.busy_ms += took
            self.batches += 1
            self.routed += len(batch)
            # Each conversation is told of as soon as it is routed, and not when the batch has ended.
            for arrived in batch:
                yield self.environment.timeout(took / len(batch))
                self.draw.choice(self._events).put(arrived)

    def _realtime(self, store: simpy.Store) -> Step:
        service = self._asked.services["realtime"]
        while True:
            batch = yield from self._batch(store)
            yield self.environment.timeout(service.ms(len(batch)) * self._factor())
            for arrived in batch:
                if arrived is not None:
                    arrived.succeed()

    def _other_events(self, store: simpy.Store) -> Step:
        """Receipts, statuses and comings and goings, which queue with the messages."""
        while self._others_each_ms > 0:
            yield self.environment.timeout(self.draw.expovariate(self._others_each_ms))
            store.put(None)

    def _batch(self, store: simpy.Store) -> Taken:
        """What has come while the one before was at work, and the poller's own time."""
        batch = [(yield store.get())]
        yield self.environment.timeout(self._waits.poller * self._factor())
        while store.items and len(batch) < self._batch_size:
            batch.append((yield store.get()))
        return batch
