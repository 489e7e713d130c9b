"""Init of each function: a fresh interpreter that imports its handler, against one that imports boto3 and makes one client.

Interleaved within one run, the best of several tries each, because the machine is shared.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BASELINE = "import boto3; boto3.client('dynamodb')"
TRIES = 5


def measure() -> dict[str, float]:
    """Ratio to the baseline by function; the baseline's own seconds under `baseline_s`."""
    functions = sorted(path.parent for path in (ROOT / "functions").glob("*/app.py"))
    best = {"": float("inf")} | {folder.name: float("inf") for folder in functions}
    for _ in range(TRIES):
        best[""] = min(best[""], _seconds(BASELINE, ROOT))
        for folder in functions:
            best[folder.name] = min(best[folder.name], _seconds("import app", folder))
    empty = min(_seconds("pass", ROOT) for _ in range(TRIES))
    baseline = best.pop("") - empty
    return {"baseline_s": baseline} | {name: (seconds - empty) / baseline for name, seconds in best.items()}


def _seconds(code: str, folder: Path) -> float:
    environment = os.environ | {
        "PYTHONPATH": f"{folder}:{ROOT / 'layers/chat4all/python'}",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], cwd=folder, env=environment, check=True)
    return time.perf_counter() - begun
