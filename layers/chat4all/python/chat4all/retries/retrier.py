"""The retrier: has parked records handled when they are due, each lane in its order, many lanes at once.

It may die between any two steps. What was handled and not yet removed is handled again, which its consumer notices; a letter
may be written twice, which its reader notices by the origin; a claim that nobody holds any more runs out.
"""

import random
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from chat4all.clock import now_ms
from chat4all.config import Settings
from chat4all.domain.retry import Trouble, delay_s, is_expired, is_given_up
from chat4all.kafka.dead_letters import DeadLetter
from chat4all.kafka.publisher import Publisher
from chat4all.logs import logger
from chat4all.metrics.emission import count, flush, put
from chat4all.metrics.metric_list import CIRCUITS_OPEN, LANES_WAITING, RECORDS_DEAD, RECORDS_RETRIED
from chat4all.retries.groups import GROUPS, Group, rules_of, shards
from chat4all.retries.invoker import Failed, Invoker, NotInvoked
from chat4all.retries.lane import Lane, claim, consumer_of, remove
from chat4all.retries.raw_record import unparked
from chat4all.retries.turns import Turns
from chat4all.stores.circuit_breakers import open_circuits
from chat4all.stores.retries import ParkedRecord, RetryLane
from chat4all.tracing.current import following
from chat4all.tracing.kafka_headers import context_of

_AT_ONCE = 8
"""Lanes of a group that are worked on side by side."""
_OF_ONE = 4
"""Of these for one customer at most, whose server may answer well, and take 14 s for it."""
_LOOKED_AT, _LATEST = 500, 100
"""Lanes of a shard: those that are due longest, and where these are so many, the latest too: one customer's may be thousands."""
_RECORDS_AT_ONCE = 25
"""Records of a lane in one invocation, once its first has succeeded."""
_TURN_S = 5.0
"""So long a lane is worked on while others are due: a few with thousands of records would have all places for themselves."""


@dataclass(slots=True)
class Retried:
    """What became of the records that were due."""

    lanes: int = 0
    handled: int = 0
    failed: int = 0
    dead: int = 0

    def add(self, other: "Retried") -> None:
        self.lanes += other.lanes
        self.handled += other.handled
        self.failed += other.failed
        self.dead += other.dead


class Retrier:
    """Works on the lanes of all consumers."""

    def __init__(self, settings: Settings, invoker: Invoker, publisher: Publisher) -> None:
        self._settings = settings
        self._rules = settings.retry_rules
        self._invoker = invoker
        self._publisher = publisher

    def run(self, sleep: Callable[[float], None]) -> Retried:
        """Pass after pass for `retry_run_s`, of each group by itself."""
        total = Retried()
        self._report_waiting()
        ends_at = time.monotonic() + self._settings.retry_run_s
        with ThreadPoolExecutor(len(GROUPS), thread_name_prefix="group") as pool:
            for retried in pool.map(lambda group: self._run(group, ends_at, sleep), GROUPS):
                total.add(retried)
        return total

    def retry_due(self, ends_at: float = float("inf")) -> Retried:
        """One pass over everything that is due; no try begins after `ends_at` (of time.monotonic)."""
        total = Retried()
        for group in GROUPS:
            total.add(self._retry_group(group, ends_at, float("inf")))
        return total

    def _run(self, group: Group, ends_at: float, sleep: Callable[[float], None]) -> Retried:
        total = Retried()
        while True:
            total.add(self._retry_group(group, ends_at, self._settings.retry_pause_s))
            flush(self._settings.stage, self._settings.metrics_interval_s)
            if time.monotonic() + self._settings.retry_pause_s >= ends_at:
                return total
            sleep(self._settings.retry_pause_s)

    def _retry_group(self, group: Group, ends_at: float, again_s: float) -> Retried:
        """Work on what is due until nothing is; after `again_s` it is looked anew: what is due since waits for no slow ones."""
        total, turns = Retried(), Turns(group.whose, _OF_ONE)
        turns.look(self._due(group))
        look_at, at_work = time.monotonic() + again_s, dict[Future[Retried], str]()
        with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="lane") as pool:
            while True:
                while len(at_work) < _AT_ONCE and (entry := turns.begin()) is not None:
                    at_work[pool.submit(self._retry_lane, *entry, ends_at)] = entry[0]
                if not at_work:
                    return total
                left_s = None if again_s == float("inf") else max(0.0, look_at - time.monotonic())
                for done in wait(at_work, left_s, FIRST_COMPLETED).done:
                    turns.end(at_work.pop(done))
                    total.add(done.result())
                if time.monotonic() >= look_at:
                    turns.look(self._due(group) if time.monotonic() < ends_at else [])
                    look_at = time.monotonic() + again_s

    def _due(self, group: Group) -> list[tuple[str, int]]:
        return [entry for shard in shards(group, self._settings.retry_shards) for entry in _due(shard)]

    def _retry_lane(self, name: str, next_at: int, ends_at: float) -> Retried:
        """Work on a lane until it is empty, or its first record fails. A lane that cannot be worked on must not stop others."""
        retried = Retried()
        try:
            lane = claim(name, next_at, self._settings.retry_lease_s) if time.monotonic() < ends_at else None
            if lane is not None:
                retried.lanes = 1
                self._work(lane, retried, ends_at)
                self._report(lane, retried)
        except Exception:
            logger.exception("lane not worked on", lane=name)
        return retried

    def _work(self, lane: Lane, retried: Retried, ends_at: float) -> None:
        limit, turn_ends_at = 1, min(ends_at, time.monotonic() + _TURN_S)
        while True:
            records = lane.records(limit)
            if not records:
                if lane.removed() or not lane.refresh():
                    return
                continue
            if time.monotonic() >= (ends_at if limit == 1 else turn_ends_at):
                lane.postpone(0, Trouble(lane.cause))  # behind those that are due longer
                return
            if not self._try(lane, records, retried) or not lane.renew():
                return
            limit = _RECORDS_AT_ONCE

    def _try(self, lane: Lane, records: list[ParkedRecord], retried: Retried) -> bool:
        """Whether all of `records` are out of the way."""
        is_last = is_expired(rules_of(lane.consumer, self._rules), int(records[0].parked_at), now_ms())
        failure: Failed | None = None
        try:
            self._invoker.handle(lane.consumer, [unparked(record) for record in records], is_last=is_last)
        except NotInvoked as error:
            lane.postpone(self._rules.first_s, Trouble(str(error), is_excused=True))
            logger.warning("consumer not invoked", lane=lane.name, cause=str(error))
            return False
        except Failed as error:
            failure = error
        handled = len(records) if failure is None else failure.handled
        for record in records[:handled]:
            remove(record)
        retried.handled += handled
        if failure is None:
            return True
        if handled:
            lane.head, lane.tries, lane.errors = records[handled].position, 0, 0
        retried.failed += 1
        expired = is_last and handled == 0
        with following(context_of({"headers": records[handled].headers})):
            return self._failed(lane, records[handled], failure, retried, expired=expired)

    def _failed(self, lane: Lane, record: ParkedRecord, failure: Failed, retried: Retried, *, expired: bool) -> bool:
        """Give the record up, or wait; whether it is out of the way."""
        trouble = failure.trouble
        lane.tries += 1
        lane.errors += 0 if trouble.is_excused else 1
        if failure.is_dead or is_given_up(self._rules, trouble, lane.errors, expired=expired):
            letter = DeadLetter.of(unparked(record), trouble.cause, lane.consumer, lane.tries, now_ms())
            self._publisher.put_aside(letter)
            remove(record)
            logger.error("record given up", lane=lane.name, origin=letter.origin, cause=trouble.cause, tries=lane.tries)
            retried.dead += 1
            return True
        chance = random.random()  # noqa: S311
        wait_s = delay_s(self._rules, lane.tries, chance, trouble.wait_s, is_exact=trouble.is_exact)
        lane.postpone(wait_s, trouble)
        logger.warning(
            "retry failed", lane=lane.name, cause=trouble.cause, tries=lane.tries, next_in_s=round(wait_s, 1)
        )
        return False

    def _report_waiting(self) -> None:
        """Of each consumer, also 0: what an alarm looks at."""
        waiting = Counter(dict.fromkeys(self._settings.functions_by_consumer, 0))
        for shard in (shard for group in GROUPS for shard in shards(group, self._settings.retry_shards)):
            waiting.update(consumer_of(entry.lane) for entry in RetryLane.due.query(shard))
        for consumer, lanes in waiting.items():
            put(LANES_WAITING, lanes, consumer)
        put(CIRCUITS_OPEN, open_circuits())
        flush(self._settings.stage, self._settings.metrics_interval_s)

    @staticmethod
    def _report(lane: Lane, retried: Retried) -> None:
        if retried.handled:
            count(RECORDS_RETRIED, lane.consumer, number=retried.handled)
        if retried.dead:
            count(RECORDS_DEAD, lane.consumer, number=retried.dead)


def _due(shard: str) -> list[tuple[str, int]]:
    """Lanes of a shard whose time has come, the longest due first: (name, next_at)."""
    now = now_ms()
    found = list(RetryLane.due.query(shard, RetryLane.next_at <= now, limit=_LOOKED_AT))
    if len(found) == _LOOKED_AT:
        found += RetryLane.due.query(shard, RetryLane.next_at <= now, limit=_LATEST, scan_index_forward=False)
    return list(dict.fromkeys((entry.lane, int(entry.next_at)) for entry in found))
