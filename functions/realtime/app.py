"""Consumer of chat4all.events: tells the members over their open WebSockets."""

from typing import Any

import chat4all.realtime  # noqa: F401 - loaded in the init phase
from chat4all.bootstrap import app
from chat4all.kafka.batch import process_batch
from chat4all.observed import observed


@observed("realtime")
def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Kafka batch in, `batchItemFailures` out."""
    realtime = app().realtime
    return process_batch(event, realtime.tell, app().failed_records("realtime"), realtime.have_them_sync)
