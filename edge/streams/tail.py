"""The tail: one consumer at the end of the topic, which feeds all streams of this process."""

import asyncio
import contextlib
import time
from collections.abc import Mapping
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError, OffsetOutOfRangeError

from chat4all.domain.backoff import backoff_s
from chat4all.kafka.events import UnreadableEvent
from chat4all.logs import logger
from edge.counts import Counts
from edge.kafka_access import Kafka
from edge.streams.follower import Follower
from edge.streams.happening import TOPIC, read

_POLL_MS = 1_000
_PARTITIONS_AGAIN_S = 60.0
_CHECK_S = 5.0
_PAUSE_S, _LONGEST_PAUSE_S = 0.2, 5.0


class Tail:
    """Runs from `run` until cancelled; begins at the end, and after a failure where it stood."""

    def __init__(self, kafka: Kafka, counts: Counts) -> None:
        self._kafka = kafka
        self._counts = counts
        self._consumer: AIOKafkaConsumer | None = None
        self._followers: dict[str, set[Follower]] = {}
        self._partitions_at = 0.0
        self.failure = ""
        """Why it could not read the last time; empty since it can."""
        self.positions: dict[int, int] = {}
        """The next record of each partition: everything before has been offered. Empty until the topic was reached."""

    @property
    def is_ready(self) -> bool:
        return bool(self.positions)

    @property
    def streams(self) -> int:
        """How many follow."""
        return sum(map(len, self._followers.values()))

    def follow(self, follower: Follower) -> Mapping[int, int]:
        """Offer `follower` all that comes from now on; where that begins."""
        self._followers.setdefault(follower.user_id, set()).add(follower)
        return dict(self.positions)

    def leave(self, follower: Follower, *, left_behind: bool = False) -> None:
        """Offer it nothing more; `left_behind`: because it was too slow."""
        self._counts.add("streams_left_behind", left_behind)
        others = self._followers.get(follower.user_id, set())
        others.discard(follower)
        if not others:
            self._followers.pop(follower.user_id, None)

    def wake_all(self) -> None:
        """Have all streams look at what else has changed."""
        for followers in self._followers.values():
            for follower in followers:
                follower.wake()

    async def trouble(self) -> str:
        """Why Kafka does not, asked anew; empty where it does."""
        consumer = self._consumer
        if consumer is None or not self.positions:
            return self.failure or "not reached yet"
        try:
            async with asyncio.timeout(_CHECK_S):
                await consumer.end_offsets([TopicPartition(TOPIC, number) for number in self.positions])
        except TimeoutError:
            return f"no answer in {_CHECK_S:.0f} s"
        except (KafkaError, OSError) as error:
            return f"{type(error).__name__}: {error}"
        return ""

    async def run(self) -> None:
        """Read on for ever."""
        failures = 0
        while True:
            try:
                self._consumer = await self._kafka.consumer()
                await self._look_at_partitions()
                failures, self.failure = 0, ""
                while True:
                    await self._read_on()
            except OffsetOutOfRangeError as error:
                failures += 1
                self._begin_anew(error)
            except (KafkaError, OSError) as error:
                failures += 1
                self._counts.add("tail_failures")
                self.failure = f"{type(error).__name__}: {error}"
                logger.warning("the events cannot be read", cause=self.failure)
            finally:
                await self._drop_consumer()
            await asyncio.sleep(backoff_s(failures, _PAUSE_S, _LONGEST_PAUSE_S, 1.0))

    async def _read_on(self) -> None:
        consumer = self._consumer
        assert consumer is not None, "made by run"
        found: Mapping[TopicPartition, list[Any]] = await consumer.getmany(timeout_ms=_POLL_MS)
        for partition, records in found.items():
            for record in records:
                self._offer(record)
            self.positions[partition.partition] = records[-1].offset + 1
        if time.monotonic() - self._partitions_at > _PARTITIONS_AGAIN_S:
            await self._look_at_partitions()

    def _offer(self, record: Any) -> None:
        self.positions[record.partition] = record.offset
        try:
            happening = read(record.partition, record.offset, record.value)
        except UnreadableEvent as error:
            self._counts.add("unreadable_events")
            logger.warning("unreadable event", partition=record.partition, offset=record.offset, cause=str(error))
        else:
            for user_id in happening.audience & self._followers.keys():
                for follower in self._followers[user_id]:
                    follower.offer(happening, self.positions)
        self.positions[record.partition] = record.offset + 1

    async def _look_at_partitions(self) -> None:
        """Take up all partitions of the topic. One that is new since is read from its beginning: nothing of it was offered."""
        consumer = self._consumer
        assert consumer is not None, "made by run"
        numbers = await self._kafka.partitions(TOPIC)
        known = [TopicPartition(TOPIC, number) for number in sorted(numbers)]
        if not known:
            raise KafkaError(f"there is no topic {TOPIC}")
        self._partitions_at = time.monotonic()
        if {each.partition for each in consumer.assignment()} == numbers:
            return
        is_first = not self.positions
        ends = await consumer.end_offsets(known) if is_first else {}
        consumer.assign(known)
        for each in known:
            consumer.seek(each, ends[each] if is_first else self.positions.get(each.partition, 0))
        for each in known:
            self.positions.setdefault(each.partition, ends.get(each, 0))
        logger.info("reading events", partitions=len(known))

    def _begin_anew(self, error: OffsetOutOfRangeError) -> None:
        """So long away that the topic forgot, or it was made anew. Streams find out by themselves that theirs is gone."""
        logger.error("the tail stands where the topic has nothing any more", cause=str(error))
        for followers in self._followers.values():
            for follower in followers:
                follower.leave_behind(self.positions)
        self.positions = {}

    async def _drop_consumer(self) -> None:
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            with contextlib.suppress(KafkaError, OSError):
                await consumer.stop()
