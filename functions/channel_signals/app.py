"""Consumer of chat4all.events, of receipts and typing only: tells contacts that their messages were read, and who is writing."""

from typing import Any

import chat4all.channel_signals  # noqa: F401 - loaded in the init phase
from chat4all.bootstrap import app
from chat4all.kafka.batch import process_groups
from chat4all.observed import observed


@observed("channel_signals")
def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Kafka batch in, `batchItemFailures` out."""
    return process_groups(event, app().channel_signals.take, app().failed_records("channel_signals"))
