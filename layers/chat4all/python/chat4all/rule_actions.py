"""What routing rules ask for: fallbacks and mirrors. Each record may come twice."""

from typing import Any

from chat4all.fallbacks import Fallbacks
from chat4all.kafka.record import Record
from chat4all.mirrors import Mirrors
from chat4all.requested_rule_actions import MIRROR_REQUESTED


def action_of(record: Record) -> str:
    """What must stay in order: what is mirrored from one conversation to another. A fallback waits for itself only."""
    data: Any = record.event["data"]
    if record.event["type"] == MIRROR_REQUESTED:
        return f"{data['conversation_id']}>{data['target_id']}"
    return f"{data['conversation_id']}:{data['seq']}:{data['recipient_id']}:{data['step']}"


class RuleActions:
    """Does one after the other."""

    def __init__(self, fallbacks: Fallbacks, mirrors: Mirrors) -> None:
        self._fallbacks = fallbacks
        self._mirrors = mirrors

    def handle(self, record: Record) -> None:
        """Do what `record` asks for.

        Raises:
            TryLater: it is not time yet. Unavailable, PublishFailed, PynamoDBException: it must come again.
        """
        if record.event["type"] == MIRROR_REQUESTED:
            self._mirrors.mirror(record.event["data"])
        else:
            self._fallbacks.go_on(record.event["data"])
