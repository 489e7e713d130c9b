"""The event of a Kafka mapping."""

from local.api_gateway import now_ms
from local.application import KafkaMapping
from local.endpoints import Endpoints
from local.event_source_mappings.event import Source, event
from local.event_source_mappings.record import encode
from local.generated_events.asked import Asked
from local.start_error import StartError


def kafka_event(mappings: tuple[KafkaMapping, ...], asked: Asked, endpoints: Endpoints) -> bytes:
    """One record for each value, in partition 0 from offset 0 on. Raises StartError for what makes none."""
    topics = [mapping for mapping in mappings if asked.topic in (None, mapping.topic)]
    if not topics:
        names = ", ".join(mapping.topic for mapping in mappings)
        raise StartError(f"It reads no topic {asked.topic}; it reads: {names}.")
    mapping, values = topics[0], asked.values or ("{}",)
    if len(asked.keys) not in (0, 1, len(values)):
        raise StartError(f"There are {len(asked.keys)} keys for {len(values)} values: give one, or one for each.")
    keys = asked.keys if len(asked.keys) == len(values) else asked.keys * len(values)
    headers = [(name, value.encode()) for name, value in asked.headers]
    now = now_ms()
    records = [
        encode(
            mapping.topic,
            0,
            offset,
            now,
            "CREATE_TIME",
            keys[offset].encode() if keys else None,
            value.encode(),
            headers,
        )
        for offset, value in enumerate(values)
    ]
    return event(Source(mapping.event_source_arn, endpoints.kafka_bootstrap_servers), records)
