"""Sends deliveries: each conversation in its order on each endpoint, by a schedule that is kept in the delivery's item.

What fails is parked (docs/decisions/0014) and comes again when its time has come, whatever dies in between. A death between an
answer and its record has the same request sent again, with the same `webhook-id`.
"""

import json
import random
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from chat4all.clock import ms_of, now_ms
from chat4all.domain.webhook import ENABLED, PENDING
from chat4all.domain.webhook_health import is_given_up, is_resting, wait_s
from chat4all.domain.webhook_signature import signed_headers
from chat4all.kafka.publisher import Publisher
from chat4all.kafka.record import Record
from chat4all.kafka.schemas import WebhookDeliveryRequested
from chat4all.logs import logger
from chat4all.metrics.emission import count, observe
from chat4all.metrics.metric_list import MESSAGE_LATENCY, WEBHOOK_ATTEMPT_SECONDS, WEBHOOK_ATTEMPTS
from chat4all.retries.trouble import Waiting, trouble_of
from chat4all.stores.webhooks import Webhook, WebhookDelivery, find_delivery, find_webhook
from chat4all.tracing.current import current
from chat4all.tracing.spans import Kind, call
from chat4all.webhooks import attempts
from chat4all.webhooks.endpoints import secrets_in_force
from chat4all.webhooks.exchange import ANSWERS_WITHIN_S, GONE, Exchange, Outcome

_CLAIM_MS = round(1000 * ANSWERS_WITHIN_S) + 5_000
"""So long the one that asks a resting endpoint has for it."""
RESERVE_MS = round(1000 * ANSWERS_WITHIN_S) + 3_000
"""No exchange begins with less of the invocation's time left."""


class Later(Waiting):
    """The delivery is not tried now, or was and failed; it comes again after `wait_s`."""

    is_exact = True

    def __init__(self, why: str, wait_s: float) -> None:
        super().__init__(f"{why}; the next look in {wait_s:.1f} s")
        self.wait_s = wait_s


class WebhookSender:
    """Handles one record after the other; may be used by several threads."""

    def __init__(self, exchange: Exchange, publisher: Publisher) -> None:
        self._exchange = exchange
        self._publisher = publisher

    def handle(self, record: Record, *, is_aside: bool) -> None:
        """Try the delivery that `record` asks for, and write down what came of it.

        Args:
            is_aside: nobody else waits behind it. Else only who answers promptly is asked.

        Raises:
            Later: it must come again then. Unavailable, PublishFailed, PynamoDBException: the same.
            Exception: an error of ours, which the delivery's log says; it stays pending until the record is sent again.
        """
        request = WebhookDeliveryRequested.model_validate(record.event["data"])
        delivery = find_delivery(request.webhook_id, request.delivery_id)
        if delivery is None or delivery.status != PENDING:
            return  # it came twice, or is over
        webhook = find_webhook(request.owner_id, request.webhook_id)
        if webhook is None or webhook.status != ENABLED:
            why = "webhook_deleted" if webhook is None else "webhook_disabled"
            attempts.given_up(delivery, None, f"{why}: nothing is sent to it any more")
            return
        _check_time(webhook, delivery, is_aside=is_aside)
        try:
            self._try(webhook, delivery)
        except Exception as error:
            if not trouble_of(error).is_excused:
                attempts.hindered(delivery)
            raise

    def _try(self, webhook: Webhook, delivery: WebhookDelivery) -> None:
        body, now = delivery.payload.encode(), now_ms()
        headers = signed_headers(delivery.event_id, now // 1000, body, secrets_in_force(webhook, now))
        outcome = self._posted(webhook, headers, body)
        logger.info(
            "webhook tried",
            webhook_id=webhook.id,
            delivery_id=delivery.id,
            status_code=outcome.status_code,
            error=outcome.error,
            duration_ms=outcome.duration_ms,
        )
        count(WEBHOOK_ATTEMPTS, outcome.word)
        observe(WEBHOOK_ATTEMPT_SECONDS, outcome.duration_ms / 1000, outcome.word)
        if outcome.is_delivered:
            _observe_latency(delivery)
            attempts.delivered(webhook, delivery, outcome)
        elif outcome.status_code == GONE:
            attempts.disable(self._publisher, webhook, "gone", int(webhook.updated_at))
            attempts.given_up(delivery, outcome, "gone: the endpoint answered 410")
        else:
            self._failed(webhook, delivery, outcome)

    def _posted(self, webhook: Webhook, headers: Mapping[str, str], body: bytes) -> Outcome:
        """Customers are told the trace: theirs can go on in it. Their address stays here, since there may be a key in it."""
        with call(
            "POST webhook", Kind.CLIENT, {"http.request.method": "POST", "chat4all.webhook_id": webhook.id}
        ) as own:
            trace = current()
            told = trace.headers() if trace is not None else {}
            outcome = self._exchange.post(webhook.url, {**headers, **told}, body)
            if own is not None:
                own.set({"http.response.status_code": outcome.status_code})
                if not outcome.is_delivered:
                    own.fail((outcome.error or f"{outcome.status_code}").partition(":")[0])
        return outcome

    def _failed(self, webhook: Webhook, delivery: WebhookDelivery, outcome: Outcome) -> None:
        since = attempts.failed(webhook, outcome)
        if is_given_up(since, now_ms()):
            attempts.disable(self._publisher, webhook, "failing", since)
        again_s = wait_s(int(delivery.tries) + 1, random.random(), _asked_s(outcome))  # noqa: S311
        if again_s is None:
            attempts.given_up(delivery, outcome, "given_up: the last attempt has failed")
            return
        attempts.waits(delivery, outcome, again_s)
        raise Later(outcome.error or f"HTTP {outcome.status_code}", again_s)


def _check_time(webhook: Webhook, delivery: WebhookDelivery, *, is_aside: bool) -> None:
    """Raises Later where the delivery is not due, or its endpoint must not be asked now, or not here."""
    now = now_ms()
    if int(delivery.next_attempt_at or 0) > now:
        raise Later("not due", (int(delivery.next_attempt_at) - now) / 1000)
    if not is_aside and not webhook.is_prompt:
        raise Later("the endpoint is not known to answer promptly", 0.0)
    if is_resting(int(webhook.failures)):
        rest_until = int(webhook.rest_until or 0)
        if rest_until > now:
            raise Later("the endpoint fails", (rest_until - now) / 1000)
        if not attempts.claimed(webhook, now + _CLAIM_MS):
            raise Later("the endpoint fails, and another asks it", _CLAIM_MS / 1000)


def _observe_latency(delivery: WebhookDelivery) -> None:
    """Of a new message, from when it was accepted."""
    if delivery.event_type == "message.created":
        created_at = json.loads(delivery.payload)["data"].get("created_at")
        if created_at is not None:
            observe(MESSAGE_LATENCY, (now_ms() - ms_of(created_at)) / 1000, "webhook")


def _asked_s(outcome: Outcome) -> float:
    """Seconds that a Retry-After asks for: a number, or a date (RFC 9110, 10.2.3); 0 where there is none that can be read."""
    text = (outcome.retry_after or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now_ms() / 1000)
    except (ValueError, TypeError, OverflowError):
        return 0.0
