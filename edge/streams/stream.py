"""One StreamEvents call, from its opening to its end."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from google.protobuf.message import Message
from google.rpc import code_pb2

from chat4all.access_tokens import Caller
from chat4all.clock import now_ms, rfc3339
from chat4all.errors import Unauthenticated, Unavailable
from edge.contract import message_class
from edge.refusal import Refused
from edge.statuses import status
from edge.streams.callers import Callers
from edge.streams.cursor import encode
from edge.streams.happening import Happening, event_message
from edge.streams.past import Away, TooOld
from edge.streams.reading import Reading

OPENED, CHECKPOINT, CLOSING, EXPIRING = "stream.opened", "stream.checkpoint", "stream.closing", "token.expiring"

TOO_OLD = (
    "The topic does not have what follows this cursor any more. Begin without a cursor, and read what was missed of each "
    "conversation with ListMessages and after_seq"
)


@dataclass(frozen=True, slots=True)
class Times:
    """Of a stream, seconds."""

    checkpoint_s: float = 30.0
    """Where nothing happens, a cursor is told so often: one that is older than the topic is of no use."""
    session_s: float = 60.0
    """How often it is asked whether the session goes on."""
    warning_s: float = 60.0
    """So long before the token ends its stream is warned."""


@dataclass(slots=True)
class _Clock:
    """When what is due next; of time.monotonic()."""

    checkpoint_at: float
    session_at: float
    warn_at: float
    end_at: float

    def next_s(self) -> float:
        return max(0.0, min(self.checkpoint_at, self.session_at, self.warn_at, self.end_at) - time.monotonic())


class Stream:
    """Tells one caller what `reading` finds. `is_draining` says that this process is to end."""

    def __init__(
        self,
        context: Any,
        reading: Reading,
        caller: Caller,
        token: str,
        callers: Callers,
        is_draining: Callable[[], bool],
        times: Times,
    ) -> None:
        self._context = context
        self._reading = reading
        self._caller = caller
        self._token = token
        self._callers = callers
        self._is_draining = is_draining
        self._times = times

    @property
    def cursor(self) -> str:
        """Behind what was told."""
        return encode(self._reading.positions, self._caller.user_id)

    async def run(self) -> None:
        """Tell until the caller goes; raises Refused with whatever else ends it, and the cursor to go on with."""
        await self._own(OPENED, {})
        clock = self._clock()
        while True:
            if self._is_draining():
                await self._own(CLOSING, {"reason": "draining"})
                raise self._end(code_pb2.UNAVAILABLE, "draining", "This server ends; go on with the cursor", 0.0)
            try:
                happening = await self._reading.next(clock.next_s())
            except TooOld as error:
                raise self._end(code_pb2.OUT_OF_RANGE, "cursor_too_old", TOO_OLD) from error
            except Away as error:
                text = f"The events cannot be read; go on with the cursor ({error})"
                raise self._end(code_pb2.UNAVAILABLE, "unavailable", text, 1.0) from error
            if happening is not None and not happening.is_over(now_ms()):
                clock.checkpoint_at = time.monotonic() + self._times.checkpoint_s
                await self._tell(happening)
            if clock.next_s() == 0.0:
                await self._look_at(clock)

    def _clock(self) -> _Clock:
        now = time.monotonic()
        lives_s = (self._caller.expires_at - now_ms()) / 1000
        warning_s = min(self._times.warning_s, lives_s / 2)
        return _Clock(
            now + self._times.checkpoint_s, now + self._times.session_s, now + lives_s - warning_s, now + lives_s
        )

    async def _look_at(self, clock: _Clock) -> None:
        now = time.monotonic()
        if now >= clock.end_at:
            raise self._end(
                code_pb2.UNAUTHENTICATED, "token_expired", "The access token has expired; go on with a new one"
            )
        if now >= clock.warn_at:
            clock.warn_at = float("inf")
            await self._own(EXPIRING, {"expires_at": rfc3339(self._caller.expires_at)})
        if now >= clock.session_at:
            clock.session_at = now + self._times.session_s
            await self._check_session()
        if now >= clock.checkpoint_at:
            clock.checkpoint_at = now + self._times.checkpoint_s
            await self._own(CHECKPOINT, {})

    async def _check_session(self) -> None:
        try:
            await self._callers.verify(self._token)
        except Unauthenticated as error:
            raise self._end(code_pb2.UNAUTHENTICATED, error.code, error.detail) from error
        except Unavailable:
            return  # asked again next time

    async def _tell(self, happening: Happening) -> None:
        event = message_class("Event")()
        event.CopyFrom(happening.message)
        await self._write(event)

    async def _own(self, kind: str, data: Mapping[str, Any]) -> None:
        """An event of the stream itself."""
        await self._write(event_message({"type": kind, "time": rfc3339(now_ms()), "data": dict(data)}))

    async def _write(self, event: Any) -> None:
        """Waits where the caller does not read."""
        event.cursor = self.cursor
        response: Message = message_class("StreamEventsResponse")(event=event)
        await self._context.write(response)

    def _end(self, code: int, reason: str, message: str, retry_after_s: float | None = None) -> Refused:
        return Refused(status(code, reason, message, retry_after_s=retry_after_s, cursor=self.cursor))
