"""Producing to Kafka: ordered, at least once, and never returning before the brokers have acknowledged.

Settings are those measured in docs/decisions/0004: kafka-python's idempotent mode hangs once a retried batch expires,
so it is off, and consumers drop duplicates by what they carry.
"""

from collections.abc import Sequence
from typing import Any

from chat4all.kafka.events import CONTENT_TYPE, Event, encode


class PublishFailed(Exception):
    """Not every event was acknowledged; those that were may be delivered again when the caller repeats all."""


class Publisher:
    """A Kafka producer of this process, connected at its first use and replaced after any failure."""

    def __init__(self, bootstrap_servers: str, *, timeout_s: float = 5.0) -> None:
        self._bootstrap_servers = bootstrap_servers
        self._timeout_s = timeout_s
        self._producer: Any = None

    def publish(self, events: Sequence[Event]) -> None:
        """Send `events` in order and wait for all acknowledgements.

        Raises:
            PublishFailed: the brokers did not acknowledge all of them in time.
        """
        if not events:
            return
        try:
            producer = self._connected()
            futures = [
                producer.send(
                    str(event.topic),
                    key=event.conversation_id.encode(),
                    value=encode(event),
                    headers=[("content-type", CONTENT_TYPE)],
                )
                for event in events
            ]
            for future in futures:
                future.get(timeout=self._timeout_s)
        except Exception as error:
            self._discard()
            raise PublishFailed(f"Kafka did not acknowledge: {type(error).__name__}: {error}") from error

    def _connected(self) -> Any:
        if self._producer is None:
            from kafka import KafkaProducer

            self._producer = KafkaProducer(
                bootstrap_servers=self._bootstrap_servers.split(","),
                acks="all",
                enable_idempotence=False,
                max_in_flight_requests_per_connection=1,
                linger_ms=0,
                request_timeout_ms=3000,
                delivery_timeout_ms=10000,
                max_block_ms=5000,
                bootstrap_timeout_ms=5000,
                connections_max_idle_ms=30000,
                metadata_max_age_ms=60000,
                retry_backoff_ms=50,
                reconnect_backoff_ms=20,
                reconnect_backoff_max_ms=200,
                allow_auto_create_topics=False,
                metrics_enabled=False,
            )
        return self._producer

    def _discard(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            producer.close(timeout=0)
