"""A delivery as it begins: its item, and the record by which it is sent."""

from collections.abc import Mapping
from typing import Any

from pynamodb.exceptions import PutError

from chat4all.clock import ms_of, now_ms
from chat4all.domain.webhook import PENDING
from chat4all.domain.webhook_ids import delivery_id
from chat4all.domain.webhook_payload import payload
from chat4all.kafka.events import Event
from chat4all.kafka.record import Record
from chat4all.kafka.schemas import WEBHOOK_DELIVERY_REQUESTED
from chat4all.kafka.topics import Topic
from chat4all.stores.table import condition_failed
from chat4all.stores.webhooks import Webhook, WebhookDelivery
from chat4all.tracing.current import following
from chat4all.tracing.trace_context import TraceContext

CONSUMER = "webhook_send"
KEPT_S = 14 * 24 * 3600
"""So long what became of a delivery can be seen, and replayed."""


def new_delivery(
    webhook: Webhook,
    kind: str,
    event_id: str,
    time: str,
    data: Mapping[str, Any],
    api_url: str,
    position: str | None = None,
    *,
    at: str | None = None,
) -> WebhookDelivery:
    """The delivery of an event, not tried yet; with the same event and endpoint it has the same id.

    Args:
        at: when it happened, where that is not `time`, at which it is told.
    """
    now = now_ms()
    return WebhookDelivery(
        webhook.id,
        delivery_id(ms_of(at or time), event_id, webhook.id),
        owner_id=webhook.owner_id,
        event_id=event_id,
        event_type=kind,
        conversation_id=data.get("conversation_id"),
        payload=payload(kind, time, data, api_url),
        status=PENDING,
        next_attempt_at=now,
        position=position,
        created_at=now,
        expires_at=now // 1000 + KEPT_S,
    )


def keep(delivery: WebhookDelivery) -> None:
    """Write a new delivery; one that is there stays as it is. A write unit for each KB. Raises PynamoDBException."""
    try:
        delivery.save(WebhookDelivery.id.does_not_exist())
    except PutError as error:
        if not condition_failed(error):
            raise


def delivery_requested(delivery: WebhookDelivery, trace: TraceContext | None = None) -> Event:
    """Have it sent, in the order of its conversation; what belongs to none, in that of its endpoint.

    `trace` is that of the event; without it that which is under way.
    """
    data = {"webhook_id": delivery.webhook_id, "owner_id": delivery.owner_id, "delivery_id": delivery.id}
    with following(trace):
        return Event(Topic.WEBHOOKS, WEBHOOK_DELIVERY_REQUESTED, _subject(delivery), data, now_ms())


def lane_of(record: Record) -> str:
    """What must stay in order: a conversation on an endpoint."""
    data = record.event["data"]
    return _lane(data["owner_id"], data["webhook_id"], record.key)


def lane_of_delivery(delivery: WebhookDelivery) -> str:
    """The name of its lane among what is parked."""
    return f"{CONSUMER}#{_lane(delivery.owner_id, delivery.webhook_id, _subject(delivery))}"


def _subject(delivery: WebhookDelivery) -> str:
    return str(delivery.conversation_id or delivery.webhook_id)


def _lane(owner_id: str, webhook_id: str, subject: str) -> str:
    """The owner comes first, so that the retrier knows whose it is."""
    return f"{owner_id}:{webhook_id}:{subject}"
