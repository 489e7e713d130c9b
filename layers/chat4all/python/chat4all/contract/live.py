"""What goes over WebSockets: actions with what they take and answer, and events (design: section 4; docs/clients.md)."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel

from chat4all.contract.documents.events import (
    ConversationTold,
    MemberTold,
    MessageTold,
    ReactionsTold,
    ReceiptTold,
    SocketHeartbeat,
    StatusTold,
    SyncAck,
    SyncDone,
    TokenExpiring,
    TypingTold,
    WebhookDisabledTold,
)
from chat4all.contract.documents.messages import Accepted, Message, Reactions, Receipt, Typing
from chat4all.contract.documents.presence import Presence
from chat4all.domain.message import DeleteData, EditData, ReactData, SendBody
from chat4all.domain.signals import HeartbeatData, TypingData
from chat4all.websocket.actions import ReceiptData, SyncData


@dataclass(frozen=True, slots=True)
class Action:
    """What a client may ask for over a WebSocket."""

    summary: str
    data: type[BaseModel]
    """The class by which it is read."""
    ack: type[BaseModel]
    operations: tuple[str, ...] = ()
    """Those of the HTTP API that do the same."""


@dataclass(frozen=True, slots=True)
class Event:
    """What a client is told."""

    summary: str
    data: type[BaseModel]
    of_conversation: bool = True
    has_seq: bool = False
    is_for_connections: bool = False
    """Of one connection only, never on a topic or a webhook."""


ACTIONS: Mapping[str, Action] = {
    "send": Action("Send a message", SendBody, Accepted, ("sendMessage",)),
    "edit": Action("Change the content of a message", EditData, Message, ("editMessage",)),
    "delete": Action("Unsend a message, for everybody", DeleteData, Message, ("unsendMessage",)),
    "react": Action("React to a message, or take it back", ReactData, Reactions, ("addReaction", "removeReaction")),
    "receipt": Action("Say how far one has received and read", ReceiptData, Receipt, ("recordReceipt",)),
    "typing": Action("Show that one is writing", TypingData, Typing, ("sendTyping",)),
    "sync": Action("Have everything sent that was missed", SyncData, SyncAck, ("listMessages",)),
    "heartbeat": Action("A sign of life", HeartbeatData, SocketHeartbeat, ("sendHeartbeat", "getPresence")),
}

EVENTS: Mapping[str, Event] = {
    "message.created": Event("A message was sent", MessageTold, has_seq=True),
    "message.updated": Event("A message says something else", MessageTold, has_seq=True),
    "message.deleted": Event("A message was unsent", MessageTold, has_seq=True),
    "reaction.updated": Event("A message has other reactions", ReactionsTold, has_seq=True),
    "message.status": Event("A message has another status", StatusTold, has_seq=True),
    "receipt.updated": Event("A member has received or read more", ReceiptTold),
    "conversation.updated": Event("A conversation is another, or was deleted", ConversationTold),
    "member.updated": Event("Somebody joined, left or has another role", MemberTold),
    "typing": Event("Somebody is writing", TypingTold),
    "presence.updated": Event("Somebody came or went", Presence, of_conversation=False),
    "webhook.disabled": Event("An endpoint of the user's was disabled", WebhookDisabledTold, of_conversation=False),
    "sync.message": Event("A message that was missed", MessageTold, has_seq=True, is_for_connections=True),
    "sync.done": Event("A sync is over", SyncDone, of_conversation=False, is_for_connections=True),
    "token.expiring": Event(
        "The token of the connection ends soon", TokenExpiring, of_conversation=False, is_for_connections=True
    ),
}
