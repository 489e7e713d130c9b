"""Each minute, for two minutes: publishes what was written but never reached Kafka."""

import time
from dataclasses import asdict
from typing import Any

import chat4all.outbox  # noqa: F401 - loaded in the init phase
from chat4all.bootstrap import app
from chat4all.observed import observed


@observed("outbox_sweeper")
def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """`{"passes": 1}` in the event makes one pass only (by hand, and in tests). Answers what the last pass found."""
    sweeper = app().outbox_sweeper
    return asdict(sweeper.sweep() if event.get("passes") == 1 else sweeper.run(time.sleep)[-1])
