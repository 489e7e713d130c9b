"""The Lambda service with every invocation captured."""

import asyncio
import time
import uuid
from contextvars import ContextVar
from functools import partial
from typing import Any, NamedTuple

from local.captures.capture import Outcome, Source
from local.captures.observed import Observed
from local.captures.store import CaptureStore
from local.lambda_service.environment import InvokeResult
from local.lambda_service.errors import TooManyRequests
from local.lambda_service.service import LambdaService

_ASYNCHRONOUS: ContextVar[Source] = ContextVar("asynchronous", default="asynchronous")
"""Who queued the invocation that a task of the queue runs: tasks keep the context in which they were made."""


class CapturingLambdaService(LambdaService):
    """Captures what ran and what was throttled; what the Invoke API refuses for its content is no invocation."""

    def __init__(self, *arguments: Any, captures: CaptureStore, **options: Any) -> None:
        """The others are those of `LambdaService`."""
        super().__init__(*arguments, **options)
        self._captures = captures

    def by(self, source: Source) -> "Caller":
        """The service as one part of the stack calls it."""
        return Caller(self, source)

    def begin(
        self,
        name: str,
        payload: bytes,
        *,
        client_context: str | None = None,
        request_id: str | None = None,
        is_json: bool = False,
        source: Source | None = None,
    ) -> asyncio.Future[InvokeResult]:
        """As `LambdaService.begin`. An invocation that brings its request id comes from the asynchronous queue."""
        called = _Called(
            name, payload, request_id, source or ("invoke" if request_id is None else _ASYNCHRONOUS.get()), time.time()
        )
        try:
            answer = super().begin(name, payload, client_context=client_context, request_id=request_id, is_json=is_json)
        except TooManyRequests:
            self._captures.add(called.refused("throttled"))
            raise
        answer.add_done_callback(partial(self._ended, called))
        return answer

    def _ended(self, called: "_Called", answer: asyncio.Future[InvokeResult]) -> None:
        if answer.cancelled():
            self._captures.add(called.refused("abandoned"))
        elif (error := answer.exception()) is None:
            self._captures.add(called.answered(answer.result()))
        elif isinstance(error, TooManyRequests):
            self._captures.add(called.refused("throttled"))


class _Called(NamedTuple):
    """An invocation that has begun."""

    name: str
    payload: bytes
    request_id: str | None
    source: Source
    started_s: float

    def refused(self, why: Outcome) -> Observed:
        known = self.request_id or str(uuid.uuid4())
        return Observed(known, self.name, self.source, self.started_s, self.payload, b"", b"", None, why)

    def answered(self, result: InvokeResult) -> Observed:
        return Observed(
            result.request_id,
            self.name,
            self.source,
            self.started_s,
            self.payload,
            result.payload,
            result.log_tail,
            result.function_error,
            None,
            result.outcome,
        )


class Caller:
    """One part of the stack that invokes functions."""

    def __init__(self, service: CapturingLambdaService, source: Source) -> None:
        self._service = service
        self._source: Source = source

    def invoke(self, name: str, payload: bytes) -> asyncio.Future[InvokeResult]:
        """As `LambdaService.begin`, of a payload that is JSON."""
        return self._service.begin(name, payload, is_json=True, source=self._source)

    async def invoke_event(self, name: str, payload: bytes) -> None:
        """As `LambdaService.invoke_event`."""
        token = _ASYNCHRONOUS.set(self._source)
        try:
            self._service.invoke_event(name, payload)
        finally:
            _ASYNCHRONOUS.reset(token)
