"""A consumer, its parked records on a real engine, and the retrier, with Lambda's Invoke API replaced by a call."""

import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from chat4all.config import Settings
from chat4all.kafka.batch import process_in_order
from chat4all.kafka.dead_letters import DeadLetter
from chat4all.kafka.failed_records import FailedRecords
from chat4all.kafka.record import Record
from chat4all.retries.invoker import Invoker
from chat4all.retries.parking import Parking
from chat4all.retries.retrier import Retried, Retrier
from chat4all.stores.retries import ParkedRecord, RetryLane
from tests.contract.messaging import KeptPublisher
from tests.unit.kafka.batches import batch, said


class Letters(KeptPublisher):
    """A producer that keeps dead letters."""

    def __init__(self) -> None:
        super().__init__()
        self.letters: list[DeadLetter] = []

    def put_aside(self, letter: DeadLetter) -> None:
        """Keep it."""
        self.letters.append(letter)


class Called(Invoker):
    """Calls the consumer in this process."""

    def __init__(self, consumer: str, call: Callable[[dict[str, Any]], Any]) -> None:
        super().__init__({consumer: "function"})
        self._call = call

    def _invoke(self, _function: str, event: Any) -> Any:
        return self._call(event)


@dataclass
class RetryWorld:
    """One consumer of its own name; `fails` says what its handler raises."""

    settings: Settings = field(
        default_factory=lambda: Settings(retry_first_s=0.01, retry_longest_s=0.05, retry_lease_s=0.5, retry_shards=1)
    )
    consumer: str = field(default_factory=lambda: f"consumer-{uuid.uuid4()}")
    publisher: Letters = field(default_factory=Letters)
    handled: list[tuple[str, int]] = field(default_factory=list)
    tried: list[tuple[str, int]] = field(default_factory=list)
    fails: dict[tuple[str, int], Exception] = field(default_factory=dict)
    is_ordered: bool = True

    def __post_init__(self) -> None:
        parking = Parking(self.consumer, self.settings.retry_rules, self.settings.retry_shards)
        self.failed_records = FailedRecords(self.consumer, self.publisher, parking)
        self.retrier = self.new_retrier()

    def new_retrier(self, call: Callable[[dict[str, Any]], Any] | None = None) -> Retrier:
        """One that calls `call` instead of the consumer."""
        return Retrier(self.settings, Called(self.consumer, call or self.consume), self.publisher)

    def handle(self, record: Record) -> None:
        """The consumer's rule."""
        self.tried.append(said(record))
        if said(record) in self.fails:
            raise self.fails[said(record)]
        self.handled.append(said(record))

    def consume(self, event: dict[str, Any]) -> dict[str, Any]:
        """The consumer's function."""
        return process_in_order(event, self.handle, self.failed_records, is_ordered=self.is_ordered)

    def arrive(self, *records: tuple[int, str, int], at: int = 0) -> list[dict[str, Any]]:
        """A batch comes from Kafka with offsets from `at`; what is reported back to the mapping."""
        event = batch(*records)
        for raws in event["records"].values():
            for raw in raws:
                raw["offset"] += at
        return list(self.consume(event)["batchItemFailures"])

    def retry_until(self, done: Callable[[], bool]) -> Retried:
        """Passes until `done`."""
        total = Retried()
        deadline = time.monotonic() + 20
        while not done():
            total.add(self.retrier.retry_due())
            assert time.monotonic() < deadline, (self.handled, self.lanes(), self.positions())
            time.sleep(0.01)
        return total

    def lanes(self) -> Sequence[RetryLane]:
        """What is left of this consumer's lanes."""
        return [lane for lane in RetryLane.scan(consistent_read=True) if lane.lane.startswith(f"{self.consumer}#")]

    def positions(self) -> list[str]:
        """What is left of its records."""
        return [r.position for r in ParkedRecord.scan(consistent_read=True) if r.lane.startswith(f"{self.consumer}#")]
