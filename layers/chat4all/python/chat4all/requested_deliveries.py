"""What the router asks of the connectors: a delivery is written down as accepted, and requested of its channel's topic."""

from collections.abc import Mapping
from typing import Any

from pynamodb.exceptions import PutError

from chat4all.clock import now_ms
from chat4all.domain.routes import Route
from chat4all.kafka.events import Event
from chat4all.kafka.topics import outbound
from chat4all.stores.deliveries import Delivery, delivery_key
from chat4all.stores.table import condition_failed


def record_delivery(data: Mapping[str, Any], route: Route) -> None:
    """The delivery of a message (its view) as accepted; one that exists already keeps its status."""
    seq = int(data["seq"])
    delivery = Delivery(
        data["conversation_id"],
        delivery_key(seq, route.recipient_id, route.channel, route.account_id, 0),
        seq=seq,
        message_id=data["message_id"],
        sender_id=data["sender_id"],
        recipient_id=route.recipient_id,
        channel=route.channel,
        account_id=route.account_id,
        address=route.address,
        status="accepted",
        revision=data.get("revision", 0),
        updated_at=now_ms(),
    )
    try:
        delivery.save(Delivery.conversation_id.does_not_exist())
    except PutError as error:
        if not condition_failed(error):
            raise


def delivery_requested(data: Mapping[str, Any], route: Route, sender_name: str | None) -> Event:
    """Event on chat4all.outbound.<channel>: send this to that address."""
    body = {
        "conversation_id": data["conversation_id"],
        "seq": data["seq"],
        "message_id": data["message_id"],
        "sender_id": data["sender_id"],
        "sender_name": sender_name,
        "recipient_id": route.recipient_id,
        "channel": route.channel,
        "account_id": route.account_id,
        "address": route.address,
        "part": 0,
        "message": {key: data.get(key) for key in ("type", "content", "reply_to", "created_at")} | _file(data),
    }
    kind = "chat4all.delivery.requested.v1"
    return Event(outbound(route.channel), kind, data["conversation_id"], body, now_ms())


def _file(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: data[name] for name in ("file", "files") if data.get(name)}
