"""What a send pays for its metrics: what POST /v1/messages counts and writes at its end, beside what counts nothing."""

import os
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from io import StringIO
from statistics import median

from chat4all.invocation import HTTP
from chat4all.metrics.database import observe_call
from chat4all.metrics.emission import count, flush, observe
from chat4all.metrics.invocations import count_invocation
from chat4all.metrics.metric_list import MESSAGE_LATENCY, MESSAGES_SENT, PRODUCER_RECORDS, PRODUCER_SECONDS

BUDGET_US = 100.0
_TIMES = 2_000
_CALLS = (
    *(("rate-limits", "UpdateItem"), ("members", "GetItem"), ("heads", "UpdateItem")),
    *(("message-ids", "PutItem"), ("messages", "PutItem")),
)


def measure() -> dict[str, float]:
    """{`us`: microseconds of processor time that counting adds, `bytes` and `lines` of what it writes}."""
    written = StringIO()
    with redirect_stdout(written):
        flush("bench")
        written.truncate(0)
        written.seek(0)
        _count()
        flush("bench")
    text = written.getvalue()
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere):
        added = _microseconds(_count) - _microseconds(_nothing)
    return {"us": added, "bytes": len(text.encode()), "lines": text.count("\n")}


def _microseconds(counting: Callable[[], None]) -> float:
    took = []
    for _ in range(_TIMES):
        began = time.process_time_ns()
        counting()
        flush("bench")
        took.append((time.process_time_ns() - began) / 1000)
    return median(took)


def _nothing() -> None:
    """As it was before there were metrics."""


def _count() -> None:
    """What sending, the tables, the publisher and `observed` count of a send that is accepted."""
    for table, operation in _CALLS:
        observe_call(table, operation, 0.003214)
    count(PRODUCER_RECORDS, "messages")
    observe(PRODUCER_SECONDS, 0.002345, "messages")
    count(MESSAGES_SENT, "in_app", "text")
    observe(MESSAGE_LATENCY, 0.012345, "accepted")
    count_invocation("messages_send", HTTP, 202, 0.0134)
