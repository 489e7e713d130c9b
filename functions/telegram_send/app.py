"""Consumer of chat4all.outbound.telegram: sends to Telegram and reports what came of it."""

from typing import Any

import chat4all.channels.telegram.client  # noqa: F401 - loaded in the init phase
from chat4all.bootstrap import app
from chat4all.channels.telegram.send import RESERVE_MS, recipient_of
from chat4all.kafka.batch import process_in_order


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Kafka batch in, `batchItemFailures` out. One recipient is one lane: who fails holds back nobody else."""
    sender, remaining_ms = app().telegram_sender, context.get_remaining_time_in_millis
    return process_in_order(
        event,
        lambda record: sender.deliver(record, remaining_ms),
        app().failed_records("telegram_send"),
        lane_of=recipient_of,
        has_time=lambda: remaining_ms() > RESERVE_MS,
    )
