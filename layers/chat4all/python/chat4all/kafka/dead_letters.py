"""Dead letters: records that a consumer could not take, on `<topic>.dead_letter`, with cause and origin in their headers."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chat4all.tracing.kafka_headers import context_of, headers_of
from chat4all.tracing.trace_context import TraceContext

SUFFIX = ".dead_letter"
CAUSE, ORIGIN, CONSUMER, TRIES, TIME, STAMP = (
    f"chat4all-{name}" for name in ("cause", "origin", "consumer", "tries", "time", "timestamp")
)
"""Headers: why; `<topic>-<partition>@<offset>`; who gave up, after how many tries, when; when the record was produced
(the last two in milliseconds since 1970)."""
_CAUSE_MAX = 1_000
_LARGEST = 1_000_000
"""Bytes of a value: with its headers a letter has to fit in the 1 MB that a topic takes (max.message.bytes)."""
REPLAYED = "chat4all-replayed"
"""Header of a mark: the letter of this origin was sent to its topic again. A mark has no value."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A record, and why its consumer gave it up."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    cause: str
    consumer: str = ""
    tries: int = 1
    time_ms: int = 0
    timestamp_ms: int = 0
    trace: TraceContext | None = None
    """Of the record: a replay goes on in it."""

    @classmethod
    def of(cls, raw: Mapping[str, Any], cause: str, consumer: str, tries: int, time_ms: int) -> "DeadLetter":
        """Of a record as Lambda gives it; a key or value that is no base64 is kept as its text; too large: not kept."""
        value, cause = _bytes(raw.get("value")), cause[:_CAUSE_MAX]
        if value is not None and len(value) > _LARGEST:
            cause, value = f"{cause}; its value of {len(value)} bytes is left at its origin", None
        return cls(
            raw["topic"],
            int(raw["partition"]),
            int(raw["offset"]),
            _bytes(raw.get("key")),
            value,
            cause,
            consumer,
            tries,
            time_ms,
            int(raw.get("timestamp") or 0),
            context_of(raw),
        )

    @property
    def origin(self) -> str:
        """Where it came from; names it for ever."""
        return origin_of(self.topic, self.partition, self.offset)

    @property
    def headers(self) -> list[tuple[str, bytes]]:
        """Of its record on the dead letter topic."""
        texts = {
            CAUSE: self.cause,
            ORIGIN: self.origin,
            CONSUMER: self.consumer,
            TRIES: str(self.tries),
            TIME: str(self.time_ms),
            STAMP: str(self.timestamp_ms),
        }
        own = [(name, text.encode(errors="backslashreplace")) for name, text in texts.items()]
        return own + headers_of(self.trace)


def origin_of(topic: str, partition: int, offset: int) -> str:
    """Names a record for ever: `<topic>-<partition>@<offset>`."""
    return f"{topic}-{partition}@{offset}"


def parse_origin(origin: str) -> tuple[str, int, int]:
    """(topic, partition, offset) of what `origin_of` gave; raises ValueError."""
    place, _, offset = origin.rpartition("@")
    topic, _, partition = place.rpartition("-")
    return topic, int(partition), int(offset)


def _bytes(text: Any) -> bytes | None:
    if text is None:
        return None
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError, TypeError):
        return str(text).encode(errors="backslashreplace")
