"""What environments have written down of the steps at which they were killed or paused."""

import json
from collections import Counter
from pathlib import Path
from typing import Any


class StepsMet:
    """Files `<rule>.<number>` of one folder, each written before what it tells happens."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def begin(self) -> None:
        """Forget those of an earlier run: rules end with the stack."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for file in self.folder.iterdir():
            file.unlink()

    def numbers(self) -> Counter[str]:
        """How often, by rule."""
        return Counter(file.stem for file in self.folder.iterdir())

    def told(self) -> list[dict[str, Any]]:
        """{"rule", "at", "pid", "request_id", "time"} of each, oldest first."""
        return sorted(filter(None, map(_read, self.folder.iterdir())), key=lambda one: float(one["time"]))


def _read(file: Path) -> dict[str, Any] | None:
    try:
        return dict(json.loads(file.read_text()))
    except ValueError:  # it is being written
        return None
