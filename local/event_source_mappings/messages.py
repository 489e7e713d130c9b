"""A librdkafka message as a record of the event."""

from confluent_kafka import TIMESTAMP_CREATE_TIME, TIMESTAMP_LOG_APPEND_TIME, Message

from local.event_source_mappings.record import Headers, Record, encode

TIMESTAMP_TYPES = {TIMESTAMP_CREATE_TIME: "CREATE_TIME", TIMESTAMP_LOG_APPEND_TIME: "LOG_APPEND_TIME"}


def to_record(message: Message) -> Record:
    """The record of a message that carries no error."""
    timestamp_type, timestamp_ms = message.timestamp()
    topic, partition, offset = message.topic(), message.partition(), message.offset()
    if topic is None or partition is None or offset is None:
        raise ValueError("a message without topic, partition or offset")
    return encode(
        topic,
        partition,
        offset,
        timestamp_ms,
        TIMESTAMP_TYPES.get(timestamp_type, "NO_TIMESTAMP_TYPE"),
        _bytes(message.key()),
        _bytes(message.value()),
        _headers(message),
    )


def _bytes(content: bytes | str | None) -> bytes | None:
    return content.encode() if isinstance(content, str) else content


def _headers(message: Message) -> Headers:
    headers = message.headers() or []
    pairs = headers.items() if isinstance(headers, dict) else headers
    return [(name, _bytes(content)) for name, content in pairs]
