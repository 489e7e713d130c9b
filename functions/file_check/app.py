"""Consumer of chat4all.file_checks: verifies uploads whose bytes are all in S3."""

from typing import Any

import chat4all.checked_bytes
import chat4all.file_check  # noqa: F401 - loaded in the init phase
from chat4all.bootstrap import app
from chat4all.file_check import RESERVE_MS
from chat4all.file_lanes import file_of
from chat4all.kafka.batch import process_in_order
from chat4all.observed import observed


@observed("file_check")
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Kafka batch in, `batchItemFailures` out. Each file is a lane: one that fails holds back no other."""
    checks, remaining_ms = app().file_check, context.get_remaining_time_in_millis
    return process_in_order(
        event,
        lambda record: checks.check(record, remaining_ms),
        app().failed_records("file_check"),
        lane_of=file_of,
        is_ordered=False,
        has_time=lambda: remaining_ms() > RESERVE_MS + 5_000,
    )
