"""Where a consumer group starts to read a partition."""

from confluent_kafka import OFFSET_INVALID, Consumer, TopicPartition

from local.application import KafkaMapping

TIMEOUT_S = 5.0


def starting_points(
    mapping: KafkaMapping, consumer: Consumer, partitions: list[TopicPartition]
) -> tuple[list[TopicPartition], dict[int, int | None]]:
    """What to assign, and by partition the offset that the group has committed.

    StartingPosition holds only where nothing is committed. LATEST and AT_TIMESTAMP are resolved and committed here and
    now, so that a poller killed before its first batch does not skip what came meanwhile. Raises KafkaException.
    """
    found = consumer.committed(partitions, timeout=TIMEOUT_S)
    committed = {position.partition: position.offset for position in found if position.offset >= 0}
    fresh = [partition for partition in partitions if partition.partition not in committed]
    if fresh and mapping.starting_position != "TRIM_HORIZON":
        resolved = [_resolve(mapping, consumer, partition.partition) for partition in fresh]
        consumer.commit(offsets=resolved, asynchronous=False)
        committed |= {position.partition: position.offset for position in resolved}
    start = [
        TopicPartition(mapping.topic, number, committed.get(number, OFFSET_INVALID))
        for number in (partition.partition for partition in partitions)
    ]
    return start, {position.partition: committed.get(position.partition) for position in start}


def _resolve(mapping: KafkaMapping, consumer: Consumer, partition: int) -> TopicPartition:
    if mapping.starting_position == "AT_TIMESTAMP" and mapping.starting_position_timestamp is not None:
        milliseconds = round(mapping.starting_position_timestamp * 1000)
        wanted = TopicPartition(mapping.topic, partition, milliseconds)
        (position,) = consumer.offsets_for_times([wanted], timeout=TIMEOUT_S)
        if position.offset >= 0:
            return position
    _, high = consumer.get_watermark_offsets(TopicPartition(mapping.topic, partition), timeout=TIMEOUT_S)
    return TopicPartition(mapping.topic, partition, high)
