"""Reading topics from their beginning to where they end now, as no member of any group."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chat4all.admin.errors import AdminError
from chat4all.kafka.cluster import Cluster
from chat4all.kafka.reach import reach_any

_TIMEOUT_S = 10.0


class Topics:
    """Topics of a cluster."""

    def __init__(self, consumer: Any) -> None:
        self._consumer = consumer

    def names(self) -> set[str]:
        return set(self._consumer.topics())

    def read(self, topic: str) -> Iterator[Any]:
        """Every record (kafka-python's ConsumerRecord) that is there now. Raises AdminError where Kafka stops answering."""
        from kafka import TopicPartition

        consumer = self._consumer
        partitions = [TopicPartition(topic, number) for number in sorted(consumer.partitions_for_topic(topic) or ())]
        consumer.assign(partitions)
        consumer.seek_to_beginning(*partitions)
        ends = consumer.end_offsets(partitions)
        while left := [p for p in partitions if consumer.position(p) < ends[p]]:
            records = consumer.poll(timeout_ms=int(_TIMEOUT_S * 1000))
            if not records:
                raise AdminError(
                    f"Kafka gave nothing more of {topic} within {_TIMEOUT_S:g} s; {len(left)} partitions are left"
                )
            for partition, batch in records.items():
                yield from (record for record in batch if record.offset < ends[partition])

    def record_at(self, topic: str, partition: int, offset: int) -> Any:
        """The record of that offset; None where it is no longer kept."""
        from kafka import TopicPartition

        consumer, place = self._consumer, TopicPartition(topic, partition)
        consumer.assign([place])
        if not consumer.beginning_offsets([place])[place] <= offset < consumer.end_offsets([place])[place]:
            return None
        consumer.seek(place, offset)
        for batch in consumer.poll(timeout_ms=int(_TIMEOUT_S * 1000), max_records=1).values():
            if batch[0].offset == offset:
                return batch[0]
        return None


@contextmanager
def topics(cluster: Cluster) -> Iterator[Topics]:
    """Topics of the cluster; raises AdminError where it does not answer."""
    from kafka import KafkaConsumer
    from kafka.errors import KafkaError

    try:
        reach_any(cluster.bootstrap_servers, _TIMEOUT_S)
        consumer = KafkaConsumer(
            **cluster.client_settings(),
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            allow_auto_create_topics=False,
            bootstrap_timeout_ms=int(_TIMEOUT_S * 1000),
            metrics_enabled=False,
        )
    except (KafkaError, OSError, ValueError) as error:
        raise AdminError(f"Kafka does not answer at {cluster.bootstrap_servers or '(no servers)'}: {error}") from error
    try:
        yield Topics(consumer)
    except KafkaError as error:
        raise AdminError(f"Kafka failed: {type(error).__name__}: {error}") from error
    finally:
        consumer.close()
