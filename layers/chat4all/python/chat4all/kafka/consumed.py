"""Records as they are handled: each in the trace that it comes of, in a span of its own, with its ids in every line."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace

from chat4all import logs
from chat4all.kafka.record import Record
from chat4all.tracing import spans
from chat4all.tracing.current import following
from chat4all.tracing.spans import Kind, Span

_IDS = ("message_id", "conversation_id", "file_id", "webhook_id", "delivery_id")
"""Of an event's data, which lines say too."""


@contextmanager
def consumed(record: Record) -> Iterator[Record]:
    """Handle it inside, as what is given."""
    with _begun(record) as own, following(own.context), logs.within(**_ids(record)):
        yield replace(record, trace=own.context)


@contextmanager
def consumed_together(records: Sequence[Record]) -> Iterator[Sequence[Record]]:
    """Handle several at once: each has its span, and what is done for one of them follows its `trace`."""
    if len(records) == 1:
        with consumed(records[0]) as record:
            yield [record]
        return
    with ExitStack() as stack:
        yield [replace(record, trace=stack.enter_context(_begun(record)).context) for record in records]


@contextmanager
def speaking_of(record: Record) -> Iterator[None]:
    """What is logged inside is about it."""
    with following(record.trace), logs.within(**_ids(record)):
        yield


def _begun(record: Record) -> AbstractContextManager[Span]:
    about: dict[str, spans.Value | None] = {
        "messaging.system": "kafka",
        "messaging.operation.type": "process",
        "messaging.destination.name": record.topic,
        "messaging.destination.partition.id": str(record.partition),
        "messaging.kafka.offset": record.offset,
        "chat4all.event_type": str(record.event.get("type")),
    }
    return spans.begun(f"process {record.topic}", Kind.CONSUMER, record.trace, about)


def _ids(record: Record) -> dict[str, str]:
    data = record.event.get("data") or {}
    return {name: str(data[name]) for name in _IDS if data.get(name)}
