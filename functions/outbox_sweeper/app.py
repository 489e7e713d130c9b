"""Each minute: publishes what was written but never reached Kafka."""

import time
from typing import Any

import chat4all.outbox  # noqa: F401 - loaded in the init phase
from chat4all.bootstrap import app

PAUSE_S = 14.0
"""Between the passes of one invocation: four of them fit in its minute."""


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """`{"passes": 1}` in the event makes one pass only (by hand, and in tests)."""
    sweeper = app().outbox_sweeper
    swept = [sweeper.sweep()] if event.get("passes") == 1 else sweeper.run(time.sleep, PAUSE_S)
    return {"examined": sum(s.examined for s in swept), "published": sum(s.published for s in swept)}
