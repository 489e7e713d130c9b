"""Metrics of calls, written to stdout as functions write theirs: in the embedded metric format, every few seconds.

Names and labels are those of go-grpc-prometheus, which dashboards of gRPC servers know.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import grpc

from chat4all.metrics.emission import count, flush, observe, put
from chat4all.metrics.metric_list import CERTIFICATE_SECONDS, GRPC_HANDLED, GRPC_SECONDS, GRPC_STREAMS
from edge.contract import Method

_EVERY_S = 5.0


@contextmanager
def measured(method: Method, context: Any) -> Iterator[None]:
    """Answer a call of `method` inside."""
    about = ("server_stream" if method.rule is None else "unary", method.service, method.name)
    began, code = time.perf_counter(), grpc.StatusCode.UNKNOWN
    try:
        yield
        code = context.code() or grpc.StatusCode.OK
    except asyncio.CancelledError:
        code = grpc.StatusCode.CANCELLED
        raise
    except BaseException:
        code = context.code() or code
        raise
    finally:
        count(GRPC_HANDLED, *about, code.name)
        observe(GRPC_SECONDS, time.perf_counter() - began, *about)


class Metrics:
    """Writes what was counted, and what there is at that moment."""

    def __init__(
        self, stage: str, streams: Callable[[], int], certificate_until: Callable[[], datetime | None]
    ) -> None:
        self._stage = stage
        self._streams = streams
        self._certificate_until = certificate_until

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            self.write()
            await asyncio.sleep(_EVERY_S)

    def write(self) -> None:
        """One look."""
        put(GRPC_STREAMS, self._streams())
        until = self._certificate_until()
        if until is not None:
            put(CERTIFICATE_SECONDS, round((until - datetime.now(UTC)).total_seconds()))
        flush(self._stage)
