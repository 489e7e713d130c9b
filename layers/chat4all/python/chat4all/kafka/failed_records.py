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
from chat4all.metrics.emission import count
from chat4all.metrics.metric_list import RECORDS_DEAD, RECORDS_NOT_PARKED, RECORDS_PARKED, TOMBSTONES_SKIPPED
from chat4all.retries.parking import Parking
from chat4all.tracing.current import following
from chat4all.tracing.kafka_headers import context_of


class FailedRecords:
    """Of one consumer."""

    def __init__(self, consumer: str, publisher: Publisher, parking: Parking) -> None:
        self.consumer = consumer
        """Its name, a label of metrics too."""
        self._aside: list[int] = []
        self._publisher = publisher
        self._parking = parking

    @property
    def aside(self) -> int:
        """Records that were parked or buried."""
        return sum(self._aside)

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
            count(RECORDS_NOT_PARKED, self.consumer, number=len(records))
            return records
        with speaking_of(records[0]):
            logger.warning("records parked", lane=lane, cause=trouble.cause, records=len(records))
        self._aside.append(len(records))
        count(RECORDS_PARKED, self.consumer, number=len(records))
        return ()

    def bury(self, raw: Mapping[str, Any], cause: str) -> bool:
        """Send a record to the dead letters; False where that failed and its offset must not be committed."""
        letter = DeadLetter.of(raw, cause, self.consumer, 1, now_ms())
        with following(context_of(raw)):
            logger.error("record given up", origin=letter.origin, cause=cause)
        try:
            self._publisher.put_aside(letter)
        except Exception:
            logger.exception("dead letter not written", origin=letter.origin)
            return False
        self._aside.append(1)
        count(RECORDS_DEAD, self.consumer)
        return True

    def skip(self, raw: Mapping[str, Any]) -> None:
        """Count a tombstone: a null value, which asks compaction to forget a key. There is nothing to be done about it."""
        logger.info("tombstone skipped", topic=raw["topic"], partition=raw["partition"], offset=raw["offset"])
        count(TOMBSTONES_SKIPPED, self.consumer)

    def _without_too_large(
        self, lane: str, records: Sequence[Record], trouble: Trouble, error: ValueError, *, wake_up: bool
    ) -> Sequence[Record]:
        for number, record in enumerate(records):
            try:
                self._parking.park(lane, [record.raw], trouble, wake_up=wake_up)
                self._aside.append(1)
            except ValueError:
                if not self.bury(record.raw, f"{trouble.cause}; {error}"):
                    return records[number:]
            except Exception:
                logger.exception("record could not be parked", lane=lane)
                return records[number:]
        return ()
