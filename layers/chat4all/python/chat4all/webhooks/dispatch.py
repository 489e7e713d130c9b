"""From what users are told to deliveries to their endpoints: each is written down, then asked for, in the order of the events."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from chat4all.client_events import WITHOUT_CONVERSATION
from chat4all.clock import ms_of
from chat4all.config import Settings
from chat4all.domain.webhook import ALL, ENABLED, EVENTS
from chat4all.domain.webhook_payload import event_data
from chat4all.kafka.publisher import Publisher
from chat4all.kafka.record import Record
from chat4all.retries.raw_record import position_of
from chat4all.stores.webhooks import Webhook, WebhookDelivery
from chat4all.webhooks.lookup import EndpointLookup
from chat4all.webhooks.requested import delivery_requested, keep, new_delivery

_AT_ONCE = 8
_MESSAGE = "message.created"
_CLOCKS_DIFFER_MS = 60_000
"""What happened before an endpoint was registered is not for it; clocks of environments differ by less."""


class Dispatcher:
    """Takes batches of chat4all.events. One that comes twice makes the same deliveries."""

    def __init__(self, settings: Settings, publisher: Publisher) -> None:
        self._api_url = settings.public_url
        self._publisher = publisher
        self._lookup = EndpointLookup()

    def dispatch(self, records: Sequence[Record]) -> None:
        """Write and request what each record is for the endpoints of its audience.

        Raises:
            PublishFailed, PynamoDBException: all of it must come again.
        """
        told = [record for record in records if record.event["data"]["client_type"] in EVENTS]
        if not told:
            return
        audience = {user_id for record in told for user_id in record.event["data"]["audience"]}
        endpoints = self._lookup.of(audience)
        deliveries = [
            (self._delivery(webhook, record), record.trace)
            for record in told
            for user_id in record.event["data"]["audience"]
            for webhook in endpoints.get(user_id, ())
            if _is_wanted(webhook, record)
        ]
        if deliveries:
            with ThreadPoolExecutor(min(_AT_ONCE, len(deliveries)), thread_name_prefix="delivery") as pool:
                list(pool.map(keep, [delivery for delivery, _ in deliveries]))
            self._publisher.publish([delivery_requested(delivery, trace) for delivery, trace in deliveries])

    def _delivery(self, webhook: Webhook, record: Record) -> WebhookDelivery:
        event, kind = record.event, record.event["data"]["client_type"]
        data = event_data(event, has_conversation=kind not in WITHOUT_CONVERSATION)
        position = position_of(record.raw) if record.raw else None
        # Told again by the router it has another time, and is the same delivery all the same.
        at = str(data.get("created_at") or event["time"]) if kind == _MESSAGE else event["time"]
        return new_delivery(webhook, kind, event["id"], event["time"], data, self._api_url, position, at=at)


def _is_wanted(webhook: Webhook, record: Record) -> bool:
    kind = record.event["data"]["client_type"]
    is_later = ms_of(record.event["time"]) >= int(webhook.created_at) - _CLOCKS_DIFFER_MS
    return webhook.status == ENABLED and is_later and (ALL in webhook.events or kind in webhook.events)
