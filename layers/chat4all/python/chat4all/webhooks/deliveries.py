"""The log of deliveries, as the owner of an endpoint sees it; trying an endpoint out, and having deliveries sent again."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from pynamodb.expressions.update import Action

from chat4all.clock import ms_of, now_ms, rfc3339
from chat4all.config import Settings
from chat4all.domain.webhook import ENABLED, PENDING, TEST, DeliveryQuery, DeliveryStatus, Replay
from chat4all.domain.webhook_ids import first_id
from chat4all.errors import Conflict, NotFound, Unavailable
from chat4all.ids import new_id
from chat4all.kafka.publisher import Publisher, PublishFailed
from chat4all.pages import decode_cursor, encode_cursor, page
from chat4all.rate_limits import RateLimiter
from chat4all.retries.lane import release
from chat4all.stores.retries import RetryLane
from chat4all.stores.table import update_if
from chat4all.stores.webhooks import Webhook, WebhookDelivery, find_delivery
from chat4all.webhooks.endpoints import owned_webhook
from chat4all.webhooks.requested import delivery_requested, keep, lane_of_delivery, new_delivery

RATE, BURST = 0.2, 10
"""Tests, and requests for replays, of one user."""
REPLAYED_MAX = 200
"""Deliveries that one request has sent again; the next one goes on."""
_LOOKED_AT_MAX = 2_000
"""Deliveries that one request looks at for those of a status."""
_AT_ONCE = 16


class Deliveries:
    """What became of them is kept for 14 days."""

    def __init__(self, settings: Settings, publisher: Publisher, limiter: RateLimiter) -> None:
        self._api_url = settings.public_url
        self._publisher = publisher
        self._limiter = limiter

    def list(self, owner_id: str, webhook_id: str, query: DeliveryQuery) -> dict[str, Any]:
        """A page, the newest first; with a status it may have fewer than `limit` items and still go on. Raises NotFound."""
        owned_webhook(owner_id, webhook_id)
        scope = f"deliveries:{webhook_id}"
        before = decode_cursor(query.cursor, (str,), scope)[0] if query.cursor is not None else None
        condition = WebhookDelivery.id < before if before is not None else None
        found = WebhookDelivery.query(
            webhook_id, condition, scan_index_forward=False, consistent_read=True, page_size=query.limit
        )
        items, last = _chosen(found, query.status, query.limit)
        return page([view(each) for each in items], encode_cursor([last], scope) if last else None)

    def test(self, owner_id: str, webhook_id: str) -> dict[str, Any]:
        """Send a `webhook.test` to the endpoint, whatever it has chosen.

        Raises:
            NotFound, RateLimited, Unavailable. Conflict: `webhook_disabled`.
        """
        webhook = _enabled(owner_id, webhook_id)
        self._limiter.take(f"webhook-tests:{owner_id}", RATE, BURST)
        event_id, time = new_id(), rfc3339(now_ms())
        delivery = new_delivery(webhook, TEST, event_id, time, {"webhook_id": webhook_id}, self._api_url)
        keep(delivery)
        self._request([delivery])
        return {"event_id": event_id}

    def replay(self, owner_id: str, webhook_id: str, body: Replay) -> dict[str, Any]:
        """Send again, each conversation in its order; what still waits for its next attempt is tried at once.

        Raises:
            NotFound: also where there is no such delivery, or no more. Conflict: `webhook_disabled`. RateLimited, Unavailable.
        """
        webhook = _enabled(owner_id, webhook_id)
        self._limiter.take(f"webhook-tests:{owner_id}", RATE, BURST)
        if body.delivery_id is not None:
            delivery = find_delivery(webhook_id, body.delivery_id)
            if delivery is None or _is_over(delivery):
                raise NotFound("No such delivery")
            return self._again([delivery], None)
        scope = f"replay:{webhook.id}:{body.from_}:{body.to}:{body.status}"
        first, end = first_id(ms_of(body.from_ or "")), first_id(ms_of(body.to or ""))
        if body.cursor is not None:
            first = min(decode_cursor(body.cursor, (str,), scope)[0], end)  # who makes a cursor may choose its id
        within = WebhookDelivery.id.between(first, end)
        found = WebhookDelivery.query(webhook_id, within, consistent_read=True, page_size=REPLAYED_MAX)
        items, last = _chosen(
            (each for each in found if body.cursor is None or each.id > first), body.status, REPLAYED_MAX
        )
        return self._again(items, encode_cursor([last], scope) if last else None)

    def _again(self, deliveries: Sequence[WebhookDelivery], next_cursor: str | None) -> dict[str, Any]:
        waiting = [each for each in deliveries if each.status == PENDING]
        if deliveries:
            with ThreadPoolExecutor(min(_AT_ONCE, len(deliveries)), thread_name_prefix="replay") as pool:
                list(pool.map(_begin_anew, deliveries))
        ordered = sorted(deliveries, key=lambda each: (each.conversation_id or "", each.position or "", each.id))
        self._request(ordered)
        for lane in dict.fromkeys(lane_of_delivery(each) for each in waiting):
            _try_at_once(lane)
        return {"replayed": len(ordered), "next_cursor": next_cursor}

    def _request(self, deliveries: Sequence[WebhookDelivery]) -> None:
        try:
            self._publisher.publish([delivery_requested(each) for each in deliveries])
        except PublishFailed as error:
            raise Unavailable("Not all of it could be begun; what was is sent. Try again.") from error


def view(delivery: WebhookDelivery) -> dict[str, Any]:
    """As its owner sees it; what was sent is not shown."""
    document: dict[str, Any] = {
        "id": delivery.id,
        "event_id": delivery.event_id,
        "event_type": delivery.event_type,
        "conversation_id": delivery.conversation_id,
        "status": delivery.status,
        "attempts": list(delivery.attempts),
        "created_at": rfc3339(int(delivery.created_at)),
    }
    if delivery.reason:
        document["reason"] = delivery.reason
    if delivery.status == PENDING and delivery.next_attempt_at is not None:
        document["next_attempt_at"] = rfc3339(int(delivery.next_attempt_at))
    return document


def _chosen(
    found: Iterator[WebhookDelivery], status: DeliveryStatus | None, limit: int
) -> tuple[list[WebhookDelivery], str | None]:
    """The first ones of a status, and the id of the last one that was looked at, where there may be more."""
    chosen: list[WebhookDelivery] = []
    for number, delivery in enumerate(found, start=1):
        if not _is_over(delivery) and (status is None or delivery.status == status):
            chosen.append(delivery)
        if len(chosen) == limit or number == _LOOKED_AT_MAX:
            return chosen, str(delivery.id)
    return chosen, None


def _is_over(delivery: WebhookDelivery) -> bool:
    """DynamoDB deletes what has expired some days later."""
    return int(delivery.expires_at) <= now_ms() // 1000


def _enabled(owner_id: str, webhook_id: str) -> Webhook:
    webhook = owned_webhook(owner_id, webhook_id)
    if webhook.status != ENABLED:
        raise Conflict("The webhook is disabled: enable it first", code="webhook_disabled")
    return webhook


def _begin_anew(delivery: WebhookDelivery) -> None:
    actions: list[Action] = [
        WebhookDelivery.status.set(PENDING),
        WebhookDelivery.tries.set(0),
        WebhookDelivery.next_attempt_at.set(now_ms()),
        WebhookDelivery.reason.remove(),
    ]
    update_if(delivery, actions, WebhookDelivery.id.exists(), "The delivery could not be begun anew; try again")


def _try_at_once(lane: str) -> None:
    """Nothing is parked there any more, or a retrier has it in hand: it is tried in any case."""
    with suppress(RetryLane.DoesNotExist):
        release(lane, int(RetryLane.get(lane, consistent_read=True).next_at))
