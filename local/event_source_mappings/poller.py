"""The thread of one mapping that reads its topic and commits what is done."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from threading import Event, Thread
from typing import Protocol, TypeVar

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from local.application import KafkaMapping
from local.event_source_mappings.consumer_settings import consumer_settings
from local.event_source_mappings.filtering import compile_filters
from local.event_source_mappings.messages import to_record
from local.event_source_mappings.progress import Progress
from local.event_source_mappings.record import Record
from local.event_source_mappings.starting_points import starting_points

log = logging.getLogger(__name__)

IDLE_POLL_S = 0.5
COMMITTING_POLL_S = 0.05
PAUSED_POLL_S = 0.01
COMMIT_INTERVAL_S = 0.1
WATERMARKS_INTERVAL_S = 0.5
RESTART_S = 0.5
LEFT_ALONE_S = 30.0
"""Without partitions for so long a consumer is made anew: above the 18 s that a join may take (consumer_settings). librdkafka was
seen to forget the broker that had been killed and then paused, and to stay out of its group for ever."""
LEAVE_S = 5.0
LEAVING_POLL_S = 0.05
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
    """Reads until stopped, whatever happens to the broker or the topic.

    Every call of the consumer is made in this thread: a resume from another one was seen to hang while a callback ran here.
    """

    def __init__(
        self,
        mapping: KafkaMapping,
        bootstrap_servers: str,
        security: Mapping[str, str],
        progress: Progress,
        listener: Listener,
    ) -> None:
        self._mapping = mapping
        self._settings = consumer_settings(mapping, bootstrap_servers, security)
        self._filter = compile_filters(mapping.filter_patterns)
        self._progress = progress
        self._listener = listener
        self._loop = asyncio.get_running_loop()
        self._stop = Event()
        self._thread = Thread(target=self._run, name=f"poller-{mapping.logical_id}", daemon=True)
        self._problem: str | None = None
        self._failed: KafkaException | None = None
        self._last_commit = 0.0
        self._last_watermarks = 0.0
        self._last_resume = 0.0
        self._had_partitions = 0.0

    def start(self) -> None:
        self._thread.start()

    async def stop(self) -> None:
        """Commits what is done, closes the consumer and ends the thread."""
        self._stop.set()
        await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._consume()
            except KafkaException as error:
                self._tell_problem(_describe(error))
            except:  # noqa: E722 - what a callback raises may come as a bare KafkaError, which is no exception at all
                log.warning("poller of %s: starts again", self._mapping.logical_id, exc_info=True)
            self._stop.wait(RESTART_S)

    def _consume(self) -> None:
        self._failed = None
        consumer = Consumer({**self._settings, "error_cb": self._on_error, "on_commit": self._on_commit})
        try:
            if self._wait_for_topic(consumer):
                consumer.subscribe(
                    [self._mapping.topic], on_assign=self._on_assign, on_revoke=self._on_revoke, on_lost=self._on_lost
                )
            self._had_partitions = time.monotonic()
            while not self._stop.is_set() and not self._is_left_alone():
                self._poll(consumer)
                if self._failed is not None:
                    raise self._failed
        finally:
            self._leave(consumer)
            consumer.close()
            self._forget()

    def _leave(self, consumer: Consumer) -> None:
        """Give the partitions back while the consumer still polls.

        A rebalance that `close` meets, as of a topic that is being deleted, may wait for ever and hold the interpreter's lock,
        and with it the whole stack (librdkafka issue 4041).
        """
        with suppress(KafkaException):
            consumer.unsubscribe()
            deadline = time.monotonic() + LEAVE_S
            while True:
                consumer.poll(LEAVING_POLL_S)  # what it reads is not committed
                if not consumer.assignment() or time.monotonic() > deadline:
                    return

    def _is_left_alone(self) -> bool:
        now = time.monotonic()
        if self._progress.partitions():
            self._had_partitions = now
        if now - self._had_partitions < LEFT_ALONE_S:
            return False
        self._tell_problem(f"no partitions for {LEFT_ALONE_S:g} s: the consumer is made anew")
        return True

    def _forget(self) -> None:
        """What a consumer that failed held; one that left the group has been told to give it back already."""
        left = self._progress.partitions()
        self._progress.revoked()
        if left:
            self._tell(self._listener.revoked, left)

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
        first = consumer.poll(self._patience())
        if first is not None:
            self._hand_over(consumer, [first, *consumer.consume(MOST_AT_ONCE - 1, 0)])
        now = time.monotonic()
        resumed = self._progress.to_resume()
        if resumed:
            consumer.resume(self._positions(resumed))
            self._last_resume = now
        if now - self._last_commit >= COMMIT_INTERVAL_S and (offsets := self._progress.take_commits()):
            self._last_commit = now
            consumer.commit(offsets=self._offsets(offsets), asynchronous=True)
        if now - self._last_watermarks >= WATERMARKS_INTERVAL_S:
            self._last_watermarks = now
            self._watermarks(consumer)

    def _patience(self) -> float:
        """Seconds to wait for a record: less while there may be something else to do."""
        if self._progress.paused and time.monotonic() - self._last_resume < 1:
            return PAUSED_POLL_S
        return COMMITTING_POLL_S if self._progress.paused or self._progress.uncommitted else IDLE_POLL_S

    def _watermarks(self, consumer: Consumer) -> None:
        for position in self._positions(self._progress.partitions()):
            first, end = consumer.get_watermark_offsets(position, cached=True)
            self._progress.ends(position.partition, first, end)

    def _hand_over(self, consumer: Consumer, messages: Sequence[Message]) -> None:
        read: list[Read] = []
        for message in messages:
            error = message.error()
            partition, offset = message.partition(), message.offset()
            if error is not None or partition is None or offset is None:
                self._on_message_error(error)
                continue
            passes = self._filter is None or self._filter(message.value())
            read.append((partition, offset, to_record(message) if passes else None))
        if not read:
            return
        full = self._progress.read((partition, len(record.json)) for partition, _, record in read if record)
        if full:
            consumer.pause(self._positions(full))
            self._last_resume = time.monotonic()
        self._tell_problem(None)
        self._tell(self._listener.read, read)

    def _on_assign(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        try:
            start, committed = starting_points(self._mapping, consumer, partitions)
        except KafkaException as error:
            # Raised here it would reach nobody. What is read until the consumer ends is neither handed over nor committed.
            self._failed = error
            return
        self._progress.assigned(committed)
        consumer.assign(start)
        self._tell_problem(None)
        self._tell(self._listener.assigned, sorted(committed))

    def _on_revoke(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        consumer.resume(partitions)
        offsets = self._progress.revoked()
        if offsets:
            try:
                consumer.commit(offsets=self._offsets(offsets), asynchronous=False)
            except KafkaException as error:
                name = self._mapping.logical_id
                log.warning("%s: last commit failed, records will come again: %s", name, _describe(error))
        self._tell(self._listener.revoked, [partition.partition for partition in partitions])

    def _on_lost(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        """Another member may own them already: nothing may be committed any more."""
        consumer.resume(partitions)
        self._progress.revoked()
        self._tell(self._listener.revoked, [partition.partition for partition in partitions])

    def _on_commit(self, error: KafkaError | None, offsets: list[TopicPartition]) -> None:
        for position in offsets:
            succeeded = error is None and position.error is None
            self._progress.commit_ended(position.partition, position.offset, succeeded)

    def _positions(self, partitions: Sequence[int]) -> list[TopicPartition]:
        return [TopicPartition(self._mapping.topic, partition) for partition in partitions]

    def _offsets(self, offsets: Mapping[int, int]) -> list[TopicPartition]:
        return [TopicPartition(self._mapping.topic, partition, offset) for partition, offset in offsets.items()]

    def _on_error(self, error: KafkaError) -> None:
        if error.code() == KafkaError._ALL_BROKERS_DOWN:
            # Its own text counts connections: "0/2 brokers are down".
            self._tell_problem(f"no broker answers at {self._settings['bootstrap.servers']}")
        elif _is_fatal(error):
            self._failed = KafkaException(error)

    def _on_message_error(self, error: KafkaError | None) -> None:
        if error is None or _is_fatal(error) or error.code() == KafkaError.UNKNOWN_TOPIC_OR_PART:
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


def _is_fatal(error: KafkaError) -> bool:
    """Only a new consumer goes on, such as after being fenced by its own earlier join when a broker stood still.

    Polling tells of it by a message whose error has the code, but not the mark, of a fatal one.
    """
    return error.fatal() or error.code() == KafkaError._FATAL


def _describe(error: KafkaException) -> str:
    cause = error.args[0] if error.args else error
    return cause.str() if isinstance(cause, KafkaError) else str(cause)
