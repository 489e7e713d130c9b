"""Consumer of chat4all.status_updates: writes what became of deliveries and tells the sender."""

from typing import Any

from chat4all.bootstrap import app
from chat4all.delivery_status import delivery_of
from chat4all.kafka.batch import process_in_order
from chat4all.observed import observed


@observed("delivery_status")
def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Kafka batch in, `batchItemFailures` out. Statuses only rise, so a report need not wait for another that failed."""
    statuses = app().delivery_statuses
    return process_in_order(
        event,
        lambda record: statuses.apply(record.event["data"]),
        app().failed_records("delivery_status"),
        lane_of=delivery_of,
        is_ordered=False,
    )
