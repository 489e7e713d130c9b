"""Runs k6 or Locust with a plan; each writes the lines that are verified afterwards to a file, and prints its own summary."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.load.k6_program import k6

FOLDER = Path(__file__).parent
_K6_THRESHOLDS = 99
"""Exit code of k6 where a threshold is crossed (k6 documentation, "Thresholds")."""


@dataclass(frozen=True)
class Ran:
    """What became of it."""

    is_within_thresholds: bool
    failed: str = ""
    """Why the tool itself failed."""
    latencies: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """{"p50", "p99"} in ms, by what was asked; `push` is from the sender to the other's WebSocket."""


def run_k6(script: str, plan: Path, lines: Path) -> Ran:
    """Raises NoK6."""
    summary = lines.with_name("summary.json")
    command: Sequence[str | Path] = [
        k6(), "run", "--no-usage-report", "--quiet", f"--log-output=file={lines}", "--log-format=raw",
        f"--summary-export={summary}", f"--env=LOAD_PLAN={plan}", FOLDER / "k6" / f"{script}.js",
    ]  # fmt: skip
    code = subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode
    if code not in (0, _K6_THRESHOLDS):
        return Ran(False, f"k6 ended with {code}{_said(lines)}")
    return Ran(code == 0, latencies=_latencies(json.loads(summary.read_text())["metrics"]))


def _latencies(metrics: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    """Of k6's summary: what there is a threshold for."""
    found = {}
    for metric, values in metrics.items():
        name = "push" if metric == "push_latency" else metric.partition("{name:")[2].rstrip("}")
        if name and "p(99)" in values:
            found[name] = {"p50": round(values["med"], 1), "p99": round(values["p(99)"], 1)}
    return found


def run_locust(script: str, plan: Path, lines: Path, python: str) -> Ran:
    """`python` is that of the environment `load`."""
    command: Sequence[str | Path] = [
        python, "-m", "locust", "--headless", "--only-summary", "--loglevel=WARNING", "--locustfile", FOLDER / "locustfile.py",
        script.capitalize(),
    ]  # fmt: skip
    # Locust is a program of another environment: it imports nothing of the repository.
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    variables |= {"LOAD_PLAN": str(plan), "LOAD_LINES": str(lines)}
    code = subprocess.run(command, env=variables, stdin=subprocess.DEVNULL, check=False).returncode
    said = [json.loads(line) for line in lines.read_text().splitlines()] if lines.exists() else []
    latencies = {one["name"]: {"p50": one["p50"], "p99": one["p99"]} for one in said if one["kind"] == "latency"}
    return Ran(code == 0, "" if code in (0, 2) else f"locust ended with {code}", latencies)


def _said(lines: Path) -> str:
    """Errors of a script are in the log, among the lines."""
    said = [line for line in lines.read_text().splitlines() if not line.startswith("{")] if lines.exists() else []
    return ": " + " ".join(said[-3:]) if said else ""


def tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
