"""EventsService: opens streams."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import grpc
from google.rpc import code_pb2

from chat4all.access_tokens import Caller
from chat4all.errors import DomainError, Unauthenticated, Unavailable
from edge import callers as metadata_callers
from edge.contract import Method
from edge.counts import Counts
from edge.metrics import measured
from edge.refusal import Refused, answered, parsed
from edge.statuses import field_path, status
from edge.streams import cursor as cursors
from edge.streams.callers import Callers
from edge.streams.filter import Filter, checked
from edge.streams.past import Away, Past, TooOld
from edge.streams.reading import Reading
from edge.streams.stream import TOO_OLD, Stream, Times
from edge.streams.tail import Tail

STREAMS_MAX = 10_000
STREAMS_OF_USER_MAX = 100
"""As many as WebSockets a user may have open (docs/clients.md)."""


class Events:
    """Handlers of EventsService."""

    def __init__(self, tail: Tail, past: Past, callers: Callers, counts: Counts, times: Times | None = None) -> None:
        self._tail = tail
        self._past = past
        self._callers = callers
        self._counts = counts
        self._times = times or Times()
        self._open: Counter[str] = Counter()
        self._is_draining = False

    def handler(self, method: Method) -> Any:
        """What grpc calls for StreamEvents."""

        async def handle(body: bytes, context: Any) -> None:
            with measured(method, context):
                await answered(self._stream(method, body, context), context, self._counts)

        return grpc.unary_stream_rpc_method_handler(handle, response_serializer=method.response.SerializeToString)

    def drain(self) -> None:
        """Have all streams end, each with its cursor, and open no more."""
        self._is_draining = True
        self._tail.wake_all()

    async def _stream(self, method: Method, body: bytes, context: Any) -> None:
        request = parsed(method.request, body)
        token = metadata_callers.bearer(context.invocation_metadata() or ())
        if token is None:
            raise Refused(status(code_pb2.UNAUTHENTICATED, "unauthenticated", "An access token is needed"))
        try:
            caller = await self._callers.verify(token)
            wanted = checked(request.conversation_ids, request.types)
        except DomainError as error:
            raise _refused(error) from error
        with self._place(caller):
            positions = await self._begin(request, caller)
            await self._told(context, caller, token, wanted, positions)

    @contextmanager
    def _place(self, caller: Caller) -> Iterator[None]:
        """Taken before anything is waited for: else all who open at the same time would find room. Raises Refused."""
        self._check_room(caller)
        self._open[caller.user_id] += 1
        try:
            yield
        finally:
            self._open[caller.user_id] -= 1
            if not self._open[caller.user_id]:
                del self._open[caller.user_id]

    def _check_room(self, caller: Caller) -> None:
        if self._is_draining or self._open.total() >= STREAMS_MAX or not self._tail.is_ready:
            text = "This server takes no stream now; try again"
            raise Refused(status(code_pb2.UNAVAILABLE, "unavailable", text, retry_after_s=1.0))
        if self._open[caller.user_id] >= STREAMS_OF_USER_MAX:
            text = f"{STREAMS_OF_USER_MAX} streams of this user are open"
            raise Refused(status(code_pb2.RESOURCE_EXHAUSTED, "too_many_streams", text))

    async def _begin(self, request: Any, caller: Caller) -> dict[int, int]:
        """Where the stream begins: behind its cursor, or where the tail stands."""
        if not request.HasField("cursor"):
            return dict(self._tail.positions)
        try:
            positions = cursors.decode(request.cursor, caller.user_id)
            if positions.keys() - self._tail.positions.keys():
                raise TooOld
            await self._past.check(positions)
        except DomainError as error:
            raise _refused(error) from error
        except TooOld as error:
            raise Refused(status(code_pb2.OUT_OF_RANGE, "cursor_too_old", TOO_OLD, field="cursor")) from error
        except Away as error:
            raise Refused(
                status(code_pb2.UNAVAILABLE, "unavailable", "The events cannot be read; try again", retry_after_s=1.0)
            ) from error
        return positions

    async def _told(self, context: Any, caller: Caller, token: str, wanted: Filter, positions: dict[int, int]) -> None:
        reading = Reading(self._tail, self._past, caller.user_id, wanted, positions)
        stream = Stream(context, reading, caller, token, self._callers, lambda: self._is_draining, self._times)
        self._counts.add("streams_opened")
        try:
            await stream.run()
        finally:
            reading.end()


def _refused(error: DomainError) -> Refused:
    field = field_path(error.errors[0].pointer) if error.errors else ""
    if isinstance(error, Unauthenticated):
        return Refused(status(code_pb2.UNAUTHENTICATED, error.code, error.detail))
    if isinstance(error, Unavailable):
        return Refused(status(code_pb2.UNAVAILABLE, error.code, error.detail, retry_after_s=error.retry_after_s))
    return Refused(status(code_pb2.INVALID_ARGUMENT, error.code, error.detail, field=field))
