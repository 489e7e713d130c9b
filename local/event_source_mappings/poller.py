"""The thread of one mapping that reads its topic and commits what is done."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from threading import Event, Lock, Thread
from typing import Protocol, TypeVar

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from local.application import KafkaMapping
from local.event_source_mappings.buffers import Buffers
from local.event_source_mappings.consumer_settings import consumer_settings
from local.event_source_mappings.filtering import compile_filters
from local.event_source_mappings.messages import to_record
from local.event_source_mappings.record import Record
from local.event_source_mappings.starting_points import starting_points

log = logging.getLogger(__name__)

IDLE_POLL_S = 0.5
BUSY_POLL_S = 0.05
"""While something waits to be committed."""
COMMIT_INTERVAL_S = 0.1
RESTART_S = 0.5
MOST_AT_ONCE = 500

Read = tuple[int, int, Record | None]
"""Partition, offset, and the record or None where the filter dropped it."""


Fact = TypeVar("Fact")


class Listener(Protocol):
    """Told on the event loop what happens, in the order in which it happens."""

    def assigned(self, partitions: Sequence[int]) -> None: ...
    def revoked(self, partitions: Sequence[int]) -> None: ...
    def read(self, records: Sequence[Read]) -> None: ...
    def problem(self, reason: str | None) -> None:
        """What keeps the poller from reading, or None when it goes on."""


class Poller:
    """Reads until stopped, whatever happens to the broker or the topic. All consumer calls but `resume` are in its thread."""

    def __init__(self, mapping: KafkaMapping, bootstrap_servers: str, listener: Listener) -> None:
        self._mapping = mapping
        self._settings = consumer_settings(mapping, bootstrap_servers)
        self._filter = compile_filters(mapping.filter_patterns)
        self._listener = listener
        self._loop = asyncio.get_running_loop()
        self._lock = Lock()
        self._stop = Event()
        self._thread = Thread(target=self._run, name=f"poller-{mapping.logical_id}", daemon=True)
        self._consumer: Consumer | None = None
        self._committed: dict[int, int | None] = {}
        """Of the partitions that are assigned."""
        self._to_commit: dict[int, int] = {}
        self._last_commit = 0.0
        self._problem: str | None = None
        self._buffers = Buffers(mapping.batch_size)

    def start(self) -> None:
        self._thread.start()

    async def stop(self) -> None:
        """Commits what is done, leaves the group and ends the thread."""
        self._stop.set()
        await asyncio.to_thread(self._thread.join)

    def done(self, partition: int, offset: int) -> None:
        """The records before `offset` are done; nothing happens where the partition was taken away. Any thread."""
        with self._lock:
            if partition in self._committed:
                self._to_commit[partition] = offset

    def release(self, partition: int, records: int, size: int) -> None:
        """Records of `size` bytes have left the buffer. Any thread."""
        with self._lock:
            if self._buffers.remove(partition, records, size) and self._consumer is not None:
                self._consumer.resume([TopicPartition(self._mapping.topic, partition)])

    def buffered(self, partition: int) -> int:
        """Records read and not released."""
        with self._lock:
            return self._buffers.count(partition)

    def committed(self) -> dict[int, int | None]:
        """By assigned partition: the group's offset, None before the first commit."""
        with self._lock:
            return dict(self._committed)

    def lag(self, partition: int) -> int | None:
        """Records that are not committed, as far as the last fetch told."""
        with self._lock:
            if self._consumer is None or partition not in self._committed:
                return None
            low, high = self._consumer.get_watermark_offsets(
                TopicPartition(self._mapping.topic, partition), cached=True
            )
            offset = self._committed[partition]
        return None if high < 0 else max(0, high - (low if offset is None else offset))

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._consume()
            except KafkaException as error:
                self._tell_problem(_describe(error))
            except Exception:
                log.exception("poller of %s: starts again", self._mapping.logical_id)
            self._stop.wait(RESTART_S)

    def _consume(self) -> None:
        consumer = Consumer({**self._settings, "error_cb": self._on_error, "on_commit": self._on_commit})
        try:
            if not self._wait_for_topic(consumer):
                return
            consumer.subscribe(
                [self._mapping.topic], on_assign=self._on_assign, on_revoke=self._on_revoke, on_lost=self._on_lost
            )
            with self._lock:
                self._consumer = consumer
            while not self._stop.is_set():
                self._poll(consumer)
        finally:
            with self._lock:
                self._consumer = None
            consumer.close()

    def _wait_for_topic(self, consumer: Consumer) -> bool:
        """False when stopped meanwhile. Topics are made by the application, perhaps after its mappings."""
        topic = self._mapping.topic
        while not self._stop.is_set():
            found = consumer.list_topics(topic, timeout=5).topics[topic]
            if found.error is None:
                self._tell_problem(None)
                return True
            self._tell_problem(f"topic {topic}: {found.error.str()}")
            self._stop.wait(RESTART_S)
        return False

    def _poll(self, consumer: Consumer) -> None:
        first = consumer.poll(BUSY_POLL_S if self._to_commit else IDLE_POLL_S)
        if first is not None:
            self._hand_over(consumer, [first, *consumer.consume(MOST_AT_ONCE - 1, 0)])
        if self._to_commit and time.monotonic() - self._last_commit >= COMMIT_INTERVAL_S:
            with self._lock:
                offsets, self._to_commit = self._offsets(self._to_commit), {}
            self._last_commit = time.monotonic()
            consumer.commit(offsets=offsets, asynchronous=True)

    def _hand_over(self, consumer: Consumer, messages: Sequence[Message]) -> None:
        read: list[Read] = []
        for message in messages:
            error = message.error()
            if error is not None:
                self._on_message_error(error)
                continue
            partition, offset = message.partition(), message.offset()
            if partition is None or offset is None:
                raise RuntimeError("a message without partition or offset")
            passes = self._filter is None or self._filter(message.value())
            read.append((partition, offset, to_record(message) if passes else None))
        with self._lock:
            full = self._buffers.add((partition, len(record.json)) for partition, _, record in read if record)
            if full:
                consumer.pause([TopicPartition(self._mapping.topic, partition) for partition in full])
        self._tell_problem(None)
        self._tell(self._listener.read, read)

    def _on_assign(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        start, committed = starting_points(self._mapping, consumer, partitions)
        with self._lock:
            self._committed = committed
            self._to_commit = {}
        consumer.assign(start)
        self._tell_problem(None)
        self._tell(self._listener.assigned, sorted(committed))

    def _on_revoke(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        with self._lock:
            offsets = self._offsets(self._to_commit)
            self._forget(consumer)
        if offsets:
            try:
                consumer.commit(offsets=offsets, asynchronous=False)
            except KafkaException as error:
                log.warning(
                    "%s: last commit failed, records will come again: %s", self._mapping.logical_id, _describe(error)
                )
        self._tell(self._listener.revoked, [partition.partition for partition in partitions])

    def _on_lost(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        """Another member may own them already: nothing may be committed any more."""
        with self._lock:
            self._forget(consumer)
        self._tell(self._listener.revoked, [partition.partition for partition in partitions])

    def _forget(self, consumer: Consumer) -> None:
        self._committed, self._to_commit = {}, {}
        paused = self._buffers.clear()
        if paused:
            consumer.resume([TopicPartition(self._mapping.topic, partition) for partition in paused])

    def _on_commit(self, error: KafkaError | None, offsets: list[TopicPartition]) -> None:
        with self._lock:
            for position in offsets:
                if position.partition not in self._committed:
                    continue
                if error is None and position.error is None:
                    self._committed[position.partition] = position.offset
                else:
                    self._to_commit.setdefault(position.partition, position.offset)

    def _offsets(self, positions: dict[int, int]) -> list[TopicPartition]:
        return [TopicPartition(self._mapping.topic, partition, offset) for partition, offset in positions.items()]

    def _on_error(self, error: KafkaError) -> None:
        if error.code() == KafkaError._ALL_BROKERS_DOWN or error.fatal():
            self._tell_problem(error.str())

    def _on_message_error(self, error: KafkaError) -> None:
        if error.fatal() or error.code() == KafkaError.UNKNOWN_TOPIC_OR_PART:
            raise KafkaException(error)
        self._tell_problem(error.str())

    def _tell_problem(self, reason: str | None) -> None:
        """Logs and tells what changed, once."""
        if reason == self._problem:
            return
        self._problem = reason
        if reason is None:
            log.info("%s: reads %s", self._mapping.logical_id, self._mapping.topic)
        else:
            log.warning("%s: waits: %s", self._mapping.logical_id, reason)
        self._tell(self._listener.problem, reason)

    def _tell(self, listener: Callable[[Fact], None], fact: Fact) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(listener, fact)


def _describe(error: KafkaException) -> str:
    cause = error.args[0] if error.args else error
    return cause.str() if isinstance(cause, KafkaError) else str(cause)
