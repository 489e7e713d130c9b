"""A batch of an event source mapping: what fails leaves the way of the rest, in the order that its consumer needs.

What is answered as failed (ReportBatchItemFailures, AWS Lambda developer guide, "Kafka partial batch responses") makes the
mapping go on at the lowest such offset of a partition, so that records behind it come again: handlers are idempotent. That is
the last resort, for when nothing can be put aside because DynamoDB or Kafka is away (docs/decisions/0014).
"""

import base64
import binascii
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from chat4all.domain.retry import Trouble
from chat4all.kafka.consumed import consumed, consumed_together, speaking_of
from chat4all.kafka.events import UnreadableEvent, decode
from chat4all.kafka.failed_records import FailedRecords
from chat4all.kafka.record import Record
from chat4all.logs import logger
from chat4all.metrics.emission import count
from chat4all.metrics.metric_list import RECORDS_HANDLED
from chat4all.retries.parking import BEHIND
from chat4all.retries.retried_records import RetriedRecords
from chat4all.retries.trouble import Waiting, is_outage, trouble_of
from chat4all.tracing.kafka_headers import context_of

__all__ = ["Record", "process_batch", "process_groups", "process_in_order"]


def by_key(record: Record) -> str:
    """The lane of a conversation."""
    return record.key


def _always() -> bool:
    return True


def process_in_order(
    event: Mapping[str, Any],
    handle_record: Callable[[Record], None],
    failed: FailedRecords,
    *,
    lane_of: Callable[[Record], str] = by_key,
    is_ordered: bool = True,
    has_time: Callable[[], bool] = _always,
    at_once: int = 1,
) -> dict[str, Any]:
    """Call `handle_record` for each record; one that fails is parked, and so is what follows it in its lane.

    Args:
        at_once: so many lanes are handled side by side.
        is_ordered: what comes later for a lane with something parked is parked too (1 read unit a lane and batch); else it
            is handled at once.
        has_time: asked before each record. Where it says no, this and the rest is left to the next invocation.

    Returns:
        `{"batchItemFailures": [{"itemIdentifier": {"partition": "topic-0", "offset": 100}}]}`
    """
    batch = _Batch(event, failed)
    lanes = batch.lanes(lane_of)
    try:
        busy = batch.failed.busy(lanes.keys()) if is_ordered and lanes else set()
    except Exception as error:
        _log_failure(batch.records[0], error)
        return batch.answer(batch.records)

    def handle(lane: str, records: list[Record]) -> None:
        batch.handle(lane, records, handle_record, has_time, is_busy=lane in busy)

    if at_once == 1 or len(lanes) < 2:
        for lane, records in lanes.items():
            handle(lane, records)
    else:
        with ThreadPoolExecutor(min(at_once, len(lanes)), thread_name_prefix="lane") as pool:
            list(pool.map(handle, lanes, lanes.values()))
    return batch.answer()


def process_groups(
    event: Mapping[str, Any], handle_group: Callable[[Sequence[Record]], object], failed: FailedRecords
) -> dict[str, Any]:
    """Call `handle_group` with the records of each key, in order. They are wake-ups: after an exception the last one is parked
    and stands for all, and what comes later for the key is handled at once."""
    batch = _Batch(event, failed)
    for key, records in batch.lanes(by_key).items():
        if batch.is_stopped:
            batch.leave(records)
            continue
        try:
            with consumed_together(records) as traced:
                handle_group(traced)
        except Exception as error:
            _log_failure(records[0], error)
            batch.leave(batch.failed.park(key, records, trouble_of(error), wake_up=True), stop=True)
    return batch.answer()


def process_batch(
    event: Mapping[str, Any],
    handle_all: Callable[[Sequence[Record]], None],
    failed: FailedRecords,
    give_up: Callable[[Record], None],
) -> dict[str, Any]:
    """Call `handle_all` once with every readable record; where that fails, with each alone.

    One that still fails is dead at once, since it would come too late: `give_up` makes up for it. In an outage nothing is
    given up, and all come again.
    """
    batch = _Batch(event, failed)
    if not batch.records:
        return batch.answer()
    try:
        with consumed_together(batch.records) as traced:
            handle_all(traced)
    except Exception as error:
        _log_failure(batch.records[0], error)
        if is_outage(error):
            return batch.answer(batch.records)
        for number, record in enumerate(batch.records):
            try:
                with consumed(record) as traced_alone:
                    handle_all([traced_alone])
            except Exception as alone:
                _log_failure(record, alone)
                if is_outage(alone) or not batch.failed.bury(record.raw, trouble_of(alone).cause):
                    return batch.answer(batch.records[number:])
                with suppress(Exception):
                    give_up(record)
    return batch.answer()


class _Batch:
    """The readable records of an event, and what of it must come again."""

    def __init__(self, event: Mapping[str, Any], failed: FailedRecords) -> None:
        retry = event.get("retry")
        self._consumer = failed.consumer
        self._count = sum(map(len, event["records"].values()))
        self.failed = failed if retry is None else RetriedRecords()
        self._aside = self.failed.aside
        self.is_stopped = False
        self._left: list[Mapping[str, Any]] = []
        self.records = list(self._readable(event, is_last_try=bool(retry and retry.get("last"))))

    def lanes(self, lane_of: Callable[[Record], str]) -> dict[str, list[Record]]:
        groups: dict[str, list[Record]] = {}
        for record in self.records:
            groups.setdefault(lane_of(record), []).append(record)
        return groups

    def handle(
        self,
        lane: str,
        records: Sequence[Record],
        handle_record: Callable[[Record], None],
        has_time: Callable[[], bool],
        *,
        is_busy: bool,
    ) -> None:
        """The records of one lane, in order; parked behind what is in it already, or from the first that fails."""
        if self.is_stopped or not has_time():
            self.leave(records)
        elif is_busy:
            self.leave(self.failed.park(lane, records, BEHIND), stop=True)
        else:
            rest, trouble = _one_by_one(records, handle_record, self.failed, has_time)
            # What was not tried for want of time is not the record's fault, nor is it when even the poison cannot be put aside.
            self.leave(self.failed.park(lane, rest, trouble) if rest and trouble else rest, stop=True)

    def leave(self, records: Iterable[Record], *, stop: bool = False) -> None:
        """These come again; with `stop`, where there are any, nothing more is tried: what keeps records is away."""
        before = len(self._left)
        self._left.extend(record.raw for record in records)
        self.is_stopped = self.is_stopped or (stop and len(self._left) > before)

    def answer(self, more: Iterable[Record] = ()) -> dict[str, Any]:
        self.leave(more)
        failures = [
            {"itemIdentifier": {"partition": f"{raw['topic']}-{raw['partition']}", "offset": raw["offset"]}}
            for raw in self._left
        ]
        handled = self._count - len(self._left) - (self.failed.aside - self._aside)
        if handled > 0:
            count(RECORDS_HANDLED, self._consumer, number=handled)
        troubles = self.failed.troubles if isinstance(self.failed, RetriedRecords) else None
        return {"batchItemFailures": failures} | ({} if troubles is None else {"troubles": troubles})

    def _readable(self, event: Mapping[str, Any], *, is_last_try: bool) -> Iterable[Record]:
        for raws in event["records"].values():
            for raw in raws:
                try:
                    record = _read(raw, is_last_try)
                except UnreadableEvent as error:
                    if not self.failed.bury(raw, str(error)):
                        self._left.append(raw)
                    continue
                if record is None:
                    self.failed.skip(raw)
                else:
                    yield record


def _read(raw: Mapping[str, Any], is_last_try: bool) -> Record | None:
    """The record; None where it is a tombstone."""
    value, key = _decoded(raw, "value"), _decoded(raw, "key")
    if value is None:
        return None
    document = decode(raw["topic"], value)
    subject = str(document["subject"])
    if key != subject.encode():
        found = "has no key" if key is None else f"has the key {key[:64].decode(errors='backslashreplace')!r}"
        raise UnreadableEvent(f"the record {found}, not its subject {subject}: it may be on a partition without order")
    trace = context_of(raw)
    return Record(raw["topic"], raw["partition"], raw["offset"], subject, document, raw, is_last_try, trace)


def _decoded(raw: Mapping[str, Any], name: str) -> bytes | None:
    text = raw.get(name)
    if text is None:
        return None
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError, TypeError) as error:
        raise UnreadableEvent(f"the {name} is not base64: {error}") from error


def _one_by_one(
    records: Sequence[Record],
    handle_record: Callable[[Record], None],
    failed: FailedRecords | RetriedRecords,
    has_time: Callable[[], bool],
) -> tuple[Sequence[Record], Trouble | None]:
    """Handles records in order; those from the first that failed, and why. Without a reason they were not tried."""
    for number, record in enumerate(records):
        if not has_time():
            return records[number:], None
        try:
            with consumed(record) as traced:
                handle_record(traced)
        except UnreadableEvent as error:
            if not failed.bury(record.raw, str(error)):
                return records[number:], None
        except Exception as error:
            _log_failure(record, error)
            return records[number:], trouble_of(error)
    return (), None


def _log_failure(record: Record, error: Exception) -> None:
    place: dict[str, Any] = {"topic": record.topic, "partition": record.partition, "offset": record.offset}
    with speaking_of(record):
        if isinstance(error, Waiting):
            logger.info("record waits", **place, cause=str(error))
        else:
            logger.exception("record failed", **place, error=type(error).__name__)
