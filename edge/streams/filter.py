"""Which events a stream asks for."""

from collections.abc import Collection
from dataclasses import dataclass

from chat4all.errors import Invalid
from chat4all.ids import is_id
from edge.streams.happening import Happening

CONVERSATIONS_MAX = 100
TYPES = (
    "message.created",
    "message.updated",
    "message.deleted",
    "reaction.updated",
    "receipt.updated",
    "message.status",
    "conversation.updated",
    "member.updated",
    "typing",
    "presence.updated",
    "webhook.disabled",
)
"""As over WebSockets (docs/clients.md)."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Empty: everything."""

    conversation_ids: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()

    def takes(self, happening: Happening) -> bool:
        """Whether the stream asks for it."""
        return (not self.types or happening.type in self.types) and (
            not self.conversation_ids or happening.conversation_id in self.conversation_ids
        )


def checked(conversation_ids: Collection[str], types: Collection[str]) -> Filter:
    """What a request asks for; raises Invalid, since a wrong word would be an empty stream."""
    if len(conversation_ids) > CONVERSATIONS_MAX:
        raise Invalid.at("/conversation_ids", f"has {len(conversation_ids)} ids; at most {CONVERSATIONS_MAX}")
    for index, one in enumerate(conversation_ids):
        if not is_id(one):
            raise Invalid.at(f"/conversation_ids/{index}", "must be a UUID in lower case")
    for index, kind in enumerate(types):
        if kind not in TYPES:
            raise Invalid.at(f"/types/{index}", f"is none that is streamed; known: {', '.join(TYPES)}")
    return Filter(frozenset(conversation_ids), frozenset(types))
