"""What rules ask for beyond a first delivery: the next step of a fallback, and what is said once more elsewhere."""

from collections.abc import Mapping
from typing import Any

from chat4all.clock import now_ms
from chat4all.domain.rule_choice import Choice
from chat4all.kafka.events import Event
from chat4all.kafka.topics import Topic

FALLBACK_REQUESTED = "chat4all.fallback.requested.v1"
MIRROR_REQUESTED = "chat4all.mirror.requested.v1"
HOP_MS = 12 * 3600 * 1000
"""So long one record waits at most: a parked record is given up after a day (docs/decisions/0014), and half of one must be
left for tries."""


def fallback_after(data: Mapping[str, Any], choice: Choice, sender_name: str | None) -> Event | None:
    """Have the second step looked at when its time has come; None where there is none. `data`: a message's view."""
    if len(choice.chain) < 2:
        return None
    return fallback_requested(
        {
            "conversation_id": data["conversation_id"],
            "seq": data["seq"],
            "sender_id": data["sender_id"],
            "sender_name": sender_name,
            "recipient_id": choice.recipient_id,
            "rule_id": choice.rule_id,
            "chain": list(choice.chain),
            "step": 1,
            "wait_s": choice.wait_s,
            "due_at": now_ms() + choice.wait_s * 1000,
        }
    )


def fallback_requested(data: Mapping[str, Any]) -> Event:
    """Event on chat4all.rule_actions: kafka.schemas.FallbackRequested without `wake_at`."""
    now = now_ms()
    body = dict(data) | {"wake_at": min(data["due_at"], now + HOP_MS)}
    return Event(Topic.RULE_ACTIONS, FALLBACK_REQUESTED, data["conversation_id"], body, now)


def mirror_requested(conversation_id: str, seq: int, owner_id: str, target_id: str) -> Event:
    """Event on chat4all.rule_actions: say what stands there in `target_id` too, in the name of `owner_id`."""
    body = {"conversation_id": conversation_id, "seq": seq, "owner_id": owner_id, "target_id": target_id}
    return Event(Topic.RULE_ACTIONS, MIRROR_REQUESTED, conversation_id, body, now_ms())
