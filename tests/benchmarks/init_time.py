"""Init of each function: a fresh interpreter that imports its handler, with its services' modules (a test sees to that), makes
the services and the DynamoDB client, against one that imports boto3 and makes one client.

Interleaved within one run, the best of several tries each, because the machine is shared.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

from tests.contract.test_init import used_services

ROOT = Path(__file__).resolve().parents[2]
BASELINE = "import boto3; boto3.client('dynamodb')"
READY = """
import sys, app
from chat4all.bootstrap import app as services
for name in sys.argv[1:]:
    getattr(services(), name)
if "chat4all.stores.table" in sys.modules:
    from chat4all.stores.table import Table
    Table.client().client.endpoint_url
"""
TRIES = 5


def measure() -> dict[str, float]:
    """Ratio to the baseline by function; the baseline's own seconds under `baseline_s`."""
    functions = sorted(path.parent for path in (ROOT / "functions").glob("*/app.py"))
    best = {"": float("inf")} | {folder.name: float("inf") for folder in functions}
    for _ in range(TRIES):
        best[""] = min(best[""], _seconds(BASELINE, ROOT))
        for folder in functions:
            best[folder.name] = min(best[folder.name], _seconds(READY, folder, *used_services(folder / "app.py")))
    empty = min(_seconds("pass", ROOT) for _ in range(TRIES))
    baseline = best.pop("") - empty
    return {"baseline_s": baseline} | {name: (seconds - empty) / baseline for name, seconds in best.items()}


def _seconds(code: str, folder: Path, *arguments: str) -> float:
    environment = os.environ | {
        "PYTHONPATH": f"{folder}:{ROOT / 'layers/chat4all/python'}",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", code, *arguments], cwd=folder, env=environment, check=True)
    return time.perf_counter() - begun
