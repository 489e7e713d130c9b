"""Consumer of chat4all.inbound_media: gets from providers what contacts sent, into S3."""

from typing import Any

import chat4all.channels.media_fetch  # noqa: F401 - loaded in the init phase
from chat4all.bootstrap import app
from chat4all.channels.media_fetch import RESERVE_MS
from chat4all.file_lanes import file_of
from chat4all.kafka.batch import process_in_order
from chat4all.observed import observed


@observed("media_fetch")
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Kafka batch in, `batchItemFailures` out. Each file is a lane: one that fails holds back no other."""
    fetch, remaining_ms = app().media_fetch, context.get_remaining_time_in_millis
    return process_in_order(
        event,
        lambda record: fetch.fetch(record, remaining_ms),
        app().failed_records("media_fetch"),
        lane_of=file_of,
        is_ordered=False,
        has_time=lambda: remaining_ms() > 2 * RESERVE_MS,
    )
