"""Producing to Kafka: ordered, at least once, and never returning before the brokers have acknowledged.

Settings are those measured in docs/decisions/0004: kafka-python's idempotent mode hangs once a retried batch expires,
so it is off, and consumers drop duplicates by what they carry.
"""

import random
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from chat4all.domain.backoff import A_FIFTH_EITHER_WAY, backoff_s
from chat4all.kafka.cluster import Cluster
from chat4all.kafka.dead_letters import SUFFIX, DeadLetter
from chat4all.kafka.events import CONTENT_TYPE, Event, encode
from chat4all.kafka.producer import Connecting, failure_of, make_producer
from chat4all.kafka.topics import label_of
from chat4all.metrics.emission import count, observe
from chat4all.metrics.metric import Metric
from chat4all.metrics.metric_list import CONNECT_FAILURES, PRODUCER_ERRORS, PRODUCER_RECORDS, PRODUCER_SECONDS
from chat4all.tracing.kafka_headers import headers_of
from chat4all.tracing.spans import Kind, call

_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 1.0, 4.0
"""So long nothing is tried after a failure: who sends must not wait out a timeout each time that Kafka is away."""


class PublishFailed(Exception):
    """Not every event was acknowledged; those that were may be delivered again when the caller repeats all."""


class Publisher:
    """A Kafka producer of this process, connected at its first use and replaced after any failure.

    `timeout_s` is the longest time that a publish takes, connecting included. Where somebody waits for an answer and an outbox
    stands behind, it is short; where a failure makes a whole batch come again, it outlasts the change of a leader.
    """

    def __init__(self, cluster: Cluster, *, timeout_s: float = 5.0) -> None:
        self._cluster = cluster
        self._timeout_s = timeout_s
        self._producer: Any = None
        self._connecting: Connecting | None = None
        self._failures = 0
        """In a row."""
        self._not_before = 0.0

    def publish(self, events: Sequence[Event]) -> None:
        """Send `events` in order and wait for all acknowledgements.

        Raises:
            PublishFailed: the brokers did not acknowledge all of them in time.
        """
        if not events:
            return

        # Before anything is sent: what cannot be encoded is no fault of Kafka's.
        records = [(str(e.topic), e.conversation_id.encode(), encode(e), _headers(e)) for e in events]

        def send_all(producer: Any) -> list[Any]:
            return [
                producer.send(topic, key=key, value=value, headers=headers) for topic, key, value, headers in records
            ]

        topics = Counter(topic for topic, *_ in records)
        names = ",".join(sorted(topics))
        about: dict[str, str | int | float | bool | None] = {
            "messaging.system": "kafka",
            "messaging.destination.name": names,
            "messaging.batch.message_count": len(events),
        }
        with call(f"publish {names}", Kind.PRODUCER, about):
            self._acknowledged(send_all, topics)

    def put_aside(self, letter: DeadLetter) -> None:
        """Send `letter` to the dead letter topic of where it came from.

        Raises:
            PublishFailed: the brokers did not acknowledge it in time.
        """
        self.send_as_is(letter.topic + SUFFIX, letter.key, letter.value, letter.headers)

    def send_as_is(
        self, topic: str, key: bytes | None, value: bytes | None, headers: Sequence[tuple[str, bytes]]
    ) -> None:
        """Send one record of any content; raises PublishFailed."""
        self._acknowledged(
            lambda producer: [producer.send(topic, key=key, value=value, headers=list(headers))], {topic: 1}
        )

    def _acknowledged(self, send: Callable[[Any], list[Any]], records: Mapping[str, int]) -> None:
        """`records`: how many there are for each topic."""
        began = time.monotonic()
        if began < self._not_before:
            _count(PRODUCER_ERRORS, records)
            raise PublishFailed("Kafka did not acknowledge a moment ago")
        deadline = began + self._timeout_s
        try:
            for future in send(self._connected(deadline)):
                future.get(timeout=max(0.0, deadline - time.monotonic()))
        except Exception as error:
            _count(PRODUCER_ERRORS, records)
            self._discard()
            self._pause()
            raise PublishFailed(f"Kafka did not acknowledge: {type(error).__name__}: {error}") from error
        self._failures = 0
        _count(PRODUCER_RECORDS, records)
        for topic in records:
            observe(PRODUCER_SECONDS, time.monotonic() - began, label_of(topic))

    def _pause(self) -> None:
        self._failures += 1
        chance = random.random()  # noqa: S311
        pause_s = backoff_s(self._failures, _FIRST_PAUSE_S, _LONGEST_PAUSE_S, chance, A_FIFTH_EITHER_WAY)
        self._not_before = time.monotonic() + pause_s

    def _connected(self, deadline: float) -> Any:
        """Raises TimeoutError when it takes longer, and then goes on: the next publish finds it done."""
        if self._producer is None:
            if self._connecting is None:
                self._connecting = Connecting(lambda: make_producer(self._cluster, self._timeout_s / 2))
            try:
                self._producer = self._connecting.wait(max(0.0, deadline - time.monotonic()))
            except Exception as error:
                count(CONNECT_FAILURES, failure_of(error))
                raise
            finally:
                if self._connecting.ended:
                    self._connecting = None
        return self._producer

    def _discard(self) -> None:
        """Leave a producer that has failed. Its close flushes first, fails in that, and would leave its thread behind."""
        producer, self._producer = self._producer, None
        if producer is not None:
            with suppress(Exception):
                producer.close(timeout=0)
            producer._sender.force_close()


def _headers(event: Event) -> list[tuple[str, bytes]]:
    return [("content-type", CONTENT_TYPE), *headers_of(event.trace)]


def _count(metric: Metric, records: Mapping[str, int]) -> None:
    for topic, number in records.items():
        count(metric, label_of(topic), number=number)
