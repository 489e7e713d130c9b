"""Writes down what a function was given."""

import json
import os
import uuid
from pathlib import Path
from typing import Any


def record(kind: str, event: dict[str, Any]) -> None:
    """Keep the event as a file of its own, whole from the moment it is there."""
    file = Path(os.environ["EVENTS"]) / f"{kind}-{uuid.uuid4().hex}"
    file.write_text(json.dumps(event))
    file.rename(file.with_suffix(".json"))
