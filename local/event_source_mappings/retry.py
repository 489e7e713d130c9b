"""What happens to records after an attempt ("Configuring error handling controls for Kafka event sources").

AWS backs off between attempts without saying how. Here the delay starts at 0.1 s, doubles, and stays at 10 s.
"""

from dataclasses import dataclass, replace

from local.application import KafkaMapping
from local.event_source_mappings.batching import Chunk
from local.event_source_mappings.record import Record
from local.event_source_mappings.responses import Failure, Outcome, PartialFailure, Success

RETRIES_WITH_DESTINATION = 10
"""Applied to endless retries where there is an on-failure destination ("Using a Kafka topic as an on-failure destination")."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """Delay in seconds before the n-th attempt again, n from 1."""

    first_s: float = 0.1
    longest_s: float = 10.0

    def delay(self, tries: int) -> float:
        return min(self.longest_s, self.first_s * 2.0 ** min(max(tries - 1, 0), 30))


THROTTLED = Backoff(first_s=0.01, longest_s=1.0)
"""After TooManyRequestsException, which is no try."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Error handling that is in force: -1 is without end."""

    maximum_retries: int = -1
    maximum_age_s: int = -1
    bisect: bool = False
    report_failures: bool = False
    on_failure_topic: str | None = None

    @classmethod
    def of(cls, mapping: KafkaMapping) -> "Policy":
        """Without ProvisionedPollerConfig the settings have no effect: the batch is retried until it succeeds."""
        if not mapping.provisioned:
            return cls()
        endless_with_destination = mapping.maximum_retry_attempts < 0 and mapping.on_failure_topic is not None
        return cls(
            RETRIES_WITH_DESTINATION if endless_with_destination else mapping.maximum_retry_attempts,
            mapping.maximum_record_age_s,
            mapping.bisect_on_error,
            mapping.report_batch_item_failures,
            mapping.on_failure_topic,
        )


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do with a chunk after an attempt, in this order."""

    discard: tuple[Record, ...] = ()
    """Given up: to the on-failure destination, before the commit."""
    commit: int | None = None
    """Offset to commit."""
    again: tuple[Chunk, ...] = ()
    """To try one after the other."""
    delay_s: float = 0.0
    """Before the first of `again`."""


def decide(policy: Policy, backoff: Backoff, chunk: Chunk, outcome: Outcome) -> Decision:
    """The fate of one partition's part of a batch.

    Bisecting consumes no try, as for Kinesis. Progress in a partial failure starts the count of what is left anew, so
    that each record that fails gets all its tries.
    """
    if not chunk.records:
        return Decision(commit=chunk.next_offset)
    match outcome:
        case Success():
            return Decision(commit=chunk.next_offset)
        case Failure():
            return _failed(policy, backoff, chunk)
        case PartialFailure(failed_from):
            failed = failed_from.get(chunk.records[0].topic_partition)
            if failed is None:
                return Decision(commit=chunk.next_offset)
            rest = tuple(record for record in chunk.records if record.offset >= failed)
            if len(rest) == len(chunk.records):
                return _failed(policy, backoff, chunk)
            left = Chunk(rest, chunk.next_offset)
            if policy.bisect:
                return Decision(commit=failed, again=(left,), delay_s=backoff.delay(1))
            decision = _failed(policy, backoff, left)
            return decision if decision.commit is not None else replace(decision, commit=failed)


def _failed(policy: Policy, backoff: Backoff, chunk: Chunk) -> Decision:
    if policy.bisect and len(chunk.records) > 1:
        return Decision(again=halves(chunk), delay_s=backoff.delay(chunk.tries + 1))
    if 0 <= policy.maximum_retries <= chunk.tries:
        return Decision(discard=chunk.records, commit=chunk.next_offset)
    tries = chunk.tries + 1
    return Decision(again=(replace(chunk, tries=tries),), delay_s=backoff.delay(tries))


def halves(chunk: Chunk) -> tuple[Chunk, Chunk]:
    """The two halves of a chunk of at least two records, each with the tries so far."""
    middle = len(chunk.records) // 2
    first, second = chunk.records[:middle], chunk.records[middle:]
    return Chunk(first, second[0].offset, chunk.tries), Chunk(second, chunk.next_offset, chunk.tries)


def expire(policy: Policy, chunk: Chunk, now_ms: float) -> tuple[Chunk, tuple[Record, ...]]:
    """The chunk without the records older than MaximumRecordAgeInSeconds, and these."""
    if policy.maximum_age_s < 0:
        return chunk, ()
    oldest = now_ms - policy.maximum_age_s * 1000
    expired = tuple(record for record in chunk.records if record.timestamp_ms < oldest)
    if not expired:
        return chunk, ()
    return replace(chunk, records=tuple(r for r in chunk.records if r.timestamp_ms >= oldest)), expired
