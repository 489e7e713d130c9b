"""Delivery to the Kafka on-failure destination of a mapping."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from local.event_source_mappings.event import Source
from local.event_source_mappings.failure_record import Cause, failure_record
from local.event_source_mappings.record import Record
from local.event_source_mappings.retry import Backoff

log = logging.getLogger(__name__)

TOO_LARGE = KafkaError.MSG_SIZE_TOO_LARGE


class OnFailureDestination:
    """One topic of the mapping's own cluster. Connects at the first failure."""

    def __init__(self, source: Source, topic: str, bootstrap_servers: str, security: Mapping[str, str]) -> None:
        self._source = source
        self._topic = topic
        self._bootstrap_servers = bootstrap_servers
        self._security = security
        self._producer: Producer | None = None

    async def send(self, records: Sequence[Record], cause: Cause, backoff: Backoff, stopping: asyncio.Event) -> bool:
        """Tries until the topic has acknowledged all records in order; False where it was stopped before that.

        AWS gives up where the destination cannot be written to; here the partition waits, so that nothing is lost.
        """
        left, tries = list(records), 0
        while not stopping.is_set():
            try:
                await asyncio.to_thread(self._produce, left, cause)
            except KafkaException as error:
                tries += 1
                log.log(
                    logging.WARNING if tries == 1 else logging.DEBUG,
                    "on-failure topic %s: %s; %d records wait until it takes them",
                    self._topic,
                    error.args[0],
                    len(left),
                )
            if not left:
                return True
            try:
                await asyncio.wait_for(stopping.wait(), backoff.delay(tries))
            except TimeoutError:
                continue
        return False

    def _produce(self, left: list[Record], cause: Cause) -> None:
        """Takes off `left` what was acknowledged. Raises KafkaException for the first that was not."""
        producer = self._connected()
        while left:
            error = self._produce_one(producer, left[0], cause, with_value=True)
            if error is not None and error.code() == TOO_LARGE:
                log.warning(
                    "on-failure topic %s: %s is sent without its value, which is too large", self._topic, left[0]
                )
                error = self._produce_one(producer, left[0], cause, with_value=False)
            if error is not None:
                raise KafkaException(error)
            left.pop(0)

    def _produce_one(self, producer: Producer, record: Record, cause: Cause, with_value: bool) -> KafkaError | None:
        outcome: list[KafkaError | None] = []

        def delivered(error: KafkaError | None, _message: Message) -> None:
            outcome.append(error)

        document = failure_record(self._source, record, cause, datetime.now(UTC), with_value)
        try:
            producer.produce(self._topic, document, record.key, on_delivery=delivered)
        except KafkaException as error:
            return _kafka_error(error)
        producer.flush()
        return outcome[0] if outcome else KafkaError(KafkaError._TIMED_OUT)

    def _connected(self) -> Producer:
        if self._producer is None:
            self._producer = Producer(
                {
                    **self._security,
                    "bootstrap.servers": self._bootstrap_servers,
                    "acks": "all",
                    "enable.idempotence": True,
                    "linger.ms": 0,
                    "delivery.timeout.ms": 5000,
                    "partitioner": "murmur2_random",
                    "reconnect.backoff.ms": 20,
                    "reconnect.backoff.max.ms": 200,
                    "retry.backoff.ms": 50,
                    "topic.metadata.propagation.max.ms": 1000,
                    "log_level": 2,
                }
            )
        return self._producer


def _kafka_error(error: KafkaException) -> KafkaError:
    cause = error.args[0]
    return cause if isinstance(cause, KafkaError) else KafkaError(KafkaError._FAIL, str(cause))
