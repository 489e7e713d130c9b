"""Request ids of Lambda: random UUIDs, version 4 (RFC 9562)."""

from uuid import UUID

from local.random_blocks import random_blocks

_RANDOM = random_blocks(16)


def new_request_id() -> str:
    """Such as `8f5032b0-7ac4-4b2c-9d3c-2c1f5a7e9d10`."""
    return str(UUID(bytes=next(_RANDOM), version=4))
