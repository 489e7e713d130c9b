"""Reads topics for people: by assignment, never as a member of a group. Every method blocks; one thread at a time."""

import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from confluent_kafka import (
    OFFSET_INVALID,
    Consumer,
    ConsumerGroupTopicPartitions,
    KafkaError,
    KafkaException,
    Message,
    Producer,
    TopicPartition,
)
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin import OffsetSpec as _OffsetSpec  # type: ignore[attr-defined]

_TIMEOUT_S = 5.0
_READ_S = 4.0
_GROUP = "local-console"
"""librdkafka wants a name; nothing is ever committed under it."""

Span = tuple[int, int]
"""First offset that is there, and the one that the next record will have."""
Ends = Mapping[str, Mapping[int, Span]]
"""By topic and partition."""


class KafkaUnavailable(Exception):
    """The broker does not answer, or refuses; the text says what it says."""


@dataclass(frozen=True, slots=True)
class Record:
    partition: int
    offset: int
    timestamp_ms: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]


class KafkaReader:
    """Clients are made at the first call and closed by `close`; then the next call makes new ones."""

    def __init__(self, bootstrap_servers: str, security: Mapping[str, str]) -> None:
        """`security` are librdkafka's settings of its connections, beside the servers."""
        self._settings: Final[dict[str, Any]] = {
            **security,
            "bootstrap.servers": bootstrap_servers,
            "socket.timeout.ms": 4000,
            "reconnect.backoff.max.ms": 500,
            "log_level": 0,
            "error_cb": _ignore,
        }
        self._admin: AdminClient | None = None
        self._in_use = threading.RLock()
        """Held while the client is asked: it is never closed under a question."""

    def close(self) -> None:
        with self._in_use:
            self._admin = None

    def ends(self) -> Ends:
        """Of every topic but Kafka's own. Raises KafkaUnavailable."""
        with self._in_use:
            return self._ends(self._client())

    def _ends(self, admin: AdminClient) -> Ends:
        try:
            topics = admin.list_topics(timeout=_TIMEOUT_S).topics
            partitions = [
                TopicPartition(name, number)
                for name, topic in topics.items()
                if not name.startswith("__")
                for number in topic.partitions
            ]
            begins = _offsets(admin, partitions, _OffsetSpec.earliest())  # type: ignore[no-untyped-call]
            ends = _offsets(admin, partitions, _OffsetSpec.latest())  # type: ignore[no-untyped-call]
        except KafkaException as error:
            raise _unavailable(error) from error
        found: dict[str, dict[int, Span]] = {}
        for name, number in sorted(begins):
            found.setdefault(name, {})[number] = (begins[name, number], ends[name, number])
        return found

    def replicas(self) -> tuple[int, dict[tuple[str, int], tuple[int, int]]]:
        """How many brokers there are; by topic and partition, how many replicas it should have, and how many are in sync.

        Raises KafkaUnavailable.
        """
        with self._in_use:
            try:
                cluster = self._client().list_topics(timeout=_TIMEOUT_S)
            except KafkaException as error:
                raise _unavailable(error) from error
        return len(cluster.brokers), {
            (name, number): (len(partition.replicas), len(partition.isrs))
            for name, topic in cluster.topics.items()
            if not name.startswith("__")
            for number, partition in topic.partitions.items()
        }

    def committed(self, groups: Iterable[str] | None = None) -> dict[str, dict[tuple[str, int], int]]:
        """Offsets by group, then topic and partition; of all groups by default. Raises KafkaUnavailable."""
        with self._in_use:
            return self._committed(self._client(), groups)

    def _committed(self, admin: AdminClient, groups: Iterable[str] | None) -> dict[str, dict[tuple[str, int], int]]:
        try:
            if groups is None:
                listed = admin.list_consumer_groups(request_timeout=_TIMEOUT_S).result()
                groups = [group.group_id for group in listed.valid]
            asked = [
                admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(group)], request_timeout=_TIMEOUT_S)
                for group in groups
            ]
            answers = [future.result() for answer in asked for future in answer.values()]
        except KafkaException as error:
            raise _unavailable(error) from error
        return {
            answer.group_id: {
                (found.topic, found.partition): found.offset
                for found in answer.topic_partitions or ()
                if found.offset >= 0
            }
            for answer in answers
        }

    def read(self, topic: str, ranges: Mapping[int, Span]) -> list[Record]:
        """The records of one or more partitions from an offset to before another. Raises KafkaUnavailable.

        Offsets may hold no record (compaction, transactions).
        """
        wanted = {partition: span for partition, span in ranges.items() if span[0] < span[1]}
        if not wanted:
            return []
        consumer = Consumer(
            {
                **self._settings,
                "group.id": _GROUP,
                "enable.auto.commit": False,
                "enable.partition.eof": True,
                "fetch.wait.max.ms": 50,
                "auto.offset.reset": "earliest",
            }
        )
        try:
            consumer.assign([TopicPartition(topic, partition, span[0]) for partition, span in wanted.items()])
            return _read_all(consumer, wanted)
        except KafkaException as error:
            raise _unavailable(error) from error
        finally:
            consumer.close()

    def produce(
        self,
        topic: str,
        partition: int | None,
        key: bytes | None,
        value: bytes | None,
        headers: Sequence[tuple[str, bytes]],
    ) -> tuple[int, int]:
        """Append one record, acknowledged by all replicas; returns its partition and offset. Raises KafkaUnavailable."""
        producer = Producer({**self._settings, "acks": "all", "message.timeout.ms": 4000})
        told: list[tuple[KafkaError | None, Message]] = []
        more: dict[str, Any] = {} if partition is None else {"partition": partition}
        try:
            producer.produce(
                topic,
                key=key,
                value=value,
                headers=list(headers),
                on_delivery=lambda error, message: told.append((error, message)),
                **more,
            )
            producer.flush(_TIMEOUT_S)
        except (KafkaException, BufferError) as error:
            raise KafkaUnavailable(str(error)) from error
        if not told:
            raise KafkaUnavailable("the broker has not acknowledged the record in time; it may still arrive")
        refused, message = told[0]
        if refused is not None:
            raise KafkaUnavailable(refused.str())
        return message.partition() or 0, message.offset() or 0

    def _client(self) -> AdminClient:
        if self._admin is None:
            self._admin = AdminClient(self._settings)
        return self._admin


def _offsets(admin: AdminClient, partitions: list[TopicPartition], spec: Any) -> dict[tuple[str, int], int]:
    if not partitions:
        return {}
    answers = admin.list_offsets(dict.fromkeys(partitions, spec), request_timeout=_TIMEOUT_S)
    return {(one.topic, one.partition): future.result().offset for one, future in answers.items()}


def _read_all(consumer: Consumer, wanted: Mapping[int, Span]) -> list[Record]:
    records: list[Record] = []
    left = set(wanted)
    deadline = time.monotonic() + _READ_S
    while left and time.monotonic() < deadline:
        for message in consumer.consume(500, 0.1):
            partition, error = message.partition() or 0, message.error()
            if error is not None:
                if error.code() != KafkaError._PARTITION_EOF:
                    raise KafkaUnavailable(error.str())
                left.discard(partition)
                continue
            offset = message.offset()
            end = wanted[partition][1]
            if offset is None or offset == OFFSET_INVALID or offset >= end:
                left.discard(partition)
                continue
            records.append(_record(message, partition, offset))
            if offset == end - 1:
                left.discard(partition)
    return records


def _record(message: Message, partition: int, offset: int) -> Record:
    headers: Any = message.headers() or ()
    return Record(
        partition,
        offset,
        message.timestamp()[1],
        message.key(),
        message.value(),
        tuple((name, value.encode() if isinstance(value, str) else value) for name, value in headers),
    )


def _ignore(_error: KafkaError) -> None:
    """Errors of connections: calls fail by their own time limits."""


def _unavailable(error: KafkaException) -> KafkaUnavailable:
    cause = error.args[0] if error.args else error
    return KafkaUnavailable(cause.str() if isinstance(cause, KafkaError) else str(cause))
