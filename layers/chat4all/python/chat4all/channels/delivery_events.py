"""`chat4all.delivery.updated.v1`: what became of one delivery, as connectors and webhooks report it."""

from chat4all.kafka.events import Event
from chat4all.kafka.topics import Topic
from chat4all.stores.deliveries import Delivery
from chat4all.stores.external_messages import Chat, ExternalMessage


def delivery_updated(delivery: Delivery) -> Event:
    """Of what is written; the connector's."""
    data = {
        "conversation_id": delivery.conversation_id,
        "seq": int(delivery.seq),
        "message_id": delivery.message_id,
        "sender_id": delivery.sender_id,
        "recipient_id": delivery.recipient_id,
        "channel": delivery.channel,
        "account_id": delivery.account_id,
        "part": int(delivery.part),
        "status": delivery.status,
        "reason": delivery.reason,
        "note": delivery.note,
        "external_id": delivery.external_id,
    }
    return _event(data, int(delivery.updated_at))


def delivery_reported(chat: Chat, known: ExternalMessage, status: str, time_ms: int, reason: str | None) -> Event:
    """Of what the provider told of a part that we sent."""
    data = {
        "conversation_id": known.conversation_id,
        "seq": int(known.seq),
        "message_id": known.message_id,
        "sender_id": known.sender_id,
        "recipient_id": known.recipient_id,
        "channel": chat.channel,
        "account_id": chat.account_id,
        "part": int(known.part),
        "status": status,
        "reason": reason,
        "external_id": known.external_id,
    }
    return _event(data, time_ms)


def _event(data: dict[str, object], time_ms: int) -> Event:
    conversation_id = str(data["conversation_id"])
    kind = "chat4all.delivery.updated.v1"
    return Event(Topic.STATUS_UPDATES, kind, conversation_id, data | {"time": time_ms}, time_ms)
