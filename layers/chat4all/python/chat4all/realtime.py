"""Realtime: tells the members of a conversation, over their open WebSockets, what has happened, in order on each connection.

Nothing runs after an invocation has ended, and behind a batch waits its partition. So a connection that does not take what it
is sent is not waited for: it is closed, and its client syncs when it comes back (docs/decisions/0038).
"""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from chat4all.client_events import websocket_frame
from chat4all.clock import ms_of, now_ms
from chat4all.connections import Connections
from chat4all.domain.backoff import backoff_s
from chat4all.domain.coalescing import ClientEvent, audiences
from chat4all.domain.frame_fitting import batched, fitted
from chat4all.errors import DomainError, Unavailable
from chat4all.kafka.record import Record
from chat4all.logs import logger
from chat4all.metrics.pushes import count_pushed
from chat4all.session_ends import SessionEnds
from chat4all.tracing.current import following
from chat4all.tracing.spans import Kind, call
from chat4all.tracing.trace_context import TraceContext
from chat4all.websocket.lanes import Lanes
from chat4all.websocket.push import ConnectionGone, Push, PushFailed

_PAUSE_S = 0.1
"""Once in a batch, for all whose buffer was full at the first try."""

_CAUSES_LOGGED = 3

Target = tuple[str, str]
"""User and connection."""
Queues = Mapping[Target, Sequence[bytes]]
Traces = Mapping[Target, TraceContext | None]
_UNANSWERED = PushFailed("the gateway did not answer", is_answered=False)


@dataclass(frozen=True, slots=True)
class _Left:
    """What a connection did not take."""

    frames: Sequence[bytes]
    """From the one that failed on."""
    cause: ConnectionGone | PushFailed


class Realtime:
    """Pushes events. One read of presence a batch; posts side by side over connections, in order on each."""

    def __init__(self, connections: Connections, push: Push, ends: SessionEnds) -> None:
        self._connections = connections
        self._push = push
        self._ends = ends
        self._lanes = Lanes()

    def tell(self, records: Sequence[Record]) -> None:
        """Push every record to its audience. A connection that fails is closed: its client comes back and syncs.

        Raises:
            Unavailable: the gateway took nothing at all, so that clients would not learn that they missed something. The
                records must come again.
        """
        queues, expired, traces = self._queues(records)
        took: dict[Target, int] = {}
        left = self._posted(queues, traces, took)
        again = _to_be_tried_again(left, len(queues))
        if again:
            time.sleep(backoff_s(1, _PAUSE_S, _PAUSE_S, random.random()))  # noqa: S311
            posted = self._posted(again, traces, took)
            left = {target: one for target, one in left.items() if target not in again} | posted
        count_pushed([record.event["data"] for record in records], took)
        gone = [target for target, one in left.items() if isinstance(one.cause, ConnectionGone)]
        failed = {target: one.cause for target, one in left.items() if isinstance(one.cause, PushFailed)}
        self._end(failed, has_reached_any=len(failed) < len(queues))
        self._lanes.each(dict.fromkeys(gone), lambda target, _: self._found_gone(target))
        self._lanes.each(dict.fromkeys(expired), lambda target, _: self._expire(target))

    def have_them_sync(self, record: Record) -> None:
        """Close the connections of those whom `record` cannot be told: their clients come back and sync."""
        found = self._connections.open_of(record.event["data"]["audience"])
        failed = {
            (user, one.id): PushFailed("what it was to be told is poison")
            for user, all_ in found.items()
            for one in all_
        }
        self._end(failed, has_reached_any=True)

    def _queues(self, records: Sequence[Record]) -> tuple[Queues, list[Target], Traces]:
        """What each connection is to be told, in order; those whose token has ended, who are told nothing; whose trace it is."""
        told = audiences([_client_event(record) for record in records], now_ms())
        open_now = self._connections.open_of(sorted(set().union(*told)))
        queues: dict[Target, list[bytes]] = {}
        expired: dict[Target, None] = {}
        traces: dict[Target, TraceContext | None] = {}
        batching: set[Target] = set()
        for record, audience in zip(records, told, strict=True):
            frame = b""
            for user_id in audience & open_now.keys():
                frame = frame or _frame(record)
                for connection in open_now[user_id]:
                    target = (user_id, connection.id)
                    if connection.is_expired:
                        expired[target] = None
                    else:
                        queues.setdefault(target, []).append(frame)
                        traces.setdefault(target, record.trace)
                        if connection.takes_batches:
                            batching.add(target)
        fitting = {t: batched(frames) if t in batching else frames for t, frames in queues.items()}
        return fitting, list(expired), traces

    def _posted(self, queues: Queues, traces: Traces, took: dict[Target, int]) -> dict[Target, _Left]:
        """What was not taken, by connection; `took` gets when the others had all of theirs, milliseconds since 1970."""

        def post(target: Target, frames: Sequence[bytes]) -> _Left | None:
            left = self._traced(target, frames, traces.get(target))
            if left is None:
                took[target] = now_ms()
            return left

        results = self._lanes.each(queues, post)
        unanswered = {target: _Left(queues[target], _UNANSWERED) for target in queues.keys() - results.keys()}
        return unanswered | {target: left for target, left in results.items() if left is not None}

    def _traced(self, target: Target, frames: Sequence[bytes], trace: TraceContext | None) -> _Left | None:
        """In the trace of the first event that is told: threads are in none."""
        with following(trace), call("push", Kind.CLIENT, {"chat4all.frames": len(frames)}) as own:
            left = self._post(target, frames)
            if left is not None and own is not None:
                own.fail(type(left.cause).__name__)
            return left

    def _post(self, target: Target, frames: Sequence[bytes]) -> _Left | None:
        for position, frame in enumerate(frames):
            try:
                self._push.post(target[1], frame, tries=1)
            except (ConnectionGone, PushFailed) as error:
                return _Left(frames[position:], error)
        return None

    def _end(self, failed: Mapping[Target, PushFailed], *, has_reached_any: bool) -> None:
        """Close connections that missed something. What cannot be closed is forgotten: its next heartbeat has it sync."""
        if failed:
            causes = sorted({str(cause) for cause in failed.values()})[:_CAUSES_LOGGED]
            logger.info("connections closed after failed pushes", count=len(failed), causes=causes)
        closed = self._lanes.each(failed, lambda target, _: self._push.close(target[1]))
        is_away = any(cause.is_transient for cause in failed.values()) and not any(closed.values())
        if is_away and not has_reached_any:
            raise Unavailable(f"{len(failed)} connections could be neither told nor closed")
        self._lanes.each(dict.fromkeys(failed), lambda target, _: self._forget(target))

    def _found_gone(self, target: Target) -> None:
        _best_effort(self._connections.found_gone, target)

    def _forget(self, target: Target) -> None:
        _best_effort(self._connections.forget, target)

    def _expire(self, target: Target) -> None:
        _best_effort(self._ends.expire, target)


def _best_effort(act: Callable[[str, str], object], target: Target) -> None:
    """What fails here is found again with the next event."""
    try:
        act(*target)
    except DomainError as error:
        logger.warning("connection not forgotten", connection_id=target[1], cause=error.detail)


def _to_be_tried_again(left: Mapping[Target, _Left], count: int) -> Queues:
    """Those whose buffer was full, or for which the gateway had no time: it may be otherwise a moment later.

    One for which it does not answer at all is not waited for again, unless it is so for half of them: then it is the gateway.
    """
    silent = sum(isinstance(one.cause, PushFailed) and not one.cause.is_answered for one in left.values())
    return {
        target: one.frames
        for target, one in left.items()
        if isinstance(one.cause, PushFailed)
        and one.cause.is_transient
        and (one.cause.is_answered or 2 * silent >= count)
    }


def _client_event(record: Record) -> ClientEvent:
    body = record.event["data"]
    time_ms = ms_of(record.event["time"])
    return ClientEvent(body["client_type"], record.event["subject"], time_ms, frozenset(body["audience"]), body["data"])


def _frame(record: Record) -> bytes:
    return fitted(websocket_frame(record.event))
