"""Consumer of chat4all.events: what users are told becomes deliveries to their endpoints."""

from typing import Any

import chat4all.webhooks.dispatch  # noqa: F401 - loaded in the init phase
from chat4all.bootstrap import app
from chat4all.kafka.batch import process_batch
from chat4all.observed import observed


@observed("webhook_dispatch")
def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Kafka batch in, `batchItemFailures` out. What is poison is a dead letter, and can be replayed."""
    dispatch = app().webhook_dispatcher.dispatch
    return process_batch(event, dispatch, app().failed_records("webhook_dispatch"), lambda _record: None)
