"""The outbox sweeper: publishes what was written but never reached Kafka because its sender died or Kafka did not answer.

The index `outbox` of the messages table has every message under the minute of its writing. A sweep reads the minutes that are
not yet known to be routed, compares each message with its conversation's `routed_through`, and publishes again what is behind.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from aws_lambda_powertools import Logger

from chat4all.clock import now_ms
from chat4all.config import Settings
from chat4all.kafka.publisher import Publisher, PublishFailed
from chat4all.message_events import entry_accepted
from chat4all.stores.heads import Head
from chat4all.stores.messages import Message
from chat4all.stores.sweeps import Sweep

logger = Logger(service="chat4all")

_OPEN_MINUTES = 2
"""The newest minutes stay open: functions that write in them may still be running."""
_FIRST_LOOKBACK_MINUTES = 10
"""Where a deployment's very first sweep begins."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep found."""

    examined: int
    published: int


class OutboxSweeper:
    """Finds and publishes messages that were not routed."""

    def __init__(self, settings: Settings, publisher: Publisher) -> None:
        self._settings = settings
        self._publisher = publisher

    def run(self, sleep: Callable[[float], None], pause_s: float) -> list[Swept]:
        """Sweep `outbox_passes` times with `pause_s` between, so that nothing waits for a whole minute."""
        results = []
        for number in range(self._settings.outbox_passes):
            if number:
                sleep(pause_s)
            results.append(self.sweep())
        return results

    def sweep(self) -> Swept:
        """One pass over all shards.

        Raises:
            PublishFailed: Kafka does not answer; the next pass begins where this one began.
        """
        shards = [self._sweep_shard(str(shard)) for shard in range(self._settings.outbox_shards)]
        return Swept(sum(s.examined for s in shards), sum(s.published for s in shards))

    def _sweep_shard(self, shard: str) -> Swept:
        now = now_ms() // 60_000
        through = _swept_through(shard, now)
        routed_through = min(through, now - _OPEN_MINUTES)
        examined = published = 0
        all_routed = True
        told: set[str] = set()
        for minute in range(through + 1, now + 1):
            written = _written(f"{shard}#{minute}")
            examined += sum(len(seqs) for seqs in written.values())
            unrouted = _first_unrouted(written)
            for conversation_id in unrouted.keys() - told:
                # Only the first of a conversation: the router takes all that stands behind it along.
                published += self._publish(conversation_id, unrouted[conversation_id])
                told.add(conversation_id)
            all_routed = all_routed and not unrouted
            if all_routed and minute <= now - _OPEN_MINUTES:
                routed_through = minute
        if routed_through > through:
            Sweep(shard, through_minute=routed_through).save()
        return Swept(examined, published)

    def _publish(self, conversation_id: str, seq: int) -> int:
        message = Message.get(conversation_id, seq, consistent_read=True)
        if now_ms() - int(message.created_at) < self._settings.unrouted_after_s * 1000:
            return 0  # Most likely on its way.
        try:
            self._publisher.publish([entry_accepted(message)])
        except PublishFailed:
            raise
        except Exception:
            # This one cannot be published; the others must not wait for it.
            logger.exception("cannot be published", conversation_id=conversation_id, seq=seq)
            return 0
        logger.warning("published by the sweeper", conversation_id=conversation_id, seq=seq)
        return 1


def _swept_through(shard: str, now_minute: int) -> int:
    try:
        return int(Sweep.get(shard, consistent_read=True).through_minute)
    except Sweep.DoesNotExist:
        return now_minute - _FIRST_LOOKBACK_MINUTES


def _written(bucket: str) -> dict[str, list[int]]:
    seqs: dict[str, list[int]] = {}
    for entry in Message.outbox.query(bucket):
        seqs.setdefault(entry.conversation_id, []).append(int(entry.seq))
    return seqs


def _first_unrouted(written: dict[str, list[int]]) -> dict[str, int]:
    """The lowest number of each conversation that is not routed; a conversation that was deleted has none."""
    routed = _routed_through(written)
    first: dict[str, int] = {}
    for conversation_id, seqs in written.items():
        behind = [seq for seq in seqs if seq > routed.get(conversation_id, max(seqs))]
        if behind:
            first[conversation_id] = min(behind)
    return first


def _routed_through(conversation_ids: Iterable[str]) -> dict[str, int]:
    heads = Head.batch_get(list(conversation_ids), consistent_read=True)
    return {head.conversation_id: int(head.routed_through) for head in heads}
