"""A batch of an event source mapping: conversations apart from one another, each in order, poison put aside.

Failures are reported by item (ReportBatchItemFailures, AWS Lambda developer guide, "Kafka partial batch responses").
Lambda goes on at the lowest failed offset of a partition, so that records behind it come again: handlers are idempotent.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.data_classes.kafka_event import KafkaEvent, KafkaEventRecord

from chat4all.kafka.events import UnreadableEvent, decode
from chat4all.kafka.publisher import DeadLetter, Publisher

logger = Logger(service="chat4all")


@dataclass(frozen=True, slots=True)
class Record:
    """One readable record."""

    topic: str
    partition: int
    offset: int
    key: str
    event: Mapping[str, Any]
    """The CloudEvent: `type`, `subject` (conversation id), `data`, `time`."""


def process_in_order(
    event: Mapping[str, Any], handle_record: Callable[[Record], None], publisher: Publisher
) -> dict[str, Any]:
    """Call `handle_record` for each record; after a failure the later records of that key are not tried, but reported.

    Returns:
        `{"batchItemFailures": [{"itemIdentifier": {"partition": "topic-0", "offset": 100}}]}`
    """

    return process_groups(event, _one_by_one(handle_record, publisher), publisher)


def process_groups(
    event: Mapping[str, Any], handle_group: Callable[[Sequence[Record]], Sequence[Record]], publisher: Publisher
) -> dict[str, Any]:
    """Call `handle_group` with the records of each key, in order; it returns those that it could not handle.

    An exception means that it could handle none of the group.
    """
    return _handled(_readable_by_key(event, publisher).values(), handle_group)


def process_batch(
    event: Mapping[str, Any], handle_all: Callable[[Sequence[Record]], None], publisher: Publisher
) -> dict[str, Any]:
    """Call `handle_all` once with every readable record; where that fails, with each alone, so that only its key waits."""
    groups = _readable_by_key(event, publisher).values()
    records = [record for group in groups for record in group]
    try:
        if records:
            handle_all(records)
    except Exception as error:
        _log_failure(records[0], error)
        return _handled(groups, _one_by_one(lambda record: handle_all([record]), publisher))
    return {"batchItemFailures": []}


def _one_by_one(
    handle_record: Callable[[Record], None], publisher: Publisher
) -> Callable[[Sequence[Record]], Sequence[Record]]:
    """Handles the records of one key in order up to the first that fails; from there on they are returned."""

    def handle_group(records: Sequence[Record]) -> Sequence[Record]:
        for position, record in enumerate(records):
            try:
                handle_record(record)
            except UnreadableEvent as error:
                _put_aside(publisher, record, error)
            except Exception as error:
                _log_failure(record, error)
                return records[position:]
        return ()

    return handle_group


def _handled(
    groups: Iterable[Sequence[Record]], handle_group: Callable[[Sequence[Record]], Sequence[Record]]
) -> dict[str, Any]:
    failed: list[Record] = []
    for records in groups:
        try:
            failed.extend(handle_group(records))
        except Exception as error:
            _log_failure(records[0], error)
            failed.extend(records)
    return {
        "batchItemFailures": [
            {"itemIdentifier": {"partition": f"{r.topic}-{r.partition}", "offset": r.offset}} for r in failed
        ]
    }


def _readable_by_key(event: Mapping[str, Any], publisher: Publisher) -> dict[str, list[Record]]:
    groups: dict[str, list[Record]] = {}
    for raw in KafkaEvent(dict(event)).records:
        try:
            document = decode(raw.topic, _value(raw))
        except UnreadableEvent as error:
            _put_aside(publisher, raw, error)
            continue
        key = str(document["subject"])
        groups.setdefault(key, []).append(Record(raw.topic, raw.partition, raw.offset, key, document))
    return groups


def _value(raw: KafkaEventRecord) -> bytes | None:
    try:
        return raw.decoded_value if raw.get("value") else None
    except ValueError as error:
        raise UnreadableEvent(f"the value is not base64: {error}") from error


def _put_aside(publisher: Publisher, record: KafkaEventRecord | Record, error: UnreadableEvent) -> None:
    logger.error(
        "poison record", topic=record.topic, partition=record.partition, offset=record.offset, cause=str(error)
    )
    if isinstance(record, Record):
        letter = DeadLetter.of_event(record.topic, record.partition, record.offset, record.event, str(error))
    else:
        letter = DeadLetter.of_raw(record, str(error))
    publisher.put_aside(letter)


def _log_failure(record: Record, error: Exception) -> None:
    logger.exception(
        "record failed",
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        error=type(error).__name__,
    )
