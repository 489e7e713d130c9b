"""The outbox sweeper: publishes what was written but never reached Kafka because its writer died or Kafka did not answer.

The index `outbox_by_time` of the messages table has every message and change by the time of its writing. A sweep reads what is
newer than the time up to which all is known to be routed (`Sweep`), compares each conversation with its `routed_through`, and
wakes the router for those that are behind. What that costs, and why nothing waits for 60 s: docs/decisions/0003.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from chat4all.config import Settings
from chat4all.domain.changes import VOID
from chat4all.domain.waking import Waking
from chat4all.kafka.publisher import Publisher, PublishFailed
from chat4all.logs import logger
from chat4all.message_events import entry_accepted
from chat4all.metrics.emission import count, flush, put
from chat4all.metrics.metric_list import OUTBOX_AGE, OUTBOX_BEHIND, OUTBOX_PUBLISHED
from chat4all.stores.heads import Head
from chat4all.stores.messages import Message
from chat4all.stores.sweeps import Standing, save_standing, standing_of
from chat4all.stores.table import engine_now_ms

_OPEN_MS = 60_000
"""What is this old is in the index: longer than a writer can live between reading its clock and writing (the timeout of its
function, 15 s), and the index's delay."""
_READ_MAX = 50_000
"""Entries of a shard that one pass reads; more are left to the next pass, which begins where this one stopped."""
_MINUTES_MAX = 1_440
"""Minutes of a shard that one pass reads, after a long pause of the sweeper."""
_BEHIND_MAX = 2_000
"""Conversations that one shard remembers (at 60 bytes each a third of what an item holds); with more its time stands still."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep found."""

    examined: int = 0
    """Entries read."""
    behind: int = 0
    """Conversations that are not routed as far as they are written."""
    published: int = 0
    failed: int = 0
    """Shards that could not be swept."""
    is_complete: bool = True
    """Whether it came up to the present."""

    def __add__(self, other: "Swept") -> "Swept":
        return Swept(
            self.examined + other.examined,
            self.behind + other.behind,
            self.published + other.published,
            self.failed + other.failed,
            self.is_complete and other.is_complete,
        )


class OutboxSweeper:
    """Finds and publishes what was not routed. Any number may run at once: each says again what is true."""

    def __init__(self, settings: Settings, publisher: Publisher) -> None:
        self._settings = settings
        self._publisher = publisher
        self._waking = Waking()
        self._behind_since: dict[str, dict[str, int]] = {}
        """By shard and conversation, milliseconds since 1970 by DynamoDB's clock."""

    def run(self, sleep: Callable[[float], None], clock: Callable[[], float] = time.monotonic) -> list[Swept]:
        """Sweep again and again, beginning each `outbox_pause_s`, for `outbox_run_s`: longer than the schedule's minute.

        So one run that dies, or a schedule that is late by a minute, leaves no gap.
        """
        ends_at = clock() + self._settings.outbox_run_s
        results: list[Swept] = []
        while True:
            following = clock() + self._settings.outbox_pause_s
            results.append(self.sweep())
            if following > ends_at:
                return results
            if results[-1].is_complete:
                sleep(max(following - clock(), 1.0))

    def sweep(self) -> Swept:
        """One pass over all shards. Never raises: what fails now is seen again by the next pass."""
        swept = self._sweep_shards()
        since = [at for shard in self._behind_since.values() for at in shard.values()]
        put(OUTBOX_BEHIND, len(since))
        put(OUTBOX_AGE, (engine_now_ms() - min(since)) / 1000 if since else 0)
        if swept.published:
            count(OUTBOX_PUBLISHED, number=swept.published)
        flush(self._settings.stage, self._settings.metrics_interval_s)
        return swept

    def _sweep_shards(self) -> Swept:
        swept = Swept()
        for shard in range(self._settings.outbox_shards):
            try:
                swept += self._sweep_shard(str(shard))
            except PublishFailed as error:
                logger.warning("Kafka does not answer; the next pass begins where this one began", cause=str(error))
                return swept + Swept(failed=self._settings.outbox_shards - shard)
            except Exception:
                logger.exception("shard not swept", shard=shard)
                swept += Swept(failed=1)
        return swept

    def _sweep_shard(self, shard: str) -> Swept:
        standing = standing_of(shard)
        now = engine_now_ms()
        since = min(standing.through_ms, now - _OPEN_MS)  # the clock of who saved it may have been ahead
        written, reached, examined = _written(shard, since, now - int(self._settings.unrouted_after_s * 1000))
        for conversation_id, seq in standing.behind.items():
            written[conversation_id] = max(seq, written.get(conversation_id, 0))
        heads = {h.conversation_id: h for h in Head.batch_get(list(written))}
        behind = {i: seq for i, seq in written.items() if i in heads and int(heads[i].routed_through) < seq}
        self._waking.keep(shard, behind)
        self._keep_since(shard, behind, now - int(self._settings.unrouted_after_s * 1000))
        published = sum(self._wake(shard, heads[i], seq) for i, seq in behind.items())
        if len(behind) <= _BEHIND_MAX:
            save_standing(shard, standing, Standing(min(reached, now - _OPEN_MS), behind))
        else:
            logger.error("too much is behind to be remembered", shard=shard, conversations=len(behind))
        return Swept(examined, len(behind), published, 0, reached >= now - _OPEN_MS)

    def _keep_since(self, shard: str, behind: Iterable[str], first_seen: int) -> None:
        known = self._behind_since.get(shard, {})
        self._behind_since[shard] = {i: known.get(i, first_seen) for i in behind}

    def _wake(self, shard: str, head: Head, through_seq: int) -> int:
        """Publish the first entry that is not routed: the router takes all that stands behind it along."""
        conversation_id, routed = head.conversation_id, int(head.routed_through)
        if not self._waking.is_due(shard, conversation_id, routed, engine_now_ms()):
            return 0
        try:
            between = Message.seq.between(routed + 1, through_seq)
            found = Message.query(conversation_id, between, consistent_read=True, page_size=10)
            entry = next((e for e in found if e.type != VOID), None)
            if entry is None:
                return 0
            self._publisher.publish([entry_accepted(entry)])
        except PublishFailed:
            raise
        except Exception:
            # This one cannot be published; the others must not wait for it.
            logger.exception("cannot be published", conversation_id=conversation_id, routed_through=routed)
            return 0
        self._waking.woken(shard, conversation_id, routed, engine_now_ms())
        logger.warning("published by the sweeper", conversation_id=conversation_id, seq=int(entry.seq))
        return 1


def _written(shard: str, since_ms: int, until_ms: int) -> tuple[dict[str, int], int, int]:
    """The highest number that each conversation was given since; the time read up to; entries read."""
    seqs: dict[str, int] = {}
    examined, reached = 0, since_ms
    first = since_ms // 60_000
    for minute in range(first, min(until_ms // 60_000, first + _MINUTES_MAX) + 1):
        between = Message.written_at.between(reached + 1, until_ms)
        for entry in Message.outbox.query(f"{shard}#{minute}", between, limit=_READ_MAX - examined):
            seqs[entry.conversation_id] = max(seqs.get(entry.conversation_id, 0), int(entry.seq))
            examined += 1
            reached = int(entry.written_at)
        if examined >= _READ_MAX:
            return seqs, reached - 1, examined  # of one millisecond there may be more
        reached = max(reached, min((minute + 1) * 60_000 - 1, until_ms))
    return seqs, reached, examined
