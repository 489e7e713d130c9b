"""Init of each function: a fresh interpreter that imports its handler, with its services' modules (a test sees to that), makes
the services and the DynamoDB client, against one that imports boto3 and makes one client. Both have the packages of the layer,
as on Lambda, and not those of the development environment (httpx loads its command line where rich is installed).

Interleaved within one run, the least processor time of several tries each, because the machine is shared.
"""

import hashlib
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Collection, Mapping
from pathlib import Path

from tests.contract.test_init import used_services

ROOT = Path(__file__).resolve().parents[2]
BASELINE = "import boto3; boto3.client('dynamodb')"
READY = """
import sys, app
from chat4all.bootstrap import app as services
for name in sys.argv[1:]:
    name, _, channel = name.partition("=")
    service = getattr(services(), name)
    if channel:
        service(channel)
from chat4all.tracing.tracers import tracer_of
tracer_of("bench")
if "chat4all.stores.table" in sys.modules:
    from chat4all.stores.table import Table
    Table.client().client.endpoint_url
"""
TRIES = 5
PACKAGES = ROOT / ".venv-layer"


def measure(only: Collection[str] = (), variables: Mapping[str, str] | None = None) -> dict[str, float]:
    """Ratio to the baseline by function; the baseline's own seconds under `baseline_s`.

    Args:
        only: names of functions; else all.
        variables: of their environment.
    """
    _install_layer()
    found = sorted(path.parent for path in (ROOT / "functions").glob("*/app.py"))
    functions = [folder for folder in found if not only or folder.name in only]
    best = {"": float("inf")} | {folder.name: float("inf") for folder in functions}
    for _ in range(TRIES):
        best[""] = min(best[""], _seconds(BASELINE, ROOT))
        for folder in functions:
            services = used_services(folder / "app.py")
            best[folder.name] = min(best[folder.name], _seconds(READY, folder, *services, variables=variables))
    empty = min(_seconds("pass", ROOT) for _ in range(TRIES))
    baseline = best.pop("") - empty
    return {"baseline_s": baseline} | {name: (seconds - empty) / baseline for name, seconds in best.items()}


def _install_layer() -> None:
    """The packages of the layer in `PACKAGES`, as `sam build` puts them there, for this machine."""
    requirements = ROOT / "layers/dependencies/requirements.txt"
    stamp, wanted = PACKAGES / "installed", hashlib.sha256(requirements.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    shutil.rmtree(PACKAGES, ignore_errors=True)
    pip = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
        "--require-hashes",
    ]
    subprocess.run([*pip, "--target", str(PACKAGES), "--requirement", str(requirements)], check=True)
    stamp.write_text(wanted)


def _seconds(code: str, folder: Path, *arguments: str, variables: Mapping[str, str] | None = None) -> float:
    environment = (
        os.environ
        | (variables or {})
        | {
            "PYTHONPATH": f"{folder}:{ROOT / 'layers/chat4all/python'}:{PACKAGES}",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
        }
    )
    begun = _processor_seconds()
    subprocess.run([sys.executable, "-S", "-c", code, *arguments], cwd=folder, env=environment, check=True)
    return _processor_seconds() - begun


def _processor_seconds() -> float:
    """Of the processes that have ended. An import waits for nothing, and this does not count what else the machine does."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
