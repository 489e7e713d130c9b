"""`python -m tests.benchmarks.message_units`: what each kind of message costs, measured on a whole stack and kept as JSON.

One message after the other, and the next when all that follows from it has arrived: no batch has two records, so that invocations
and Kafka's overhead are the most that a message can cost. Writes capacity/measurements/units.json.
"""

import argparse
import asyncio
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks.machine import machine
from tests.benchmarks.message_units.counting_proxy import CountingProxy, Counts, process_of
from tests.benchmarks.message_units.gauges import Done, done, functions_by_pid, invocations, summary
from tests.benchmarks.message_units.kinds import BURST, KINDS, Prepared, Scene, private_text_burst, scene
from tests.e2e.running_stack import ROOT, UNPACED, RunningStack

KEPT = ROOT / "capacity/measurements/units.json"
_WARM_UP, _COUNTED = 10, 50
_SETTLED_S = 1.5
"""Captures are written each quarter of a second; what a message causes last (a status) is over long before."""


async def measure(stack: RunningStack, prepare: Prepared, proxy: CountingProxy) -> dict[str, Any]:
    """Each figure for one message of a kind."""
    async with scene(stack) as there:
        act = await prepare(there)
        warm_up, counted, each = (1, 3, BURST) if prepare is private_text_burst else (_WARM_UP, _COUNTED, 1)
        for number in range(warm_up):
            await act(number)
        await asyncio.sleep(_SETTLED_S)
        proxy.counts.clear()
        before, pushed = await done(stack), there.events()
        for number in range(warm_up, warm_up + counted):
            await act(number)
        await asyncio.sleep(_SETTLED_S)
        meaning = {"meaning": (prepare.__doc__ or "").strip(), "messages": counted * each, "on": machine()}
        return meaning | await figures(stack, there, before, pushed, proxy, counted * each)


async def figures(
    stack: RunningStack, there: Scene, before: Done, pushed: int, proxy: CountingProxy, messages: int
) -> dict[str, Any]:
    after, counts = await done(stack), proxy.counts
    found = invocations(stack, before.sequence)

    def each(total: float) -> float:
        return round(total / messages, 3)

    of_functions = {
        name: {
            "invocations": each(len(made)),
            **summary(made),
            "processor_ms": each(1000 * (after.processor_s.get(name, 0) - before.processor_s.get(name, 0))),
            "dynamodb_calls": each(counts.calls[name]),
            "dynamodb": _of_tables(counts, name, each),
        }
        for name, made in sorted(found.items())
    }
    return {
        "functions": of_functions,
        "kafka": {
            topic: {"records": each(n), "bytes": each(after.log_bytes[topic] - before.log_bytes.get(topic, 0))}
            for topic in sorted(after.records)
            if (n := after.records[topic] - before.records.get(topic, 0))
        },
        "pushes": each(there.events() - pushed),
        "engines_processor_ms": {
            name: each(1000 * (after.processor_s[name] - before.processor_s[name]))
            for name in ("stack", "kafka", "dynamodb", "s3")
        },
    }


def _of_tables(counts: Counts, function: str, each: Callable[[float], float]) -> dict[str, dict[str, float]]:
    """Write and read units by table; what schedules do meanwhile is of functions that are not asked for."""
    tables = sorted({table for name, table in (*counts.write, *counts.read) if name == function})
    return {
        table.removeprefix("chat4all-"): {
            "write": each(counts.write[function, table]),
            "read": each(counts.read[function, table]),
        }
        for table in tables
    }


async def measure_all(stack: RunningStack, names: list[str]) -> dict[str, Any]:
    known: dict[int, str] = {}

    async def function_of(port: int) -> str:
        for fresh in (False, True):
            if fresh:
                known.update(await functions_by_pid(stack))
            if pid := process_of(port, known):
                return known[pid]
        return "none"

    measured = {}
    async with CountingProxy(int(stack.endpoints["dynamodb_port"]), function_of) as proxy:
        await stack.command("fault.add", target="engine", name="dynamodb", kind="via", url=proxy.url)
        for name in names:
            measured[name] = await measure(stack, KINDS[name], proxy)
            print(name, {n: f["invocations"] for n, f in measured[name]["functions"].items()}, flush=True)
    return measured


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="KIND", help=f"of: {', '.join(KINDS)} (default: all)")
    names = parser.parse_args().names or list(KINDS)
    if unknown := set(names) - set(KINDS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory() as folder:
        limits = [f"--parameter={name}=10000" for name in ("SendsPerSecond", "SendBurst")]
        limits += [f"--parameter={name}=10000" for name in ("RegistrationsPerSecond", "RegistrationBurst")]
        stack = RunningStack(Path(folder) / "data", [UNPACED, *limits]).start()
        try:
            measured = asyncio.run(measure_all(stack, names))
        finally:
            stack.stop()
    kept = json.loads(KEPT.read_text())["kinds"] if KEPT.exists() else {}
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    KEPT.write_text(json.dumps({"kinds": kept | measured}, indent=1) + "\n")


if __name__ == "__main__":
    main()
