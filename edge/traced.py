"""Spans of calls: each is in the trace that its metadata names, and the HTTP API's request in its own."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import grpc

from chat4all.tracing import spans
from chat4all.tracing.current import following
from chat4all.tracing.spans import Kind
from chat4all.tracing.trace_context import of_headers
from chat4all.tracing.tracers import tracer_of
from edge.callers import first_values

_EVERY_S = 1.0
_FAULTS_OF_OURS = frozenset({"UNKNOWN", "DEADLINE_EXCEEDED", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS"})
"""Semantic conventions for gRPC: of a server's spans only these are errors."""


@contextmanager
def traced(path: str, context: Any) -> Iterator[None]:
    """Answer the call of the method `path` (`/package.Service/Method`) inside."""
    service, _, method = path.strip("/").partition("/")
    about = {"rpc.system": "grpc", "rpc.service": service, "rpc.method": method}
    parent = of_headers(first_values(context.invocation_metadata() or ()))
    own = spans.begin(path.strip("/"), Kind.SERVER, parent, about)
    try:
        with following(own.context):
            yield
    finally:
        code = context.code() or grpc.StatusCode.OK
        own.set({"rpc.grpc.status_code": code.value[0]})
        if code.name in _FAULTS_OF_OURS:
            own.fail(code.name)
        own.end()


class Traces:
    """Exports what has ended, once a second, in a thread: a collector that does not answer stops no call."""

    def __init__(self) -> None:
        self._recorder = tracer_of("edge")
        spans.record_by(self._recorder)

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            await asyncio.sleep(_EVERY_S)
            await asyncio.to_thread(self.flush)

    def flush(self) -> None:
        """What has ended goes out now."""
        if self._recorder is not None:
            self._recorder.flush()
