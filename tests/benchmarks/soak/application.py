"""A copy of the application of this repository, to be changed while it runs."""

import shutil
from pathlib import Path

from tests.e2e.running_stack import ROOT


def copy_application(folder: Path) -> Path:
    """A copy to change while it runs; returns its template."""
    for name in ("functions", "layers", "events"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("template.yaml", "samconfig.toml"):
        shutil.copy(ROOT / name, folder)
    return folder / "template.yaml"
