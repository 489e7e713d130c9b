"""`scripts/bench soak`: mixed load on the real application, sampled every 15 s; at the end, whether anything grows.

Writes samples.csv, soak.svg and report.txt. Exit code 0: flat; 1: something grows, or the application failed under load;
2: the run was too short to tell.
"""

import argparse
import asyncio
import csv
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from local.status import read_status
from tests.benchmarks.soak import load as mixed
from tests.benchmarks.soak.application import copy_application
from tests.benchmarks.soak.chart import line_chart
from tests.benchmarks.soak.sampling import folder_mb, groups
from tests.benchmarks.soak.verdict import Verdict, slope
from tests.e2e.running_stack import UNPACED, RunningStack

SAMPLE_S = 15.0
SAMPLES = 60
"""At least, in runs that are too short for so many at that pace."""
JUDGED_S = 1200.0
"""A shorter run shows slopes and judges none: what fills up once looks like growth."""
FAILURES_ALLOWED = 0.001
"""Of all actions."""
LIMITS = {
    "stack rss": 5.0,
    "stack fds": 10.0,
    "stack threads": 4.0,
    "stack tasks": 10.0,
    "warm parents rss": 10.0,
    "warm parents processes": 2.0,
    "environments private each": 5.0,
    "environments processes": 10.0,
    "environments fds each": 4.0,
    "environments threads each": 2.0,
    "kafka rss": 60.0,
    "kafka fds": 60.0,
    "kafka threads": 10.0,
    "dynamodb rss": 30.0,
    "dynamodb fds": 10.0,
    "s3 rss": 30.0,
    "s3 fds": 10.0,
    "other processes": 2.0,
    "logs MB": 100.0,
}
"""What may be gained in an hour: MB or a count. Engines keep indexes and caches of data that the load itself adds; the log of a
function begins anew at 10 MB, which takes longer than an hour here.

Resident memory of single processes: PSS and private pages also grow when another stack on the machine ends, which had
shared the pages of Python and of the engines with this one."""
CHARTED = ("stack rss", "warm parents rss", "kafka rss", "dynamodb rss", "s3 rss")


async def sample(stack: RunningStack) -> dict[str, float]:
    """One row, by column."""
    status = await read_status(stack.data)
    assert status is not None, stack.printed()
    assert stack.process is not None
    row: dict[str, float] = {"stack tasks": status["stack"].get("tasks", 0)}
    held_by_group = await asyncio.to_thread(groups, stack.process.pid, dict(status))
    for name, held in held_by_group.items():
        for kind in ("processes", "rss", "pss", "private", "fds", "threads"):
            row[f"{name} {kind}"] = round(float(getattr(held, kind)), 2)
    environments = held_by_group["environments"]
    for kind in ("pss", "private", "fds", "threads"):
        row[f"environments {kind} each"] = round(getattr(environments, kind) / max(environments.processes, 1), 2)
    row["logs MB"] = round(await asyncio.to_thread(folder_mb, stack.data / "logs"), 2)
    row["data MB"] = round(await asyncio.to_thread(folder_mb, stack.data), 2)
    row["invocations"] = sum(function["invocations"] for function in status["functions"])
    row["lag"] = sum(mapping["lag"] or 0 for mapping in status["mappings"])
    return row


def verdicts(rows: list[dict[str, float]], warm_up_s: float) -> Iterator[tuple[str, Verdict, str]]:
    """Name, verdict and a line, for each limit whose column was measured."""
    times = [row["seconds"] for row in rows]
    for name, limit in LIMITS.items():
        values = [row[name] for row in rows if name in row]
        if len(values) != len(rows):
            continue
        found = slope(times, values, warm_up_s)
        verdict = found.against(limit) if found else Verdict.UNCERTAIN
        figures = (
            f"{found.mean:9.1f}  {found.per_hour:+8.2f} ± {found.margin:.2f} an hour" if found else "too few samples"
        )
        yield name, verdict, f"{name:<28} {figures:<40} at most {limit:+.0f}   {verdict.value}"


def report(rows: list[dict[str, float]], load: mixed.Load, warm_up_s: float) -> tuple[str, int]:
    """The text, and the exit code."""
    found = list(verdicts(rows, warm_up_s))
    done, failed = sum(load.done.values()), sum(load.failed.values())
    too_many = failed > FAILURES_ALLOWED * (done + failed)
    too_short = rows[-1]["seconds"] < JUDGED_S
    grown = not too_short and any(verdict is Verdict.GROWS for _, verdict, _ in found)
    unsure = too_short or any(verdict is Verdict.UNCERTAIN for _, verdict, _ in found)
    minutes = rows[-1]["seconds"] / 60
    lines = [
        f"{minutes:.0f} minutes, {len(rows)} samples; the first {warm_up_s / 60:.0f} minutes are warm-up",
        f"{rows[-1]['invocations']:.0f} invocations; done: "
        + ", ".join(f"{n} {k}" for k, n in sorted(load.done.items())),
        f"messages received over WebSockets: {load.received}; lag at the end: {rows[-1]['lag']:.0f}",
        f"failed: {failed} of {done + failed} ({'MORE THAN ALLOWED' if too_many else 'ok'})",
        *(f"  {count} x {what}" for what, count in load.failed.most_common(20)),
        "",
        f"{'':<28} {'mean':>9}  {'slope':>8}   95 % interval",
        *(line for _, _, line in found),
        "",
        "VERDICT: " + ("NOT FLAT" if grown or too_many else "cannot tell: run longer" if unsure else "flat"),
    ]
    return "\n".join(lines) + "\n", 1 if grown or too_many else 2 if unsure else 0


class Samples:
    """Rows so far; each is on the disk as soon as it is taken."""

    def __init__(self, file: Path) -> None:
        self.rows: list[dict[str, float]] = []
        self._file = file

    def add(self, row: dict[str, float]) -> None:
        self.rows.append(row)
        with self._file.open("a", newline="") as out:
            writer = csv.DictWriter(out, self.rows[0], extrasaction="ignore", restval="")
            if len(self.rows) == 1:
                writer.writeheader()
            writer.writerow(row)


def show(row: dict[str, float], load: mixed.Load) -> None:
    """One line of progress."""
    print(
        f"{row['seconds'] / 60:6.1f} min  stack {row['stack pss']:.1f} MB, {row['stack fds']:.0f} fds, "
        f"{row['stack tasks']:.0f} tasks;  {row['environments processes']:.0f} environments, "
        f"{row['environments private each']:.1f} MB private each;  parents {row['warm parents pss']:.1f} MB;  "
        f"kafka {row['kafka pss']:.0f}, dynamodb {row['dynamodb pss']:.0f}, s3 {row['s3 pss']:.0f} MB;  "
        f"lag {row['lag']:.0f};  {sum(load.done.values())} done, {sum(load.failed.values())} failed",
        flush=True,
    )


async def soak(stack: RunningStack, load: mixed.Load, minutes: float, rate: float, samples: Samples) -> None:
    """Load and sample for so long."""
    await load.begin(20)
    working = asyncio.create_task(mixed.run(load, rate))
    pace = min(SAMPLE_S, minutes * 60 / SAMPLES)
    begun = time.monotonic()
    try:
        while (now := time.monotonic() - begun) <= minutes * 60:
            row = {"seconds": round(now, 1)} | await sample(stack)
            samples.add(row)
            show(row, load)
            if working.done():
                await working
            await asyncio.sleep(max(0.0, pace * len(samples.rows) - (time.monotonic() - begun)))
    finally:
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working
        await load.end()


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/bench soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--rate", type=float, default=10, help="messages sent a second; the rest in proportion (10)")
    parser.add_argument("--output", type=Path, default=Path("soak"), help="folder for its files (soak)")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    (options.output / "samples.csv").unlink(missing_ok=True)
    warm_up_s = min(900.0, options.minutes * 60 / 4)
    samples = Samples(options.output / "samples.csv")
    with tempfile.TemporaryDirectory() as folder:
        application = Path(folder) / "application"
        application.mkdir()
        template = copy_application(application)
        limits = [UNPACED, "--parameter=SendsPerSecond=10000", "--parameter=SendBurst=10000"]
        stack = RunningStack(Path(folder) / "data", [*limits, f"--template={template}"]).start()
        urls = {name: stack.url(name) for name in ("http", "aws", "console")}
        urls |= {"websocket": stack.url("websocket", "ws"), "kafka": f"127.0.0.1:{stack.endpoints['kafka_port']}"}
        load = mixed.Load(urls, application)
        try:
            asyncio.run(soak(stack, load, options.minutes, options.rate, samples))
        except KeyboardInterrupt:
            print("interrupted: the verdict is of what there is", flush=True)
        finally:
            stack.stop()
    text, code = report(samples.rows, load, warm_up_s)
    print(text)
    (options.output / "report.txt").write_text(text)
    minutes = [row["seconds"] / 60 for row in samples.rows]
    charted = {name: [row.get(name, 0.0) for row in samples.rows] for name in CHARTED}
    (options.output / "soak.svg").write_text(line_chart("PSS under mixed load, MB", minutes, charted))
    return code


if __name__ == "__main__":
    sys.exit(main())
