"""Outgoing webhooks: endpoints by their owner, who has any, and what becomes of deliveries."""

from typing import Any, ClassVar

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chat4all.stores.table import Connection, Table


class Webhook(Table):
    """One endpoint. The table is encrypted with a KMS key: `secrets` is shown once, when it is made. Times: ms since 1970."""

    noun: ClassVar[str] = "webhooks"

    class Meta(Connection):
        pass

    owner_id = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    url = UnicodeAttribute()
    events: Any = JSONAttribute()
    status = UnicodeAttribute()
    """enabled, disabled."""
    disabled_reason = UnicodeAttribute(null=True)
    """gone, failing; none where its owner did it."""
    description = UnicodeAttribute(null=True)
    secrets: Any = JSONAttribute()
    """[{secret, until?}], the newest first: `until` when a former one is used no more."""
    is_prompt = NumberAttribute(default=0)
    """1: its last exchange was a quick one, and none of the last minutes a long one."""
    long_at: Any = NumberAttribute(null=True)
    """When an exchange last took so long that others might have waited for it."""
    failures: Any = NumberAttribute(default=0)
    """In a row."""
    failing_since: Any = NumberAttribute(null=True)
    failed_at: Any = NumberAttribute(null=True)
    """The last of them."""
    rest_until: Any = NumberAttribute(null=True)
    """Nobody tries before; who tries then moves it on first, as a claim."""
    created_at = NumberAttribute()
    updated_at = NumberAttribute()


class WebhookOwner(Table):
    """A user who has endpoints; and, once, how often that list of users was changed."""

    noun: ClassVar[str] = "webhook-owners"

    class Meta(Connection):
        pass

    part = UnicodeAttribute(hash_key=True)
    """owners, or version."""
    owner_id = UnicodeAttribute(range_key=True)
    """Of the version `-`."""
    count: Any = NumberAttribute()
    """Endpoints of the user; the version."""


class WebhookDelivery(Table):
    """One event for one endpoint. Times are milliseconds since 1970."""

    noun: ClassVar[str] = "webhook-deliveries"

    class Meta(Connection):
        pass

    webhook_id = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    """UUIDv7 of the event's time, the same whenever the event comes."""
    owner_id = UnicodeAttribute()
    event_id = UnicodeAttribute()
    event_type = UnicodeAttribute()
    conversation_id = UnicodeAttribute(null=True)
    payload = UnicodeAttribute()
    status = UnicodeAttribute()
    """pending, delivered, failed."""
    reason = UnicodeAttribute(null=True)
    """Why it failed, or cannot be sent, without an attempt."""
    attempts: Any = JSONAttribute(default=list)
    """[{at, status_code?, error?, duration_ms}], the newest last."""
    tries: Any = NumberAttribute(default=0)
    """Of the schedule that it is on: a replay begins it anew."""
    next_attempt_at: Any = NumberAttribute(null=True)
    position = UnicodeAttribute(null=True)
    """Of the event in its topic: the order within a conversation."""
    created_at = NumberAttribute()
    expires_at = NumberAttribute()
    """Seconds since 1970."""


OWNERS, VERSION, NOBODY = "owners", "version", "-"


def find_webhook(owner_id: str, webhook_id: str) -> Webhook | None:
    """One endpoint; None where there is none. A read unit."""
    try:
        return Webhook.get(owner_id, webhook_id, consistent_read=True)
    except Webhook.DoesNotExist:
        return None


def find_delivery(webhook_id: str, delivery_id: str) -> WebhookDelivery | None:
    """One delivery; None where there is none. A read unit for each 4 KB."""
    try:
        return WebhookDelivery.get(webhook_id, delivery_id, consistent_read=True)
    except WebhookDelivery.DoesNotExist:
        return None
