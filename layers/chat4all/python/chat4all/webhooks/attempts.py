"""What an attempt leaves behind: in the delivery's log, and in what is known of its endpoint."""

import random
from contextlib import suppress
from dataclasses import replace
from typing import Any

from pynamodb.expressions.update import Action

from chat4all.client_events import webhook_disabled
from chat4all.clock import now_ms, rfc3339
from chat4all.domain.webhook import DELIVERED, DISABLED, ENABLED, FAILED
from chat4all.domain.webhook_health import failing_since, rest_s
from chat4all.ids import derived_id
from chat4all.kafka.publisher import Publisher
from chat4all.metrics.emission import count
from chat4all.metrics.metric_list import WEBHOOKS_DISABLED, WEBHOOKS_GIVEN_UP
from chat4all.stores.table import update_if
from chat4all.stores.webhooks import Webhook, WebhookDelivery
from chat4all.webhooks.endpoints import forgotten_failures
from chat4all.webhooks.exchange import Outcome

PROMPT_MS = 2_000
"""Who answers in so long may be asked while others of the batch wait."""
_LONG_MS, _REMEMBERED_MS = 5_000, 300_000
"""Who took so long is not asked so for a while: else one quick answer in between would be enough to have others wait again."""
_ATTEMPTS_KEPT = 50
_HINDERED = "internal: an error of ours, which we are told of; it is sent when that is mended"
_NOT_WRITTEN = "What became of the delivery could not be written down"


def delivered(webhook: Webhook, delivery: WebhookDelivery, outcome: Outcome) -> None:
    """The endpoint has it."""
    came = [WebhookDelivery.attempts.set(_attempts(delivery, outcome)), WebhookDelivery.reason.remove()]
    _settle(delivery, DELIVERED, came)
    actions = _promptness(webhook, outcome, may_rise=True)
    if webhook.failures or webhook.failing_since is not None:
        actions += forgotten_failures()
    if actions:
        _learn(webhook, actions)


def failed(webhook: Webhook, outcome: Outcome) -> int:
    """Count a failure of the endpoint, which is left alone for a while after some in a row; since when it has failed (ms)."""
    now = now_ms()
    since = failing_since(
        None if webhook.failing_since is None else int(webhook.failing_since),
        None if webhook.failed_at is None else int(webhook.failed_at),
        now,
    )
    failures = int(webhook.failures) + 1
    rest = rest_s(failures, random.random())  # noqa: S311
    actions: list[Action] = [
        Webhook.failures.set(failures),
        Webhook.failing_since.set(since),
        Webhook.failed_at.set(now),
        Webhook.rest_until.set(now + round(1000 * rest)) if rest else Webhook.rest_until.remove(),
    ]
    _learn(webhook, actions + _promptness(webhook, outcome, may_rise=False))
    return since


def waits(delivery: WebhookDelivery, outcome: Outcome, wait_s: float) -> None:
    """It is tried again after `wait_s`."""
    update_if(
        delivery,
        [
            WebhookDelivery.attempts.set(_attempts(delivery, outcome)),
            WebhookDelivery.tries.set(int(delivery.tries) + 1),
            WebhookDelivery.next_attempt_at.set(now_ms() + round(1000 * wait_s)),
            WebhookDelivery.reason.remove(),
        ],
        WebhookDelivery.id.exists(),
        _NOT_WRITTEN,
    )


def hindered(delivery: WebhookDelivery) -> None:
    """Say that an error of ours keeps it from being sent: its record is tried some times, and then waits for an operator."""
    with suppress(Exception):  # maybe it is this that does not work
        update_if(delivery, [WebhookDelivery.reason.set(_HINDERED)], WebhookDelivery.id.exists(), _NOT_WRITTEN)


def given_up(delivery: WebhookDelivery, outcome: Outcome | None, reason: str) -> None:
    """It is not tried any more."""
    actions: list[Action] = [WebhookDelivery.reason.set(reason)]
    if outcome is not None:
        actions.append(WebhookDelivery.attempts.set(_attempts(delivery, outcome)))
    _settle(delivery, FAILED, actions)
    count(WEBHOOKS_GIVEN_UP)


def disable(publisher: Publisher, webhook: Webhook, reason: str, since: int) -> None:
    """Send it nothing more, and tell its owner: first that, so that a death in between does not leave them untold.

    Raises:
        PublishFailed, Unavailable: it must come again, and tells the same again.
    """
    event = webhook_disabled(webhook.id, webhook.owner_id, reason)
    publisher.publish([replace(event, id=derived_id(f"webhook-disabled:{webhook.id}", str(since)))])
    now = max(now_ms(), int(webhook.updated_at) + 1)
    actions: list[Action] = [
        Webhook.status.set(DISABLED),
        Webhook.disabled_reason.set(reason),
        Webhook.updated_at.set(now),
        *forgotten_failures(),
    ]
    _learn(webhook, actions)
    count(WEBHOOKS_DISABLED, reason)


def claimed(webhook: Webhook, until: int) -> bool:
    """Whether this is the one that asks a resting endpoint whether it is back; nobody else does so until then."""
    same = Webhook.rest_until == webhook.rest_until if webhook.rest_until is not None else _has_no_rest()
    return update_if(webhook, [Webhook.rest_until.set(until)], same & Webhook.id.exists(), _NOT_WRITTEN)


def _promptness(webhook: Webhook, outcome: Outcome, *, may_rise: bool) -> list[Action]:
    """Whether others may wait while the endpoint is asked, as this exchange says it; a failure never raises it."""
    now = now_ms()
    was_long = webhook.long_at is not None and now - int(webhook.long_at) < _REMEMBERED_MS
    is_prompt = int(outcome.duration_ms <= PROMPT_MS and not was_long and bool(may_rise or webhook.is_prompt))
    actions: list[Action] = [] if is_prompt == webhook.is_prompt else [Webhook.is_prompt.set(is_prompt)]
    return [*actions, Webhook.long_at.set(now)] if outcome.duration_ms > _LONG_MS else actions


def _has_no_rest() -> Any:
    return Webhook.rest_until.does_not_exist()


def _learn(webhook: Webhook, actions: list[Action]) -> None:
    """One that was deleted or disabled meanwhile stays so."""
    update_if(webhook, actions, Webhook.status == ENABLED, _NOT_WRITTEN)


def _settle(delivery: WebhookDelivery, status: str, actions: list[Action]) -> None:
    ended: list[Action] = [
        WebhookDelivery.status.set(status),
        WebhookDelivery.tries.set(int(delivery.tries) + 1),
        WebhookDelivery.next_attempt_at.remove(),
    ]
    update_if(delivery, [*ended, *actions], WebhookDelivery.id.exists(), _NOT_WRITTEN)


def _attempts(delivery: WebhookDelivery, outcome: Outcome) -> list[dict[str, Any]]:
    attempt: dict[str, Any] = {"at": rfc3339(now_ms() - outcome.duration_ms), "duration_ms": outcome.duration_ms}
    if outcome.status_code is not None:
        attempt["status_code"] = outcome.status_code
    if outcome.error is not None:
        attempt["error"] = outcome.error
    return [*delivery.attempts, attempt][-_ATTEMPTS_KEPT:]
