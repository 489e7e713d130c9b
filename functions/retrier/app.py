"""Each minute, for the whole of it: has the records handled that consumers have parked, when they are due."""

import time
from dataclasses import asdict
from typing import Any

import chat4all.retries.invoker
import chat4all.retries.retrier  # noqa: F401 - loaded in the init phase
from chat4all.bootstrap import app
from chat4all.observed import observed


@observed("retrier")
def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """`{"passes": 1}` in the event makes one pass only (by hand, and in tests)."""
    retrier = app().retrier
    return asdict(retrier.retry_due() if event.get("passes") == 1 else retrier.run(time.sleep))
