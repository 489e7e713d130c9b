"""/v1/webhooks: what a user is told goes to their own servers too (docs/webhooks.md)."""

from chat4all.contract.documents.webhooks import (
    DELIVERY,
    Webhook,
    WebhookDeliveryPage,
    WebhookPage,
    WebhookReplay,
    WebhookTest,
    WebhookWithSecret,
)
from chat4all.contract.operation import Operation
from chat4all.contract.problems import SESSION
from chat4all.domain.webhook import DeliveryQuery, NewSecret, NewWebhook, Replay, WebhookChanges
from chat4all.pages import PageParameters

_TAG = "Webhooks"
_ALL, _ONE = "/v1/webhooks", "/v1/webhooks/{id}"

OPERATIONS = (
    Operation(
        "createWebhook",
        "POST",
        _ALL,
        _TAG,
        "Register an endpoint",
        {201: WebhookWithSecret},
        "The only answer with its secret. Requests are signed as Standard Webhooks 1.0 says.",
        body=NewWebhook,
        example={"url": "https://example.com/hooks/chat", "events": ["message.created", "message.status"]},
        errors=(*SESSION, "host_not_allowed", "too_many_webhooks", "rate_limited"),
    ),
    Operation(
        "listWebhooks", "GET", _ALL, _TAG, "Own endpoints", {200: WebhookPage}, query=PageParameters, errors=SESSION
    ),
    Operation("getWebhook", "GET", _ONE, _TAG, "One endpoint, without its secret", {200: Webhook}, errors=SESSION),
    Operation(
        "updateWebhook",
        "PATCH",
        _ONE,
        _TAG,
        "Change, enable or disable an endpoint",
        {200: Webhook},
        body=WebhookChanges,
        example={"status": "enabled"},
        errors=(*SESSION, "host_not_allowed", "conflict"),
    ),
    Operation("deleteWebhook", "DELETE", _ONE, _TAG, "Delete an endpoint", {204: None}, errors=SESSION),
    Operation(
        "rotateWebhookSecret",
        "POST",
        f"{_ONE}/secret",
        _TAG,
        "Have another secret",
        {201: WebhookWithSecret},
        "For `overlap_s` (a day) requests are signed with the former one too.",
        body=NewSecret,
        is_body_optional=True,
        example={"overlap_s": 3600},
        errors=(*SESSION, "conflict", "rate_limited"),
    ),
    Operation(
        "testWebhook",
        "POST",
        f"{_ONE}/test",
        _TAG,
        "Have a `webhook.test` sent",
        {202: WebhookTest},
        errors=(*SESSION, "webhook_disabled", "rate_limited"),
    ),
    Operation(
        "listWebhookDeliveries",
        "GET",
        f"{_ONE}/deliveries",
        _TAG,
        "What became of deliveries",
        {200: WebhookDeliveryPage},
        query=DeliveryQuery,
        errors=SESSION,
    ),
    Operation(
        "replayWebhookDeliveries",
        "POST",
        f"{_ONE}/replay",
        _TAG,
        "Have deliveries sent again",
        {202: WebhookReplay},
        "One, or those whose events are of a time; each conversation in its order. What waits is tried at once.",
        body=Replay,
        example={"delivery_id": DELIVERY},
        errors=(*SESSION, "invalid_cursor", "webhook_disabled", "rate_limited"),
    ),
)
