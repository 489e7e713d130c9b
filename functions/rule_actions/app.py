"""Consumer of chat4all.rule_actions: goes on with fallbacks when their time has come, and says what is mirrored."""

from typing import Any

import chat4all.fallbacks
import chat4all.mirrors  # noqa: F401 - loaded in the init phase
from chat4all.bootstrap import app
from chat4all.kafka.batch import process_in_order
from chat4all.observed import observed
from chat4all.rule_actions import action_of


@observed("rule_actions")
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Kafka batch in, `batchItemFailures` out. What has to wait is parked, and holds back nothing else."""
    return process_in_order(
        event,
        app().rule_actions.handle,
        app().failed_records("rule_actions"),
        lane_of=action_of,
        has_time=lambda: context.get_remaining_time_in_millis() > 5_000,
    )
