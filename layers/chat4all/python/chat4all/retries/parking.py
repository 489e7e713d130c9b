"""Parking: a record that failed, and those behind it in its lane, leave their partition's way."""

import random
import zlib
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from pynamodb.exceptions import DoesNotExist, TransactWriteError
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chat4all.clock import now_ms
from chat4all.domain.retry import RetryRules, Trouble, delay_s
from chat4all.retries.groups import group_of
from chat4all.retries.groups import shards as group_shards
from chat4all.retries.raw_record import parked, position_of
from chat4all.stores.retries import ParkedRecord, RetryLane
from chat4all.stores.table import is_unavailable

BEHIND = Trouble("behind another that failed", is_excused=True)
"""Of a record that was not tried."""
_AT_ONCE = 20
"""Records in one transaction: it has at most 100 actions and 4 MB."""
_AT_ONCE_BYTES = 2_000_000
_TRIES = 3


class Parking:
    """The parked records of one consumer."""

    def __init__(self, consumer: str, rules: RetryRules, shards: int) -> None:
        self._consumer = consumer
        self._rules = rules
        self._shards = group_shards(group_of(consumer), shards)

    def busy(self, keys: Collection[str]) -> set[str]:
        """Which of these have something parked: what follows must go behind it. 1 read unit for each key.

        Raises PynamoDBException.
        """
        lanes = {self._lane(key): key for key in keys}
        if len(lanes) == 1:
            try:
                RetryLane.get(next(iter(lanes)), consistent_read=True)
            except DoesNotExist:
                return set()
            return set(keys)
        return {lanes[found.lane] for found in RetryLane.batch_get(list(lanes), consistent_read=True)}

    def park(self, key: str, raws: Sequence[Mapping[str, Any]], trouble: Trouble, *, wake_up: bool = False) -> None:
        """Keep records of one lane, in order; the first has failed with `trouble`. Parking one twice changes nothing.

        Each record comes in one transaction with its lane, so that none is ever in a lane that nobody looks after.

        Args:
            wake_up: the records say only that there is work: the last one stands for all of the lane.

        Raises:
            ValueError: one is too large; those before it are parked. PynamoDBException: DynamoDB did not take them.
        """
        lane = self._lane(key)
        for raw in raws[-1:] if wake_up else ():
            self._write(lane, [parked(lane, "wake-up", raw)], trouble)
        batch: list[ParkedRecord] = []
        size = 0
        for raw in () if wake_up else raws:
            try:
                item = parked(lane, position_of(raw), raw)
            except ValueError:
                self._write(lane, batch, trouble)
                raise
            size += len(item.value)
            if batch and (len(batch) == _AT_ONCE or size > _AT_ONCE_BYTES):
                self._write(lane, batch, trouble)
                batch, size = [], len(item.value)
            batch.append(item)
        self._write(lane, batch, trouble)

    def _write(self, lane: str, records: Sequence[ParkedRecord], trouble: Trouble) -> None:
        if not records:
            return
        for tries_left in reversed(range(_TRIES)):
            try:
                with TransactWrite(connection=RetryLane.client()) as transaction:
                    for record in records:
                        transaction.save(record)
                    transaction.update(RetryLane(lane), self._begun(lane, records[0].position, trouble))
                return
            except TransactWriteError as error:  # the retrier may be at the lane at this moment
                if not tries_left or not is_unavailable(error):
                    raise

    def _begun(self, lane: str, head: str, trouble: Trouble) -> list[Action]:
        """The lane as it begins; one that is there stays as it is, but for its version."""
        chance = random.random()  # noqa: S311
        wait_s = delay_s(self._rules, 1, chance, trouble.wait_s, is_exact=trouble.is_exact)
        next_at = now_ms() + int(1000 * wait_s)
        new: list[tuple[Any, Any]] = [
            (RetryLane.due_shard, self._shards[zlib.crc32(lane.encode()) % len(self._shards)]),
            (RetryLane.next_at, next_at),
            (RetryLane.head, head),
            (RetryLane.tries, 1),
            (RetryLane.errors, 0 if trouble.is_excused else 1),
            (RetryLane.cause, trouble.cause),
        ]
        # The version starts from the clock: a lane that ends and begins anew never has a version that it had before.
        actions: list[Action] = [attribute.set(attribute | value) for attribute, value in new]
        return [*actions, RetryLane.version.set((RetryLane.version | now_ms()) + 1)]

    def _lane(self, key: str) -> str:
        return f"{self._consumer}#{key}"
