"""What consumers have parked: lanes that wait for their next try (docs/decisions/0014)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chat4all.admin.dead_letter_records import content
from chat4all.admin.errors import AdminError
from chat4all.clock import now_ms, rfc3339
from chat4all.domain.retry import RetryRules
from chat4all.kafka.dead_letters import DeadLetter
from chat4all.retries.groups import rules_of
from chat4all.retries.lane import consumer_of
from chat4all.retries.raw_record import unparked
from chat4all.stores.retries import ParkedRecord, RetryLane

_PAGE = 500
"""Lanes read at once: a call of DynamoDB stays short."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which lanes are meant; every field that is given must fit."""

    lanes: Sequence[str] = ()
    consumer: str | None = None
    cause: str | None = None
    """A part of the cause, whatever its case."""

    def fits(self, lane: RetryLane) -> bool:
        return (
            (not self.lanes or lane.lane in self.lanes)
            and self.consumer in (None, consumer_of(lane.lane))
            and (self.cause is None or self.cause.lower() in lane.cause.lower())
        )


def find(wanted: Filter) -> list[RetryLane]:
    """Lanes, the one that is tried next first. Raises AdminError: there is no such lane. PynamoDBException."""
    found = list(RetryLane.scan(consistent_read=True, page_size=_PAGE))
    known = {lane.lane for lane in found}
    missing = [lane for lane in wanted.lanes if lane not in known]
    if missing:
        raise AdminError(f"nothing is parked in {missing[0]!r}: lanes are named as list shows them; or it has ended")
    return sorted((lane for lane in found if wanted.fits(lane)), key=lambda lane: (int(lane.next_at), lane.lane))


def summary(lane: RetryLane, rules: RetryRules) -> dict[str, Any]:
    """What waits, why and until when: {lane, state, records, tries, errors, cause, parked_at?, next_try_at, given_up_at?}.

    `state`: `waiting`, or `at_work` while a retrier has it. `given_up_at`: when its first record is tried for the last time while
    others are at fault; errors of ours end it earlier, after `rules.max_errors`.
    """
    at_work = lane.claimed_until is not None and int(lane.claimed_until) > now_ms()
    known: dict[str, Any] = {
        "lane": lane.lane,
        "state": "at_work" if at_work else "waiting",
        "records": ParkedRecord.count(lane.lane, consistent_read=True),
        "tries": int(lane.tries),
        "errors": int(lane.errors),
        "errors_allowed": rules.max_errors,
        "cause": lane.cause,
        "next_try_at": rfc3339(int(lane.next_at)),
    }
    for first in ParkedRecord.query(lane.lane, consistent_read=True, limit=1):
        parked_at, age_s = int(first.parked_at), rules_of(consumer_of(lane.lane), rules).max_age_s
        known |= {"parked_at": rfc3339(parked_at), "given_up_at": rfc3339(parked_at + int(age_s * 1000))}
    return known


def records(lane: RetryLane, limit: int) -> list[dict[str, Any]]:
    """The first records of a lane in their order: {id, parked_at, conversation, bytes} and what each holds."""
    shown = []
    for record in ParkedRecord.query(lane.lane, consistent_read=True, limit=limit):
        raw = DeadLetter.of(unparked(record), "", "", 0, 0)
        known = {
            "id": raw.origin,
            "parked_at": rfc3339(int(record.parked_at)),
            "conversation": None if raw.key is None else raw.key.decode(errors="backslashreplace"),
            "bytes": len(raw.value or b""),
        }
        shown.append(known | content(raw.value))
    return shown
