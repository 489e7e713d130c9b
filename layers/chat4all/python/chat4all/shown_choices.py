"""What a rule has chosen for a recipient, as the status of a message shows it."""

from collections.abc import Mapping, Sequence
from typing import Any

from chat4all.domain.rule_choice import Choice
from chat4all.domain.status import Fate, has_reached
from chat4all.stores.routing_rules import RoutingChoice

DROPPED = "dropped: a routing rule keeps it from this recipient"

Choices = Mapping[int, Mapping[str, Choice]]


def choices_between(conversation_id: str, first_seq: int, last_seq: int) -> Choices:
    """Recorded choices, by number and recipient; of most messages there is none. At least a read unit."""
    between = RoutingChoice.seq.between(first_seq, last_seq)
    return {
        int(kept.seq): {user_id: Choice.read(user_id, document) for user_id, document in kept.recipients.items()}
        for kept in RoutingChoice.query(conversation_id, between, consistent_read=True)
    }


def waiting(choice: Choice | None, fates: Sequence[Fate]) -> list[Fate]:
    """Steps of a fallback that may still come: as long as there are any, the message has not failed."""
    if choice is None or any(has_reached(fate.channel, fate.status) for fate in fates):
        return []
    begun = {fate.channel for fate in fates}
    return [Fate(channel, "accepted") for channel in choice.chain if channel not in begun]


def shown(choice: Choice | None, fates: Sequence[Fate]) -> dict[str, Any]:
    """For one recipient: {rule_id?, dropped?, fallback?: {wait_s, chain: [{channel, status}]}}.

    A step's status is that of its delivery, `waiting` where it has not begun, or `not_needed`.
    """
    if choice is None or choice.rule_id is None:
        return {}
    answer: dict[str, Any] = {"rule_id": choice.rule_id} | ({"dropped": True} if choice.is_dropped else {})
    if choice.chain:
        begun = {fate.channel: fate.status for fate in fates}
        later = "waiting" if waiting(choice, fates) else "not_needed"
        chain = [{"channel": channel, "status": begun.get(channel, later)} for channel in choice.chain]
        answer["fallback"] = {"wait_s": choice.wait_s, "chain": chain}
    return answer
