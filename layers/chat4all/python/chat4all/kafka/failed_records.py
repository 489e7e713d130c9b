"""Where records go that a consumer could not take: aside for a retry, or to the dead letters."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from chat4all.clock import now_ms
from chat4all.domain.retry import Trouble
from chat4all.kafka.consumed import speaking_of
from chat4all.kafka.dead_letters import DeadLetter
from chat4all.kafka.publisher import Publisher
from chat4all.kafka.record import Record
from chat4all.logs import logger
from chat4all.retries.counting import count
from chat4all.retries.parking import Parking
from chat4all.tracing.current import following
from chat4all.tracing.kafka_headers import context_of


class FailedRecords:
    """Of one consumer."""

    def __init__(self, consumer: str, publisher: Publisher, parking: Parking) -> None:
        self._consumer = consumer
        self._publisher = publisher
        self._parking = parking

    def busy(self, lanes: Collection[str]) -> set[str]:
        """Lanes in which something is parked; raises PynamoDBException."""
        return self._parking.busy(lanes)

    def park(
        self, lane: str, records: Sequence[Record], trouble: Trouble, *, wake_up: bool = False
    ) -> Sequence[Record]:
        """Keep the records of a lane for a retry; those that could not be kept: their offsets must not be committed.

        One that is too large to be kept becomes a dead letter, and what follows it is tried again by the mapping.
        """
        try:
            self._parking.park(lane, [record.raw for record in records], trouble, wake_up=wake_up)
        except ValueError as error:
            return self._without_too_large(lane, records, trouble, error, wake_up=wake_up)
        except Exception:
            logger.exception("records could not be parked", lane=lane, cause=trouble.cause, records=len(records))
            count(self._consumer, "RecordsNotParked", len(records))
            return records
        with speaking_of(records[0]):
            logger.warning("records parked", lane=lane, cause=trouble.cause, records=len(records))
        count(self._consumer, "RecordsParked", len(records))
        return ()

    def bury(self, raw: Mapping[str, Any], cause: str) -> bool:
        """Send a record to the dead letters; False where that failed and its offset must not be committed."""
        letter = DeadLetter.of(raw, cause, self._consumer, 1, now_ms())
        with following(context_of(raw)):
            logger.error("record given up", origin=letter.origin, cause=cause)
        try:
            self._publisher.put_aside(letter)
        except Exception:
            logger.exception("dead letter not written", origin=letter.origin)
            return False
        count(self._consumer, "RecordsDead", 1)
        return True

    def skip(self, raw: Mapping[str, Any]) -> None:
        """Count a tombstone: a null value, which asks compaction to forget a key. There is nothing to be done about it."""
        logger.info("tombstone skipped", topic=raw["topic"], partition=raw["partition"], offset=raw["offset"])
        count(self._consumer, "TombstonesSkipped", 1)

    def _without_too_large(
        self, lane: str, records: Sequence[Record], trouble: Trouble, error: ValueError, *, wake_up: bool
    ) -> Sequence[Record]:
        for number, record in enumerate(records):
            try:
                self._parking.park(lane, [record.raw], trouble, wake_up=wake_up)
            except ValueError:
                if not self.bury(record.raw, f"{trouble.cause}; {error}"):
                    return records[number:]
            except Exception:
                logger.exception("record could not be parked", lane=lane)
                return records[number:]
        return ()
