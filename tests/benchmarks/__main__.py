"""`scripts/bench [NAME …]`: measures the budgets of docs/benchmarks.md and prints each as a ratio within this run."""

import argparse
import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.benchmarks import grpc_calls, init_time, metrics_cost, sends, tracing, units
from tests.benchmarks.machine import machine
from tests.e2e.running_stack import COMPANIONS, RunningStack

API_BUDGET, INIT_BUDGET, WRITE_BUDGET, READ_BUDGET = 1.5, 2.0, 6, 2
PUSH_BUDGET_MS = (30, 200)
_OTHERS = """others, each with its own --help:
  scripts/bench local     the local stack itself, beside serverless-offline and chalice local
  scripts/bench files     2 GB up and down through the API, and many uploads at once
  scripts/bench realtime  1,000 and 10,000 WebSockets of the whole application: connects, memory, group messages
  scripts/bench sockets   the same of the gateway alone: memory of 1,000 WebSockets, a message to 100 of them
  scripts/bench report    writes docs/benchmark-report.md from what is kept; --collect measures first
  scripts/bench soak      mixed load for an hour, and whether memory stays flat"""


def line(what: str, figure: str, budget: str, met: bool) -> None:
    """One row of the report."""
    print(f"{what:<52} {figure:>28}   {budget:<14} {'ok' if met else 'NOT MET'}", flush=True)


JUDGED: list[dict[str, Any]] = []
"""What `--json` keeps: {"what", "value", "limit", "unit", "figure"}."""


def judge(what: str, value: float, limit: float, unit: str, figure: str) -> None:
    """One row of the report, kept as numbers too."""
    JUDGED.append({"what": what, "value": round(value, 3), "limit": limit, "unit": unit, "figure": figure})
    line(what, figure, f"<= {limit:g} {unit}".rstrip(), value <= limit)


def bench_init(_stack: RunningStack) -> None:
    """Init of the functions on the send path, and the slowest of the others."""
    measured = init_time.measure()
    baseline = measured.pop("baseline_s")
    for name, ratio in sorted(measured.items(), key=lambda item: -item[1]):
        figure = f"{ratio:.2f} x ({ratio * baseline * 1000:.0f} ms)"
        judge(f"init of {name} / boto3 and a client", ratio, INIT_BUDGET, "x", figure)


def bench_traces(_stack: RunningStack) -> None:
    """Init of functions on the send path with and without export, and what an invocation costs."""
    for name, (without, with_traces) in tracing.inits().items():
        met = without <= INIT_BUDGET
        line(f"init of {name}, traces exported", f"{without:.2f} x, {with_traces:.2f} x", f"<= {INIT_BUDGET} x", met)
    took = tracing.invocations()
    for name, milliseconds in took.items():
        print(f"{f'  an invocation, traces {name}':<52} {f'{milliseconds:.3f} ms':>28}")


def bench_metrics(_stack: RunningStack) -> None:
    """What counting adds to a send, and the log lines that it writes."""
    cost = metrics_cost.measure()
    figure = f"{cost['us']:.0f} us, {cost['lines']:.0f} lines, {cost['bytes']:.0f} bytes"
    judge("metrics of a send", cost["us"], metrics_cost.BUDGET_US, "us", figure)


def bench_units(stack: RunningStack) -> None:
    """Units of a text between two: send and routing."""
    os.environ |= {
        "AWS_ENDPOINT_URL_DYNAMODB": stack.url("dynamodb"),
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }
    from chat4all.stores.table import bind

    bind("chat4all-")
    counted = units.measure(presence=False)
    writes, reads = counted["write_units"], counted["read_units"]
    judge("write units a text message, sent and routed", writes, WRITE_BUDGET, "", f"{writes:.2f}")
    judge("read units a text message, sent and routed", reads, READ_BUDGET, "", f"{reads:.2f}")
    whole = units.measure(presence=True)
    figure = f"{whole['write_units']:.2f} / {whole['read_units']:.2f}, {whole['calls']:.1f} calls"
    print(f"{'  with the presence of both: write / read units':<52} {figure:>28}")


def bench_api(stack: RunningStack) -> None:
    """POST /v1/messages over its bare engine calls, by 1 and by 8 clients.

    While a client sends again at once, routing and pushing of its last message compete with it for the processors, which the
    bare calls do not have: hence also a client that pauses.
    """
    for clients, each, pause_s, how in (
        (1, 200, 0.05, "1 client, 20/s"),
        (1, 300, 0.0, "1 client"),
        (8, 60, 0.0, "8 clients"),
    ):
        bare = asyncio.run(sends.bare_seconds(stack, clients, each))
        api = asyncio.run(sends.api_seconds(stack, clients, each, pause_s))
        bare_ms, api_ms = (sends.percentile(s, 0.5) * 1000 for s in (bare, api))
        ratio = api_ms / bare_ms
        figure = f"{ratio:.2f} x ({api_ms:.1f} / {bare_ms:.1f} ms)"
        judge(f"POST /v1/messages / engine calls, {how}", ratio, API_BUDGET, "x", figure)


def bench_push(stack: RunningStack) -> None:
    """From asking POST /v1/messages to the other user's WebSocket."""
    seconds = asyncio.run(sends.push_seconds(stack, 300, per_second=20))
    for share, budget in zip((0.5, 0.99), PUSH_BUDGET_MS, strict=True):
        ms = sends.percentile(seconds, share) * 1000
        judge(f"message to the other's WebSocket, p{share * 100:.0f}", ms, budget, "ms", f"{ms:.1f} ms")


def bench_grpc(stack: RunningStack) -> None:
    """What the edge adds: the same calls over HTTP and gRPC by turns, and the same events. It has no budget."""
    for clients, each in ((1, 200), (8, 40)):
        for what, pair in asyncio.run(grpc_calls.call_seconds(stack, clients, each)).items():
            http_ms, grpc_ms = (sends.percentile(seconds, 0.5) * 1000 for seconds in pair)
            figure = f"{grpc_ms / http_ms:.2f} x ({grpc_ms:.1f} / {http_ms:.1f} ms)"
            print(f"{what + ' over gRPC / HTTP, clients: ' + str(clients):<52} {figure:>28}", flush=True)
    pushed, streamed = asyncio.run(grpc_calls.event_seconds(stack, 200, per_second=20))
    for share in (0.5, 0.99):
        ws_ms, grpc_ms = (sends.percentile(seconds, share) * 1000 for seconds in (pushed, streamed))
        figure = f"{grpc_ms / ws_ms:.2f} x ({grpc_ms:.1f} / {ws_ms:.1f} ms)"
        print(f"{f'message on StreamEvents / WebSocket, p{share * 100:.0f}':<52} {figure:>28}", flush=True)


BENCHMARKS: Mapping[str, Callable[[RunningStack], None]] = {
    "api": bench_api,
    "push": bench_push,
    "units": bench_units,
    "init": bench_init,
    "traces": bench_traces,
    "metrics": bench_metrics,
    "grpc": bench_grpc,
}


def main() -> None:
    """Run what was asked for against one stack of its own, with the rate limit out of the way."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__, epilog=_OTHERS)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of: {', '.join(BENCHMARKS)} (default: all)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the figures that have a budget")
    given = parser.parse_args()
    names = given.names or list(BENCHMARKS)
    if unknown := set(names) - set(BENCHMARKS):
        parser.error(
            f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}; scripts/bench --help names others"
        )
    print("starting a stack of its own", file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder:
        limits = ["--parameter=SendsPerSecond=10000", "--parameter=SendBurst=10000"]
        companions = [f"--companion={companion}" for companion in COMPANIONS] if "grpc" in names else []
        stack = RunningStack(Path(folder) / "data", [*limits, *companions]).start()
        try:
            for name in names:
                print(f"measuring {name}", file=sys.stderr)
                BENCHMARKS[name](stack)
        finally:
            stack.stop()
    if given.json is not None:
        given.json.write_text(json.dumps({"judged": JUDGED, "on": machine()}, indent=1) + "\n")


if __name__ == "__main__":
    main()
