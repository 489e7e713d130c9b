"""Endpoints as their owners see them; to others they do not exist."""

import secrets
from typing import Any

from pynamodb.expressions.update import Action

from chat4all.clock import now_ms, rfc3339
from chat4all.config import Settings
from chat4all.domain.webhook import DISABLED, ENABLED, NewSecret, NewWebhook, WebhookChanges
from chat4all.domain.webhook_signature import secret_of
from chat4all.domain.webhook_url import check_url, hosts_of
from chat4all.errors import Conflict, NotFound
from chat4all.ids import new_id
from chat4all.pages import decode_cursor, encode_cursor, page
from chat4all.rate_limits import RateLimiter
from chat4all.stores.table import update_if
from chat4all.stores.webhooks import Webhook, find_webhook
from chat4all.webhooks.ownership import add, remove

RATE, BURST = 1 / 30, 20
"""Endpoints that one user may register, and secrets that they may have made."""
_KEY_BYTES = 32
_SECRETS_MAX = 3
"""With which one request is signed."""
_NOT_CHANGED = "The webhook could not be changed. Look, and try again."


class Webhooks:
    """Registers, shows, changes and deletes."""

    def __init__(self, settings: Settings, limiter: RateLimiter) -> None:
        self._hosts = hosts_of(settings.webhook_hosts)
        self._limiter = limiter

    def create(self, owner_id: str, body: NewWebhook) -> dict[str, Any]:
        """Keep an endpoint; the only answer with its secret.

        Raises:
            Invalid: `host_not_allowed`. Conflict: `too_many_webhooks`. RateLimited, Unauthenticated, Unavailable.
        """
        check_url(body.url, self._hosts)
        self._limiter.take(f"webhooks:{owner_id}", RATE, BURST)
        now, secret = now_ms(), body.secret or _new_secret()
        webhook = Webhook(
            owner_id,
            new_id(),
            url=body.url,
            events=list(body.events),
            status=ENABLED,
            description=body.description,
            secrets=[{"secret": secret}],
            created_at=now,
            updated_at=now,
        )
        add(webhook)
        return view(webhook) | {"secret": secret}

    def list(self, owner_id: str, limit: int, cursor: str | None) -> dict[str, Any]:
        """A page, the oldest first."""
        scope = f"webhooks:{owner_id}"
        after = decode_cursor(cursor, (str,), scope)[0] if cursor is not None else None
        condition = Webhook.id > after if after is not None else None
        found = list(Webhook.query(owner_id, condition, consistent_read=True))  # ten at most
        more = encode_cursor([found[limit - 1].id], scope) if len(found) > limit else None
        return page([view(each) for each in found[:limit]], more)

    def get(self, owner_id: str, webhook_id: str) -> dict[str, Any]:
        """One endpoint; raises NotFound."""
        return view(owned_webhook(owner_id, webhook_id))

    def update(self, owner_id: str, webhook_id: str, changes: WebhookChanges) -> dict[str, Any]:
        """Change what is named. Another address, and enabling, forget what failed before.

        Raises:
            NotFound; Invalid as `create`. Unavailable.
        """
        if changes.url is not None:
            check_url(changes.url, self._hosts)
        webhook = owned_webhook(owner_id, webhook_id)
        actions: list[Action] = [Webhook.updated_at.set(max(now_ms(), int(webhook.updated_at) + 1))]
        if changes.url is not None:
            actions += [Webhook.url.set(changes.url), Webhook.is_prompt.set(0)]
        if changes.events is not None:
            actions.append(Webhook.events.set(list(changes.events)))
        if "description" in changes.model_fields_set:
            text = changes.description
            actions.append(Webhook.description.set(text) if text else Webhook.description.remove())
        if changes.status is not None:
            actions += [Webhook.status.set(changes.status), Webhook.disabled_reason.remove()]
        if changes.url is not None or changes.status == ENABLED:
            actions += forgotten_failures()
        _change(webhook, actions)
        return view(webhook)

    def delete(self, owner_id: str, webhook_id: str) -> None:
        """Delete it; what is on its way to it ends. Raises NotFound, Unavailable."""
        remove(owner_id, webhook_id)

    def new_secret(self, owner_id: str, webhook_id: str, body: NewSecret) -> dict[str, Any]:
        """Sign with another secret from now on, for `overlap_s` with the former ones too; the only answer that has it.

        Raises:
            NotFound, RateLimited, Unavailable.
        """
        webhook = owned_webhook(owner_id, webhook_id)
        self._limiter.take(f"webhooks:{owner_id}", RATE, BURST)
        now, secret = now_ms(), body.secret or _new_secret()
        until = now + 1000 * body.overlap_s
        former = [
            {"secret": each["secret"], "until": min(int(each.get("until", until)), until)}
            for each in webhook.secrets
            if each["secret"] != secret and each.get("until", until) > now and until > now
        ]
        kept = [{"secret": secret}, *former][:_SECRETS_MAX]
        _change(webhook, [Webhook.secrets.set(kept), Webhook.updated_at.set(max(now, int(webhook.updated_at) + 1))])
        return view(webhook) | {"secret": secret}


def owned_webhook(owner_id: str, webhook_id: str) -> Webhook:
    """Raises NotFound, also where it is somebody else's."""
    webhook = find_webhook(owner_id, webhook_id)
    if webhook is None:
        raise NotFound("No such webhook")
    return webhook


def secrets_in_force(webhook: Webhook, now: int) -> list[str]:
    """With which a request is signed, the newest first."""
    return [each["secret"] for each in webhook.secrets if each.get("until", now + 1) > now]


def forgotten_failures() -> list[Action]:
    """Begin anew."""
    return [
        Webhook.failures.set(0),
        Webhook.failing_since.remove(),
        Webhook.failed_at.remove(),
        Webhook.rest_until.remove(),
    ]


def view(webhook: Webhook) -> dict[str, Any]:
    """As its owner sees it."""
    document: dict[str, Any] = {
        "id": webhook.id,
        "url": webhook.url,
        "events": list(webhook.events),
        "status": webhook.status,
    }
    if webhook.status == DISABLED and webhook.disabled_reason:
        document["disabled_reason"] = webhook.disabled_reason
    if webhook.description:
        document["description"] = webhook.description
    return document | {
        "created_at": rfc3339(int(webhook.created_at)),
        "updated_at": rfc3339(int(webhook.updated_at)),
    }


def _change(webhook: Webhook, actions: list[Action]) -> None:
    """Only what is there, on the version that was read: a secret that is made meanwhile is not lost."""
    before = int(webhook.updated_at)
    if update_if(webhook, actions, Webhook.updated_at == before, _NOT_CHANGED):
        return
    owned_webhook(webhook.owner_id, webhook.id)
    raise Conflict("Somebody else changed this webhook meanwhile. Read it again.")


def _new_secret() -> str:
    return secret_of(secrets.token_bytes(_KEY_BYTES))
