"""An operator has parked deliveries tried at once, as after an outage of ours in which no endpoint could be reached."""

from contextlib import suppress

from chat4all.clock import now_ms
from chat4all.domain.webhook import PENDING
from chat4all.kafka.dead_letters import DeadLetter
from chat4all.kafka.events import UnreadableEvent, decode
from chat4all.kafka.schemas import WebhookDeliveryRequested
from chat4all.retries.raw_record import unparked
from chat4all.stores.retries import ParkedRecord
from chat4all.stores.table import update_if
from chat4all.stores.webhooks import Webhook, WebhookDelivery

_NOT_RELEASED = "The delivery keeps its time: DynamoDB did not take another"


def make_due(lane: str) -> None:
    """Let the first delivery of a lane be due, by its own schedule too, and its endpoint rest no more.

    Raises Unavailable, PynamoDBException.
    """
    for record in ParkedRecord.query(lane, consistent_read=True, limit=1):
        raw = DeadLetter.of(unparked(record), "", "", 0, 0)
        with suppress(UnreadableEvent):  # the retrier makes it a dead letter
            request = WebhookDeliveryRequested.model_validate(decode(raw.topic, raw.value)["data"])
            delivery = WebhookDelivery(request.webhook_id, request.delivery_id)
            is_waiting = WebhookDelivery.status == PENDING
            update_if(delivery, [WebhookDelivery.next_attempt_at.set(now_ms())], is_waiting, _NOT_RELEASED)
            endpoint = Webhook(request.owner_id, request.webhook_id)
            update_if(endpoint, [Webhook.rest_until.remove()], Webhook.id.exists(), _NOT_RELEASED)
