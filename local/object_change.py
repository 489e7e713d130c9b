"""What became of an object, whoever tells it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ObjectState:
    """What tells one content of an object from another."""

    etag: str
    """Without quotation marks."""
    size: int
    """Bytes."""
    modified_s: int
    """Seconds since the epoch."""


@dataclass(frozen=True, slots=True)
class ObjectChange:
    """An object was made, replaced or removed."""

    bucket: str
    key: str
    event: str
    """`ObjectCreated:Put`, `ObjectCreated:CompleteMultipartUpload` or `ObjectRemoved:Delete`."""
    time: datetime
    state: ObjectState | None = None
    """What is there now; None for one that was removed."""
