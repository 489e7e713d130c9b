"""Events for clients: what members are told over WebSockets, webhooks and gRPC, by the topic chat4all.events."""

from collections.abc import Iterable, Mapping
from typing import Any

from chat4all.clock import now_ms
from chat4all.ids import derived_id, new_id
from chat4all.kafka.events import Event
from chat4all.kafka.topics import Topic

PRESENCE = "presence.updated"
WEBHOOK_DISABLED = "webhook.disabled"
WITHOUT_CONVERSATION = frozenset({PRESENCE, WEBHOOK_DISABLED})
"""Each `type` of what belongs to no conversation."""


def client_event(
    event_type: str,
    client_type: str,
    conversation_id: str,
    audience: Iterable[str],
    data: Mapping[str, Any],
    *,
    seq: int | None = None,
    time_ms: int | None = None,
    is_numbered: bool = False,
) -> Event:
    """An event on chat4all.events; `client_type` is the `type` that a WebSocket sees.

    Args:
        is_numbered: `seq` is its own number, so it has the same id whenever it is told: the router tells it again where Kafka did
            not acknowledge it, and who is told twice knows it by that (the `webhook-id`).
    """
    body: dict[str, Any] = {"audience": sorted(audience), "client_type": client_type, "data": dict(data)}
    if seq is not None:
        body["seq"] = seq
    event_id = derived_id(f"{client_type}:{conversation_id}", str(seq)) if is_numbered else new_id()
    return Event(Topic.EVENTS, event_type, conversation_id, body, now_ms() if time_ms is None else time_ms, event_id)


def message_created(view: Mapping[str, Any], audience: Iterable[str]) -> Event:
    """`message.created`: a message for its recipients and the sender's own devices."""
    kind = "chat4all.message.created.v1"
    conversation_id, seq = view["conversation_id"], view["seq"]
    return client_event(kind, "message.created", conversation_id, audience, view, seq=seq, is_numbered=True)


def message_changed(view: Mapping[str, Any], audience: Iterable[str]) -> Event:
    """`message.updated` or `message.deleted`: the message in its new state.

    The event's `seq` is the change's own number in the sequence, which is `data.revision`; `data.seq` is the message's.
    """
    verb = "deleted" if "deleted_at" in view else "updated"
    return client_event(
        f"chat4all.message.{verb}.v1",
        f"message.{verb}",
        view["conversation_id"],
        audience,
        view,
        seq=view["revision"],
        is_numbered=True,
    )


def reaction_updated(reactions: Mapping[str, Any], audience: Iterable[str], seq: int) -> Event:
    """`reaction.updated`: all reactions of a message (message_events.reactions_view); `seq` is the reaction's own number."""
    kind = "chat4all.reaction.updated.v1"
    conversation_id = reactions["conversation_id"]
    return client_event(kind, "reaction.updated", conversation_id, audience, reactions, seq=seq, is_numbered=True)


def message_status(conversation_id: str, seq: int, audience: Iterable[str], data: Mapping[str, Any]) -> Event:
    """`message.status`: {message_id, status, recipient_id?, channel?, reason?, note?, file_id? (what it carries)}."""
    kind = "chat4all.message.status_changed.v1"
    return client_event(kind, "message.status", conversation_id, audience, data, seq=seq)


def receipt_updated(conversation_id: str, audience: Iterable[str], data: Mapping[str, Any]) -> Event:
    """`receipt.updated`: {user_id, delivered_seq, read_seq}."""
    return client_event("chat4all.receipt.updated.v1", "receipt.updated", conversation_id, audience, data)


def typing(conversation_id: str, audience: Iterable[str], user_id: str, expires_in_s: int) -> Event:
    """`typing`: {user_id, expires_in}; shown for so many seconds (0: no more), unless it is said again or a message comes."""
    data = {"user_id": user_id, "expires_in": expires_in_s}
    kind = "chat4all.typing.started.v1" if expires_in_s else "chat4all.typing.stopped.v1"
    return client_event(kind, "typing", conversation_id, audience, data)


def presence_updated(user_id: str, audience: Iterable[str], data: Mapping[str, Any], time_ms: int) -> Event:
    """`presence.updated`: {user_id, status, version, last_seen_at?, expires_in?}; of no conversation, so its key is the user."""
    return client_event("chat4all.presence.updated.v1", PRESENCE, user_id, audience, data, time_ms=time_ms)


def conversation_updated(conversation_id: str, audience: Iterable[str], data: Mapping[str, Any]) -> Event:
    """`conversation.updated`: the conversation."""
    return client_event("chat4all.conversation.updated.v1", "conversation.updated", conversation_id, audience, data)


def member_updated(conversation_id: str, audience: Iterable[str], data: Mapping[str, Any]) -> Event:
    """`member.updated`: {user_id, role, joined: bool}."""
    return client_event("chat4all.member.updated.v1", "member.updated", conversation_id, audience, data)


def webhook_disabled(webhook_id: str, owner_id: str, reason: str) -> Event:
    """`webhook.disabled`: {webhook_id, reason}; of no conversation, so its key is the webhook.

    Not its address, in which there may be a key: the other endpoints of the owner are told.
    """
    data = {"webhook_id": webhook_id, "reason": reason}
    return client_event("chat4all.webhook.disabled.v1", WEBHOOK_DISABLED, webhook_id, [owner_id], data)


def websocket_frame(event: Mapping[str, Any]) -> dict[str, Any]:
    """The WebSocket event (design: section 4) of a CloudEvent on chat4all.events."""
    body = event["data"]
    frame: dict[str, Any] = {"type": body["client_type"]}
    if body["client_type"] not in WITHOUT_CONVERSATION:
        frame["conversation_id"] = event["subject"]
    if body.get("seq") is not None:
        frame["seq"] = body["seq"]
    frame["time"] = event["time"]
    frame["data"] = body["data"]
    return frame
