"""Consumer of chat4all.messages: gives each message, in order, to its recipients' channels."""

from typing import Any

import chat4all.routing  # noqa: F401 - loaded in the init phase
from chat4all.bootstrap import app
from chat4all.kafka.batch import process_groups
from chat4all.observed import observed


@observed("router")
def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Kafka batch in, `batchItemFailures` out."""
    return process_groups(event, app().router.route, app().failed_records("router"))
