"""What is behind the tail: read by a few consumers that streams borrow, in batches of bounded size."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError, OffsetOutOfRangeError

from chat4all.kafka.events import UnreadableEvent
from edge.counts import Counts
from edge.kafka_access import Kafka
from edge.streams.cursor import Positions
from edge.streams.filter import Filter
from edge.streams.happening import TOPIC, Happening, read

READERS = 4
_SLICE_S = 2.0
"""So long a stream keeps a reader at most: then others have their turn."""
_POLL_MS = 500
_EVENTS_MAX = 200
_BYTES_MAX = 1 * 2**20


class TooOld(Exception):
    """Records that the reader has not seen are gone: the topic keeps them for so long only. Or they never were."""


class Away(Exception):
    """Kafka does not answer."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What was found, and how far was looked. Positions of partitions that were not read are not named."""

    happenings: list[Happening]
    positions: dict[int, int]


class Past:
    """Use `stop` at the end."""

    def __init__(self, kafka: Kafka, counts: Counts, readers: int = READERS) -> None:
        self._kafka = kafka
        self._counts = counts
        self._free: asyncio.LifoQueue[AIOKafkaConsumer | None] = asyncio.LifoQueue()
        for _ in range(readers):
            self._free.put_nowait(None)

    async def check(self, positions: Positions) -> None:
        """Raise TooOld where the topic does not have what follows `positions`, Away."""
        async with self._reader() as reader:
            wanted = [TopicPartition(TOPIC, number) for number in positions]
            first, last = await reader.beginning_offsets(wanted), await reader.end_offsets(wanted)
            for each in wanted:
                if not first[each] <= positions[each.partition] <= last[each]:
                    raise TooOld

    async def read(self, user_id: str, wanted: Filter, positions: Positions, until: Positions) -> Batch:
        """Events for `user_id` from `positions` on, until a batch is full, `until` is reached, or time is over.

        Raises:
            TooOld. Away.
        """
        behind = {number: positions[number] for number, end in until.items() if positions[number] < end}
        if not behind:
            return Batch([], {})
        async with self._reader() as reader:
            try:
                reader.assign([TopicPartition(TOPIC, number) for number in behind])
                for number, position in behind.items():
                    reader.seek(TopicPartition(TOPIC, number), position)
                return await self._batch(reader, user_id, wanted, behind, until)
            finally:
                reader.unsubscribe()

    async def _batch(
        self, reader: AIOKafkaConsumer, user_id: str, wanted: Filter, behind: dict[int, int], until: Positions
    ) -> Batch:
        batch, size, ends_at = Batch([], dict(behind)), 0, time.monotonic() + _SLICE_S
        while time.monotonic() < ends_at and any(batch.positions[n] < until[n] for n in behind):
            found: Mapping[TopicPartition, list[Any]] = await reader.getmany(timeout_ms=_POLL_MS)
            for partition, records in found.items():
                for record in records:
                    batch.positions[partition.partition] = record.offset + 1
                    happening = self._for(user_id, wanted, record)
                    if happening is not None:
                        batch.happenings.append(happening)
                        size += happening.bytes
                        if len(batch.happenings) >= _EVENTS_MAX or size >= _BYTES_MAX:
                            return batch
        return batch

    def _for(self, user_id: str, wanted: Filter, record: Any) -> Happening | None:
        if user_id.encode() not in (record.value or b""):
            return None  # without reading it: most are of others
        try:
            happening = read(record.partition, record.offset, record.value)
        except UnreadableEvent:
            self._counts.add("unreadable_events_passed")
            return None
        return happening if user_id in happening.audience and wanted.takes(happening) else None

    @contextlib.asynccontextmanager
    async def _reader(self) -> AsyncIterator[AIOKafkaConsumer]:
        """A consumer of one's own for a while; one that failed is thrown away."""
        reader = await self._free.get()
        try:
            if reader is None:
                reader = await self._kafka.consumer()
            yield reader
        except OffsetOutOfRangeError as error:
            raise TooOld from error
        except (KafkaError, OSError) as error:
            await _stop(reader)
            reader = None
            raise Away(f"{type(error).__name__}: {error}") from error
        finally:
            self._free.put_nowait(reader)

    async def stop(self) -> None:
        """End all readers that nobody has borrowed."""
        while not self._free.empty():
            await _stop(self._free.get_nowait())


async def _stop(reader: AIOKafkaConsumer | None) -> None:
    if reader is not None:
        with contextlib.suppress(KafkaError, OSError):
            await reader.stop()
