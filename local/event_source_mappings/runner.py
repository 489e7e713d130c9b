"""One mapping at work: batches from what the poller reads, invocations, and what follows from their outcome."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from uuid import uuid4

from local.application import KafkaMapping
from local.event_source_mappings.batching import RECORD_BYTES, Arrival, Chunk, Lane, Limits, cut, due_at
from local.event_source_mappings.event import Source, event
from local.event_source_mappings.failure_record import (
    PAYLOAD_SIZE_EXCEEDED,
    RECORD_AGE_EXCEEDED,
    RETRIES_EXHAUSTED,
    Cause,
)
from local.event_source_mappings.on_failure import OnFailureDestination
from local.event_source_mappings.poller import Poller, Read
from local.event_source_mappings.progress import Progress
from local.event_source_mappings.record import Record
from local.event_source_mappings.responses import Failure, Outcome, PartialFailure, Success, interpret
from local.event_source_mappings.retry import THROTTLED, Backoff, Policy, decide, expire
from local.event_source_mappings.status import NOTHING_PROCESSED, OK, PartitionStatus
from local.invocation import InvokeResult, TooManyRequests

log = logging.getLogger(__name__)

InvokeFunction = Callable[[str, bytes], Awaitable[InvokeResult]]
"""Of the function's name and the event. Raises TooManyRequests."""


class _Stopped(Exception):
    """The mapping ends; records that are not done come again at the next start."""


class MappingRunner:
    """Lives on one event loop. Each partition is a lane: what a lane has taken is settled before it takes more."""

    def __init__(
        self,
        mapping: KafkaMapping,
        bootstrap_servers: str,
        invoke: InvokeFunction,
        function_arn: str,
        backoff: Backoff,
        security: Mapping[str, str],
    ) -> None:
        """`security` are librdkafka's settings of its connections, beside the servers."""
        self.mapping = mapping
        self._invoke = invoke
        self._function_arn = function_arn
        self._backoff = backoff
        self._policy = Policy.of(mapping)
        self._limits = Limits(mapping.batch_size, mapping.batching_window_s)
        self._source = Source(mapping.event_source_arn, bootstrap_servers)
        topic = self._policy.on_failure_topic
        self._on_failure = (
            None if topic is None else OnFailureDestination(self._source, topic, bootstrap_servers, security)
        )
        self._progress = Progress(mapping.batch_size)
        self._poller = Poller(mapping, bootstrap_servers, security, self._progress, self)
        self._lanes: dict[int, Lane] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._stopping = asyncio.Event()
        self._assigned = asyncio.Event()
        self._reason: str | None = None
        self._last_result = NOTHING_PROCESSED
        self._loop = asyncio.get_running_loop()

    def start(self) -> None:
        self._poller.start()

    async def stop(self, grace_s: float | None) -> None:
        """Waits up to `grace_s` (None: without end) for what is at the function, commits what is done, leaves the group."""
        self._stopping.set()
        if self._timer is not None:
            self._timer.cancel()
        with suppress(TimeoutError):
            async with asyncio.timeout(grace_s):
                while self._tasks:
                    await asyncio.wait(self._tasks)
        for task in self._tasks:
            task.cancel()
        await self._poller.stop()

    async def until_enabled(self) -> None:
        """Until the topic is there and its partitions are assigned."""
        await self._assigned.wait()

    @property
    def problem_text(self) -> str | None:
        """What keeps it from reading: no such topic, no broker."""
        return self._reason

    @property
    def last_result(self) -> str:
        """Of the last invocation: `OK`, `No records processed` or `PROBLEM: …`."""
        return self._last_result

    def partitions(self) -> tuple[PartitionStatus, ...]:
        return tuple(self._partition_status(number, lane) for number, lane in sorted(self._lanes.items()))

    def _partition_status(self, number: int, lane: Lane) -> PartitionStatus:
        progress = self._progress
        return PartitionStatus(
            number, progress.committed(number), progress.lag(number), progress.buffered(number), lane.busy
        )

    # What the poller tells

    def assigned(self, partitions: Sequence[int]) -> None:
        self._lanes = {partition: Lane(partition) for partition in partitions}
        self._assigned.set()

    def revoked(self, partitions: Sequence[int]) -> None:
        for partition in partitions:
            self._lanes.pop(partition, None)

    def problem(self, reason: str | None) -> None:
        self._reason = reason

    def read(self, records: Sequence[Read]) -> None:
        now = self._loop.time()
        for partition, offset, record in records:
            lane = self._lanes.get(partition)
            if lane is not None:
                lane.add(Arrival(offset, record, now))
        self._dispatch()

    # Batches

    def _dispatch(self) -> None:
        """Sends every batch that is due and sets the clock for the next one."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._stopping.is_set():
            return
        for lane in self._lanes.values():
            if not lane.busy and (offset := lane.skip_dropped()) is not None:
                self._progress.done(lane.partition, offset)
        now = self._loop.time()
        while (due := due_at(self._lanes.values(), self._limits)) is not None:
            if due > now:
                self._timer = self._loop.call_at(due, self._dispatch)
                return
            self._start(self._process(cut(tuple(self._lanes.values()), self._limits)))

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("%s: a batch was left", self.mapping.logical_id, exc_info=error)

    async def _process(self, parts: Sequence[tuple[Lane, Chunk]]) -> None:
        """One batch to its end: together at first; what fails, each partition for itself."""
        if len(parts) > 1 and any(self._has_unfit(chunk) for _, chunk in parts):
            for part in parts:
                self._start(self._process((part,)))
            return
        with suppress(_Stopped):
            chunks = [await self._without_unfit(lane, chunk, 0, None) for lane, chunk in parts]
            outcome = await self._attempt([chunk for chunk in chunks if chunk.records])
            first, *others = [(lane, chunk) for (lane, _), chunk in zip(parts, chunks, strict=True)]
            for lane, chunk in others:
                self._start(self._settle(lane, chunk, outcome))
            await self._settle(*first, outcome)

    async def _settle(self, lane: Lane, chunk: Chunk, outcome: Outcome) -> None:
        """Follows one partition's part until all of it is done or given up, then frees the lane."""
        waiting, invokes = deque([chunk]), 1
        with suppress(_Stopped):
            while waiting:
                chunk = waiting.popleft()
                decision = decide(self._policy, self._backoff, chunk, outcome)
                if decision.discard:
                    await self._give_up(decision.discard, RETRIES_EXHAUSTED, invokes, outcome)
                if decision.commit is not None:
                    self._progress.done(lane.partition, decision.commit)
                    left = len(decision.again[0].records) if decision.again else 0
                    self._release(lane, chunk.records[: len(chunk.records) - left])
                waiting.extendleft(reversed(decision.again))
                if waiting:
                    await self._pause(decision.delay_s)
                    if self._lanes.get(lane.partition) is not lane:
                        return
                    waiting[0] = await self._without_unfit(lane, waiting[0], invokes, outcome)
                    outcome = await self._attempt([waiting[0]])
                    invokes = waiting[0].tries + 1
            lane.busy = False
            self._dispatch()

    async def _attempt(self, chunks: Sequence[Chunk]) -> Outcome:
        """One invocation that the function has taken: throttled ones are made again and do not count."""
        records = [record for chunk in chunks for record in chunk.records]
        if not records:
            return Success()
        payload, throttles = event(self._source, records), 0
        while True:
            try:
                result = await self._invoke(self.mapping.function, payload)
            except TooManyRequests:
                throttles += 1
                self._last_result = "PROBLEM: Function call was throttled"
                await self._pause(THROTTLED.delay(throttles))
                continue
            except Exception as error:  # the function is gone or its service failed: tried again like any failure
                outcome: Outcome = Failure(f"Function call failed: {type(error).__name__}: {error}")
            else:
                report = self._policy.report_failures
                outcome = interpret(result.payload, result.function_error, _offsets(records) if report else {}, report)
            self._note(outcome)
            return outcome

    def _has_unfit(self, chunk: Chunk) -> bool:
        _, expired = expire(self._policy, chunk, time.time() * 1000)
        return bool(expired) or any(len(record.json) > RECORD_BYTES for record in chunk.records)

    async def _without_unfit(self, lane: Lane, chunk: Chunk, invokes: int, outcome: Outcome | None) -> Chunk:
        """Gives up what is too old, and what is too large for any event."""
        chunk, expired = expire(self._policy, chunk, time.time() * 1000)
        if expired:
            await self._give_up(expired, RECORD_AGE_EXCEEDED, invokes, outcome)
            self._release(lane, expired)
        large = tuple(record for record in chunk.records if len(record.json) > RECORD_BYTES)
        if large:
            await self._give_up(large, PAYLOAD_SIZE_EXCEEDED, 0, None)
            self._release(lane, large)
            chunk = replace(chunk, records=tuple(record for record in chunk.records if record not in large))
        return chunk

    async def _give_up(self, records: Sequence[Record], condition: str, invokes: int, outcome: Outcome | None) -> None:
        """Sends records to the on-failure destination; without one they are dropped, which is logged."""
        log.warning(
            "%s: gives up %d records of %s, offsets %d to %d, after %d invocations (%s); they go to %s",
            self.mapping.logical_id,
            len(records),
            records[0].topic_partition,
            records[0].offset,
            records[-1].offset,
            invokes,
            condition,
            self._policy.on_failure_topic or "nowhere: there is no on-failure destination",
        )
        if self._on_failure is None:
            return
        error = outcome.function_error if isinstance(outcome, Failure) else None
        cause = Cause(condition, str(uuid4()), f"{self._function_arn}:$LATEST", invokes, error)
        if not await self._on_failure.send(records, cause, self._backoff, self._stopping):
            raise _Stopped

    async def _pause(self, delay_s: float) -> None:
        """Raises _Stopped where the mapping ends."""
        if delay_s > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), delay_s)
        if self._stopping.is_set():
            raise _Stopped

    def _release(self, lane: Lane, records: Sequence[Record]) -> None:
        self._progress.release(lane.partition, len(records), sum(len(record.json) for record in records))

    def _note(self, outcome: Outcome) -> None:
        """Keeps the last result, and logs where it turns bad."""
        match outcome:
            case Failure(reason):
                result = f"PROBLEM: {reason}"
            case PartialFailure(failed_from):
                failed = ", ".join(f"{partition} from offset {offset}" for partition, offset in failed_from.items())
                result = f"PROBLEM: Function reported failures: {failed}"
            case Success():
                result = OK
        if result != OK and self._last_result in (OK, NOTHING_PROCESSED):
            log.warning("%s: %s: %s", self.mapping.logical_id, self.mapping.function, result)
        self._last_result = result


def _offsets(records: Iterable[Record]) -> dict[str, frozenset[int]]:
    """By `topic-partition`, the offsets in a batch."""
    offsets: dict[str, set[int]] = {}
    for record in records:
        offsets.setdefault(record.topic_partition, set()).add(record.offset)
    return {partition: frozenset(found) for partition, found in offsets.items()}
