"""Consumer of chat4all.status_updates: writes what became of deliveries and tells the sender."""

from typing import Any

import chat4all.delivery_status  # noqa: F401 - loaded in the init phase
from chat4all.bootstrap import app
from chat4all.kafka.batch import process_in_order


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Kafka batch in, `batchItemFailures` out."""
    statuses = app().delivery_statuses
    return process_in_order(event, lambda record: statuses.apply(record.event["data"]), app().publisher)
