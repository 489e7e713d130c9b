"""The consumers of chat4all.outbound.<channel>: one body for every channel."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import chat4all.channels.connector  # noqa: F401 - loaded in the init phase
from chat4all.channels.channel import CHANNELS
from chat4all.channels.connector import recipient_of
from chat4all.kafka.batch import process_in_order
from chat4all.observed import observed

if TYPE_CHECKING:
    from chat4all.bootstrap import App


def send_function(app: Callable[[], "App"], channel: str) -> Callable[[dict[str, Any], Any], dict[str, Any]]:
    """The Lambda handler: Kafka batch in, `batchItemFailures` out. A recipient is a lane: who fails holds back nobody else."""
    reserve_ms = CHANNELS[channel].load("parts", "limits", "send").limits.RESERVE_MS

    @observed(f"{channel}_send")
    def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
        connector, remaining_ms = app().connector(channel), context.get_remaining_time_in_millis
        return process_in_order(
            event,
            lambda record: connector.handle(record, remaining_ms),
            app().failed_records(f"{channel}_send"),
            lane_of=recipient_of,
            has_time=lambda: remaining_ms() > reserve_ms,
        )

    return handler
