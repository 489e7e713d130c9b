"""One readable record of a batch."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chat4all.tracing.trace_context import TraceContext


@dataclass(frozen=True, slots=True)
class Record:
    """One readable record."""

    topic: str
    partition: int
    offset: int
    key: str
    event: Mapping[str, Any]
    """The CloudEvent: `type`, `subject` (conversation id), `data`, `time`."""
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """As Lambda gave it."""
    is_last_try: bool = False
    """It will not come again: what can be told of its failure is told now."""
    trace: TraceContext | None = None
    """What it comes of: its headers say it, and once it is handled (chat4all.kafka.consumed) the span of that."""
