"""A record as Lambda gives it (developer guide, "Process Amazon MSK messages with Lambda"), in and out of the table."""

from collections.abc import Mapping
from typing import Any

from chat4all.clock import now_ms
from chat4all.stores.retries import ParkedRecord

MAX_BYTES = 380_000
"""Of key and value in base64, and headers: an item of DynamoDB has at most 400 KB with its attributes' names."""


def position_of(raw: Mapping[str, Any]) -> str:
    """Its place in the order of a lane."""
    return f"{int(raw['partition']):05d}@{int(raw['offset']):019d}"


def parked(lane: str, position: str, raw: Mapping[str, Any]) -> ParkedRecord:
    """As an item; raises ValueError where it is too large for one."""
    key, value = raw.get("key"), raw.get("value") or ""
    headers = raw.get("headers") or []
    size = len(key or "") + len(value) + len(str(headers))
    if size > MAX_BYTES:
        raise ValueError(f"{size} bytes are more than the {MAX_BYTES} that can be kept for a retry")
    return ParkedRecord(
        lane,
        position,
        topic=raw["topic"],
        partition=raw["partition"],
        offset=raw["offset"],
        timestamp=raw.get("timestamp", 0),
        timestamp_type=raw.get("timestampType", "CREATE_TIME"),
        key=key,
        value=value,
        headers=headers,
        parked_at=now_ms(),
    )


def unparked(record: ParkedRecord) -> dict[str, Any]:
    """As it came."""
    return {
        "topic": record.topic,
        "partition": int(record.partition),
        "offset": int(record.offset),
        "timestamp": int(record.timestamp),
        "timestampType": record.timestamp_type,
        **({"key": record.key} if record.key else {}),
        "value": record.value,
        "headers": record.headers,
    }
