"""Consumer of chat4all.webhooks: sends deliveries to customers' servers."""

from typing import Any

import chat4all.webhooks.sender  # noqa: F401 - loaded in the init phase
from chat4all.bootstrap import app
from chat4all.kafka.batch import process_in_order
from chat4all.observed import observed
from chat4all.webhooks.requested import CONSUMER, lane_of
from chat4all.webhooks.sender import RESERVE_MS

_AT_ONCE = 16
"""Exchanges side by side: most of their time is waiting."""


@observed("webhook_send")
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Kafka batch in, `batchItemFailures` out. A conversation on an endpoint is a lane: who fails holds back nothing else."""
    sender, is_aside = app().webhook_sender, "retry" in event
    return process_in_order(
        event,
        lambda record: sender.handle(record, is_aside=is_aside),
        app().failed_records(CONSUMER),
        lane_of=lane_of,
        has_time=lambda: context.get_remaining_time_in_millis() > RESERVE_MS,
        at_once=_AT_ONCE,
    )
