"""Metrics of messages that open WebSockets took."""

from collections.abc import Mapping, Sequence
from typing import Any

from chat4all.clock import ms_of
from chat4all.metrics.emission import count, observe
from chat4all.metrics.metric_list import MESSAGE_LATENCY, MESSAGES_DELIVERED

_IN_APP = "in_app"


def count_pushed(events: Sequence[Mapping[str, Any]], took: Mapping[tuple[str, str], int]) -> None:
    """Of a batch that has been posted: the new messages in it, for each recipient who has one, and until the last one has it.

    Args:
        events: data of events on chat4all.events.
        took: by user and connection, when it had taken all of its frames, milliseconds since 1970.
    """
    reached: dict[str, int] = {}
    for (user, _), at in sorted(took.items(), key=lambda one: -one[1]):
        reached[user] = at  # the first of their connections
    for event in events:
        if event["client_type"] != "message.created":
            continue
        message = event["data"]
        recipients = reached.keys() & set(event["audience"]) - {message.get("sender_id")}
        if recipients:
            count(MESSAGES_DELIVERED, _IN_APP, number=len(recipients))
            last = max(reached[user] for user in recipients)
            if "created_at" in message:  # the schema does not promise it, and nobody's push may hang on a metric
                observe(MESSAGE_LATENCY, (last - ms_of(message["created_at"])) / 1000, "pushed")
