"""Runs k6 or Locust with a plan; each writes the lines that are verified afterwards to a file, and prints its own summary."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

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


def run_k6(script: str, plan: Path, lines: Path) -> Ran:
    """Raises NoK6."""
    command: Sequence[str | Path] = [
        k6(), "run", "--no-usage-report", "--quiet", f"--log-output=file={lines}", "--log-format=raw",
        f"--env=LOAD_PLAN={plan}", FOLDER / "k6" / f"{script}.js",
    ]  # fmt: skip
    code = subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode
    return Ran(code == 0, "" if code in (0, _K6_THRESHOLDS) else f"k6 ended with {code}{_said(lines)}")


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
    return Ran(code == 0, "" if code in (0, 2) else f"locust ended with {code}")


def _said(lines: Path) -> str:
    """Errors of a script are in the log, among the lines."""
    said = [line for line in lines.read_text().splitlines() if not line.startswith("{")] if lines.exists() else []
    return ": " + " ".join(said[-3:]) if said else ""


def tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
