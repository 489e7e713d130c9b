"""Ids of deliveries: UUIDv7 of the event's time, made of the event and the endpoint, so that an event that comes twice is one."""

import hashlib
import uuid

_TIME_BITS = 48


def delivery_id(time_ms: int, event_id: str, webhook_id: str) -> str:
    """The delivery of that event to that endpoint (RFC 9562, 5.7, with a hash in the place of chance)."""
    chance = hashlib.sha256(f"{event_id} {webhook_id}".encode()).digest()[:10]
    return str(
        uuid.UUID(
            bytes=time_ms.to_bytes(6)
            + bytes([0x70 | chance[0] & 0x0F, chance[1], 0x80 | chance[2] & 0x3F])
            + chance[3:]
        )
    )


def first_id(time_ms: int) -> str:
    """Not above any id of that millisecond or later, and above all of before."""
    within = min(max(time_ms, 0), 2**_TIME_BITS - 1)
    return str(uuid.UUID(bytes=within.to_bytes(6) + bytes(10)))
