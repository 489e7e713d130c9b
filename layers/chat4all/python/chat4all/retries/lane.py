"""One lane under work: claimed by one retrier at a time, its records in order."""

from dataclasses import dataclass
from typing import Any

from pynamodb.exceptions import DeleteError, DoesNotExist, UpdateError
from pynamodb.expressions.update import Action

from chat4all.clock import now_ms
from chat4all.domain.retry import Trouble
from chat4all.stores.retries import ParkedRecord, RetryLane
from chat4all.stores.table import condition_failed


@dataclass(slots=True)
class Lane:
    """What is known of a lane while it is worked on. Every write but the removal of what is done holds only under the claim."""

    name: str
    lease_s: float
    """How long nobody else works on it: above the time of any one try. Then whoever had it has died."""
    until: int
    """`next_at` that the claim has written."""
    version: int
    head: str
    tries: int
    errors: int
    cause: str

    @property
    def consumer(self) -> str:
        return consumer_of(self.name)

    def records(self, limit: int) -> list[ParkedRecord]:
        """The first ones; knows whether the count of tries is that of the very first."""
        found = list(ParkedRecord.query(self.name, consistent_read=True, limit=limit))
        if found and found[0].position != self.head:
            self.head, self.tries, self.errors = found[0].position, 0, 0
        return found

    def renew(self) -> bool:
        """Hold the claim for another try; False where it was lost."""
        until = now_ms() + int(self.lease_s * 1000)
        return self._move_to(until, RetryLane.claimed_until.set(until))

    def postpone(self, delay_s: float, trouble: Trouble) -> None:
        """Let go until the next try."""
        self.cause = trouble.cause
        self._move_to(now_ms() + int(delay_s * 1000), RetryLane.claimed_until.remove())

    def removed(self) -> bool:
        """End the lane, where nothing was parked in it meanwhile."""
        free = (RetryLane.version == self.version) & (RetryLane.next_at == self.until)
        try:
            RetryLane(self.name).delete(condition=free)
        except DeleteError as error:
            if not condition_failed(error):
                raise
            return False
        return True

    def refresh(self) -> bool:
        """Read again what was parked meanwhile; False where the claim was lost."""
        try:
            found = RetryLane.get(self.name, consistent_read=True)
        except DoesNotExist:
            return False
        self.version = int(found.version)
        return int(found.next_at) == self.until

    def _move_to(self, next_at: int, claim: Action) -> bool:
        actions: list[Action] = [
            RetryLane.next_at.set(next_at),
            claim,
            RetryLane.head.set(self.head),
            RetryLane.tries.set(self.tries),
            RetryLane.errors.set(self.errors),
            RetryLane.cause.set(self.cause),
        ]
        if not _update(self.name, actions, RetryLane.next_at == self.until):
            return False
        self.until = next_at
        return True


def consumer_of(lane: str) -> str:
    """Whose records are in the lane of this name."""
    return lane.split("#", 1)[0]


def claim(name: str, next_at: int, lease_s: float) -> Lane | None:
    """Claim a lane that was due at `next_at`; None where another was quicker."""
    lane = RetryLane(name)
    until = now_ms() + int(lease_s * 1000)
    try:
        leased: list[Action] = [RetryLane.next_at.set(until), RetryLane.claimed_until.set(until)]
        lane.update(leased, condition=RetryLane.next_at == next_at)
    except UpdateError as error:
        if condition_failed(error):
            return None
        raise
    return Lane(name, lease_s, until, int(lane.version), lane.head, int(lane.tries), int(lane.errors), lane.cause)


def release(name: str, next_at: int) -> bool:
    """Have a lane that waits until `next_at` tried at once; False where it is worked on, was moved on, or has ended."""
    free = RetryLane.claimed_until.does_not_exist() | (RetryLane.claimed_until <= now_ms())
    return _update(name, [RetryLane.next_at.set(now_ms())], (RetryLane.next_at == next_at) & free)


def remove(record: ParkedRecord) -> None:
    """It is done, or a dead letter. A wake-up that was parked in its place meanwhile stays."""
    same = (ParkedRecord.offset == record.offset) & (ParkedRecord.partition == record.partition)
    try:
        ParkedRecord(record.lane, record.position).delete(condition=same)
    except DeleteError as error:
        if not condition_failed(error):
            raise


def _update(name: str, actions: list[Action], condition: Any) -> bool:
    try:
        RetryLane(name).update(actions, condition=condition)
    except UpdateError as error:
        if not condition_failed(error):
            raise
        return False
    return True
