"""Which records go into one invocation, and when ("Batching behavior" of the Lambda developer guide).

A batch is sent when the batching window ends, the batch size is reached or the payload reaches 6 MB. It may carry several
partitions; a partition takes part in one invocation at a time.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from local.event_source_mappings.event import ENVELOPE_BYTES, MAXIMUM_EVENT_BYTES
from local.event_source_mappings.record import Record

RECORD_BYTES = MAXIMUM_EVENT_BYTES - ENVELOPE_BYTES
"""Encoded records that fit into one event."""


@dataclass(frozen=True, slots=True)
class Limits:
    batch_size: int
    window_s: float
    record_bytes: int = RECORD_BYTES


@dataclass(frozen=True, slots=True)
class Arrival:
    """An offset that was read: its record, or None where the filter dropped it."""

    offset: int
    record: Record | None
    at: float
    """Seconds of the loop's clock."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Records of one partition that are tried together."""

    records: tuple[Record, ...]
    next_offset: int
    """To commit once they are done: past the records and past what the filter dropped behind them."""
    tries: int = 0
    """Failed ones so far; throttles do not count."""


@dataclass(slots=True)
class Lane:
    """What is buffered of one partition. `busy` from the start of an invocation until its records are done with."""

    partition: int
    busy: bool = False
    arrivals: deque[Arrival] = field(default_factory=deque)
    records: int = 0
    """Buffered and not dropped."""
    size: int = 0
    """Encoded bytes of these."""

    def add(self, arrival: Arrival) -> None:
        self.arrivals.append(arrival)
        if arrival.record is not None:
            self.records += 1
            self.size += len(arrival.record.json)

    def skip_dropped(self) -> int | None:
        """Takes the dropped offsets at the head; the offset to commit for them, or None."""
        offset = None
        while self.arrivals and self.arrivals[0].record is None:
            offset = self.arrivals.popleft().offset + 1
        return offset

    def take(self, count: int, size: int) -> Chunk | None:
        """At most `count` records of `size` bytes in all, or None where not one fits."""
        taken: list[Record] = []
        next_offset = 0
        while self.arrivals:
            record = self.arrivals[0].record
            if record is not None:
                if len(taken) == count or len(record.json) > size:
                    break
                taken.append(record)
                size -= len(record.json) + 1
                self.records -= 1
                self.size -= len(record.json)
            next_offset = self.arrivals.popleft().offset + 1
        return Chunk(tuple(taken), next_offset) if taken else None


def due_at(lanes: Iterable[Lane], limits: Limits) -> float | None:
    """When the next batch is due on the loop's clock: 0 for at once, None without records of a free partition."""
    records = size = 0
    oldest: float | None = None
    for lane in lanes:
        if lane.busy or not lane.records:
            continue
        records += lane.records
        size += lane.size
        oldest = lane.arrivals[0].at if oldest is None else min(oldest, lane.arrivals[0].at)
    if oldest is None:
        return None
    full = records >= limits.batch_size or size >= limits.record_bytes
    return 0.0 if full else oldest + limits.window_s


def cut(lanes: Sequence[Lane], limits: Limits) -> list[tuple[Lane, Chunk]]:
    """Takes one batch from the free partitions, the one that has waited longest first, and marks these as busy.

    A single record over the limit makes a batch of its own, which the caller has to refuse.
    """
    free = sorted((lane for lane in lanes if lane.records and not lane.busy), key=lambda lane: lane.arrivals[0].at)
    parts: list[tuple[Lane, Chunk]] = []
    count, size = limits.batch_size, limits.record_bytes
    for lane in free:
        chunk = lane.take(count, size)
        if chunk is None and not parts:
            chunk = lane.take(1, lane.size)
        if chunk is None:
            break
        lane.busy = True
        parts.append((lane, chunk))
        count -= len(chunk.records)
        size -= sum(len(record.json) + 1 for record in chunk.records)
        if count <= 0 or size <= 0:
            break
    return parts
