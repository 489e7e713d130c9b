"""The event that a function of a Kafka event source mapping gets."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from local.event_source_mappings.record import Record

MAXIMUM_EVENT_BYTES = 6 * 1024 * 1024
"""Of a synchronous invocation's payload ("Lambda quotas")."""

ENVELOPE_BYTES = 16 * 1024
"""Room left for everything of the event that is not a record: addresses, the ARN, and the names of the partitions."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a mapping's records come from. `event_source_arn` is None for a self-managed cluster."""

    event_source_arn: str | None
    bootstrap_servers: str

    def fields(self) -> dict[str, str]:
        """The event but for its records ("Using Lambda with Amazon MSK", "… self-managed Apache Kafka")."""
        if self.event_source_arn is None:
            return {"eventSource": "SelfManagedKafka", "bootstrapServers": self.bootstrap_servers}
        return {
            "eventSource": "aws:kafka",
            "eventSourceArn": self.event_source_arn,
            "bootstrapServers": self.bootstrap_servers,
        }


def event(source: Source, records: Sequence[Record]) -> bytes:
    """The event as JSON. `records` come grouped by partition and in order of their offsets."""
    groups = b",".join(
        _group(name, group) for name, group in groupby(records, key=lambda record: record.topic_partition)
    )
    head = json.dumps(source.fields(), separators=(",", ":")).encode()
    return head[:-1] + b',"records":{' + groups + b"}}"


def _group(name: str, records: Iterable[Record]) -> bytes:
    return json.dumps(name).encode() + b":[" + b",".join(record.json for record in records) + b"]"
