"""What traces cost: the init of functions on the send path, and an invocation whose spans go to a collector beside it."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from typing import Any

from chat4all.config import settings
from chat4all.observed import observed
from chat4all.tracing import spans
from chat4all.tracing.spans import Kind
from chat4all.tracing.tracers import tracer_of
from tests.benchmarks import init_time

FUNCTIONS = ("messages_send", "router", "realtime", "telegram_send", "webhook_send")
_TIMES = 500
_CALLS = 6
"""Of a send: four to DynamoDB, one to Kafka, and one for good measure."""
_EVENT = {
    "version": "2.0",
    "requestContext": {"http": {"method": "POST"}, "routeKey": "POST /v1/messages"},
    "headers": {},
}


def inits() -> Mapping[str, tuple[float, float]]:
    """By function, its init against that of boto3 and a client: without an endpoint, and with one."""
    without = init_time.measure(FUNCTIONS)
    with_traces = init_time.measure(FUNCTIONS, {"OTLP_ENDPOINT": "http://127.0.0.1:4318"})
    return {name: (without[name], with_traces[name]) for name in FUNCTIONS}


def invocations() -> Mapping[str, float]:
    """Milliseconds that an invocation of nothing but its span and six calls takes: `off`, `unsampled`, `exported`.

    Of 500 the fiftieth: the machine is shared.
    """
    command = [sys.executable, "-m", "tests.otlp_collector"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as collector:
        assert collector.stdout is not None
        endpoint = collector.stdout.readline().strip()
        try:
            return {
                "off": _milliseconds({"OTLP_ENDPOINT": ""}),
                "unsampled": _milliseconds({"OTLP_ENDPOINT": endpoint, "TRACE_SAMPLE_RATIO": "0"}),
                "exported": _milliseconds({"OTLP_ENDPOINT": endpoint, "TRACE_SAMPLE_RATIO": "1"}),
            }
        finally:
            collector.terminate()


def _milliseconds(variables: Mapping[str, str]) -> float:
    os.environ |= variables
    settings.cache_clear()
    tracer_of.cache_clear()
    handler = observed("bench")(_handler)
    took = []
    for _ in range(_TIMES):
        began = time.perf_counter()
        handler(_EVENT, None)
        took.append((time.perf_counter() - began) * 1000)
    return sorted(took)[_TIMES // 10]


def _handler(_event: Any, _context: Any) -> dict[str, int]:
    for _ in range(_CALLS):
        with spans.call("dynamodb PutItem", Kind.CLIENT, {"rpc.system": "aws-api", "rpc.method": "PutItem"}):
            pass
    return {"statusCode": 202}
