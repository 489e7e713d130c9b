"""The Lambda service with every invocation captured."""

import asyncio
import time
import uuid
from collections.abc import Coroutine
from contextvars import ContextVar
from typing import Any

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

    async def invoke(
        self,
        name: str,
        payload: bytes,
        *,
        client_context: str | None = None,
        request_id: str | None = None,
        source: Source | None = None,
    ) -> InvokeResult:
        """As `LambdaService.invoke`. An invocation that brings its request id comes from the asynchronous queue."""
        started_s = time.time()
        source = source or ("invoke" if request_id is None else _ASYNCHRONOUS.get())
        try:
            result = await super().invoke(name, payload, client_context=client_context, request_id=request_id)
        except (TooManyRequests, asyncio.CancelledError) as error:
            refused: Outcome = "throttled" if isinstance(error, TooManyRequests) else "abandoned"
            known = request_id or str(uuid.uuid4())
            self._captures.add(Observed(known, name, source, started_s, payload, b"", b"", None, refused))
            raise
        self._captures.add(
            Observed(
                result.request_id,
                name,
                source,
                started_s,
                payload,
                result.payload,
                result.log_tail,
                result.function_error,
                None,
                result.outcome,
            )
        )
        return result


class Caller:
    """One part of the stack that invokes functions."""

    def __init__(self, service: CapturingLambdaService, source: Source) -> None:
        self._service = service
        self._source: Source = source

    def invoke(self, name: str, payload: bytes) -> Coroutine[Any, Any, InvokeResult]:
        """As `LambdaService.invoke`."""
        return self._service.invoke(name, payload, source=self._source)

    async def invoke_event(self, name: str, payload: bytes) -> None:
        """As `LambdaService.invoke_event`."""
        token = _ASYNCHRONOUS.set(self._source)
        try:
            self._service.invoke_event(name, payload)
        finally:
            _ASYNCHRONOUS.reset(token)
