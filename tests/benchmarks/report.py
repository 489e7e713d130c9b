"""`scripts/bench report`: docs/benchmark-report.md with its pictures, and docs/capacity.md, from what is kept as JSON.

--collect measures first, for some minutes: budgets (api, push, units, init), what each kind of message uses, and throughput and
latency at several rates. What it finds is kept in capacity/measurements.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import pyplot as plt

from capacity.__main__ import main as write_capacity
from capacity.markdown import number, table
from capacity.measurements import FOLDER, KindUse, load
from capacity.plots import COLOURS, save
from capacity.simulation import recorded
from capacity.simulation.recorded import Recorded
from tests.e2e.running_stack import ROOT

mpl.use("svg")
DOCUMENT, IMAGES = ROOT / "docs/benchmark-report.md", ROOT / "docs/images"
BUDGETS, LOADS = FOLDER / "budgets.json", FOLDER / "load.json"
_COLLECTED = (
    ("tests.benchmarks", "api", "push", "units", "init", f"--json={BUDGETS}"),
    ("tests.benchmarks.message_units",),
    ("tests.benchmarks.pipeline",),
)
_SHOWN_INITS = 8
"""The slowest; all are in the JSON."""


def document(
    budgets: Mapping[str, Any], kinds: Mapping[str, KindUse], measured: Recorded, loads: Mapping[str, Any]
) -> str:
    """The page as text."""
    on = budgets["on"]
    return f"""# Benchmark report

Written by `scripts/bench report` from [what was measured](../capacity/measurements); `--collect` measures again. How each is measured, and what
its budget is, stands in [benchmarks.md](benchmarks.md); what follows for AWS, in [capacity.md](capacity.md).

Measured on {on["date"]} on {on["processors"]} processors ({on["model"]}, Python {on["python"]}), on which other test runs ran beside: load average
{on["load_average"][0]:.0f} for the budgets, up to {max(one.load_average for one in measured.rates):.0f} for the rates. Ratios are within one run, and processor times the processes' own; milliseconds are
those of a busy machine.

## Budgets

{_budgets(budgets["judged"])}

![Budgets](images/benchmark-budgets.svg)

## Throughput and latency

Texts between two, at random moments, whether or not those before have arrived (`python -m tests.benchmarks.pipeline`{_priority(measured)}); {measured.full_clients}
clients that each wait for their push reach {number(measured.full_messages_s)} messages/s, while other programs took {number(measured.processors_of_others)} processors.

{_rates(measured)}

![Latency by rate](images/benchmark-rates.svg)

## Load

`scripts/load` against a stack of its own on the same machine ([load.md](load.md)); every history was read afterwards.

{_loads(loads)}

## What one message uses

Processor time by function; DynamoDB's units, records and pushes are in [capacity.md](capacity.md#what-one-message-uses).

![Processor time of one message](images/benchmark-kinds.svg)

{_kinds(kinds)}
"""  # noqa: E501 - as the page has it


def _priority(measured: Recorded) -> str:
    return "" if measured.priority is None else f" --priority {measured.priority}"


def _budgets(judged: Sequence[Mapping[str, Any]]) -> str:
    rows = [
        (one["what"], one["figure"], f"{one['limit']:g} {one['unit']}".strip(), _kept(one)) for one in _shown(judged)
    ]
    return table(["what", "measured", "at most", ""], rows)


def _kept(one: Mapping[str, Any]) -> str:
    return "ok" if one["value"] <= one["limit"] else "**not met**"


def _shown(judged: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    inits = sorted((one for one in judged if one["what"].startswith("init ")), key=lambda one: -one["value"])
    return [*(one for one in judged if one not in inits), *inits[:_SHOWN_INITS]]


def _rates(measured: Recorded) -> str:
    rows = [
        (number(r.rate), r.messages, *(number(r.api_ms[p]) for p in ("p50", "p90", "p99")),
         *(number(r.push_ms[p]) for p in ("p50", "p90", "p99")), number(sum(r.processor_ms.values())))
        for r in measured.rates
    ]  # fmt: skip
    heads = [
        "messages/s",
        "messages",
        "answer p50, ms",
        "p90",
        "p99",
        "push p50, ms",
        "p90",
        "p99",
        "processor ms a message, of all",
    ]
    return table(heads, rows)


def _kinds(kinds: Mapping[str, KindUse]) -> str:
    rows = [
        (f"`{name}`", ", ".join(f"{f} {number(u.processor_ms)}" for f, u in _by_time(use)))
        for name, use in kinds.items()
    ]
    return table(["kind", "processor ms by function"], rows)


def _by_time(use: KindUse) -> list[tuple[str, Any]]:
    return sorted(use.functions.items(), key=lambda item: -item[1].processor_ms)


_LATENCIES = ("POST /v1/messages", "push", "POST initiate")
"""Of the tools' many, what the profiles are about."""


def _loads(loads: Mapping[str, Any]) -> str:
    rows = [
        (
            name,
            one["users"],
            number(one["seconds"] / 60),
            number(one["pause_s"]),
            one["acknowledged"],
            " / ".join(str(one[what]) for what in ("lost", "doubled", "reordered", "undelivered", "incomplete")),
            "; ".join(f"{what} {of['p50']:g} / {of['p99']:g}" for what, of in _shown_latencies(one)),
            "yes" if one["is_within_thresholds"] else "no",
            f"{one['on']['load_average'][0]:.0f}",
        )
        for name, one in loads.items()
    ]
    wrong = "lost / doubled / out of order / not pushed / incomplete"
    heads = ["tool, profile", "users", "minutes", "pause, s", "acknowledged", wrong, "p50 / p99, ms", "thresholds met"]
    return table([*heads, "load average"], rows)


def _shown_latencies(one: Mapping[str, Any]) -> list[tuple[str, Mapping[str, float]]]:
    return [(what, one["latencies"][what]) for what in _LATENCIES if what in one["latencies"]]


def pictures(
    budgets: Mapping[str, Any], kinds: Mapping[str, KindUse], measured: Recorded, _loads: object, folder: Path
) -> None:
    judged = _shown(budgets["judged"])[::-1]
    figure, axes = plt.subplots(figsize=(9, 0.32 * len(judged) + 1), layout="constrained")
    shares = [one["value"] / one["limit"] for one in judged]
    axes.barh([one["what"] for one in judged], shares, color=[COLOURS[2] if s <= 1 else COLOURS[3] for s in shares])
    axes.axvline(1, color="#333", linewidth=1)
    axes.set_xlabel("share of the budget")
    axes.tick_params(axis="y", labelsize=8)
    save(figure, folder / "benchmark-budgets.svg")

    figure, axes = plt.subplots(figsize=(9, 3.4), layout="constrained")
    for index, (what, of) in enumerate((("answer", "api_ms"), ("push", "push_ms"))):
        for style, share in (("-", "p50"), ("--", "p90"), (":", "p99")):
            values = [getattr(one, of)[share] for one in measured.rates]
            axes.plot(
                [one.rate for one in measured.rates], values, style, color=COLOURS[index], label=f"{what}, {share}"
            )
    axes.set_yscale("log")
    axes.set_xlabel("messages/s")
    axes.set_ylabel("ms")
    axes.legend(fontsize=8, ncols=2)
    save(figure, folder / "benchmark-rates.svg")

    figure, axes = plt.subplots(figsize=(9, 4), layout="constrained")
    functions = sorted({name for use in kinds.values() for name in use.functions})
    left = [0.0] * len(kinds)
    for index, name in enumerate(functions):
        widths = [use.functions[name].processor_ms if name in use.functions else 0.0 for use in kinds.values()]
        hatch = "//" if index >= len(COLOURS) else None
        axes.barh(list(kinds), widths, left=left, color=COLOURS[index % len(COLOURS)], hatch=hatch, label=name)
        left = [a + b for a, b in zip(left, widths, strict=True)]
    axes.invert_yaxis()
    axes.set_xlabel("processor ms of one message, by function")
    figure.legend(fontsize=7, loc="outside right center")
    save(figure, folder / "benchmark-kinds.svg")


def read() -> tuple[Mapping[str, Any], Mapping[str, KindUse], Recorded, Mapping[str, Any]]:
    """What is kept. Raises BadMeasurements, FileNotFoundError."""
    return json.loads(BUDGETS.read_text()), load().kinds, recorded.load(), json.loads(LOADS.read_text())


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/bench report", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--collect", action="store_true", help="measure first")
    if parser.parse_args().collect:
        for module, *arguments in _COLLECTED:
            print(f"measuring: {module} {' '.join(arguments)}", file=sys.stderr, flush=True)
            subprocess.run([sys.executable, "-m", module, *arguments], check=True)
    kept = read()
    DOCUMENT.write_text(document(*kept))
    pictures(*kept, IMAGES)
    return write_capacity([])


if __name__ == "__main__":
    sys.exit(main())
