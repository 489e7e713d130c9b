"""Endpoints with the list of those who have any: both change in one transaction, so that neither is ever without the other."""

from collections.abc import Callable
from dataclasses import dataclass

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chat4all.clock import now_ms
from chat4all.domain.webhook import WEBHOOKS_MAX
from chat4all.errors import Conflict, NotFound, Unauthenticated, Unavailable
from chat4all.stores.erasures import WEBHOOK, erasure
from chat4all.stores.table import condition_failed, is_unavailable
from chat4all.stores.users import User
from chat4all.stores.webhooks import NOBODY, OWNERS, VERSION, Webhook, WebhookOwner, find_webhook

_ATTEMPTS = 10


@dataclass(frozen=True, slots=True)
class _Seen:
    """How many endpoints a user had."""

    owner_id: str
    count: int


def add(webhook: Webhook) -> None:
    """Keep a new endpoint.

    Raises:
        Conflict: `too_many_webhooks`. Unauthenticated: its owner is gone. Unavailable.
    """

    def write(transaction: TransactWrite, seen: _Seen) -> None:
        if seen.count >= WEBHOOKS_MAX:
            raise Conflict(f"There are {WEBHOOKS_MAX} webhooks already", code="too_many_webhooks")
        transaction.condition_check(User, seen.owner_id, condition=User.id.exists() & User.deleted_at.does_not_exist())
        transaction.save(webhook, condition=Webhook.id.does_not_exist())
        _count(transaction, seen, seen.count + 1)

    def refused(_seen: _Seen) -> None:
        try:
            user = User.get(webhook.owner_id, consistent_read=True)
        except User.DoesNotExist:
            user = None
        if user is None or user.deleted_at is not None:
            raise Unauthenticated("The account of this token is gone", code="account_deleted")

    _changed(webhook.owner_id, write, refused)


def remove(owner_id: str, webhook_id: str) -> None:
    """Delete an endpoint; raises NotFound, Unavailable."""

    def write(transaction: TransactWrite, seen: _Seen) -> None:
        transaction.delete(Webhook(owner_id, webhook_id), condition=Webhook.id.exists())
        transaction.save(erasure(WEBHOOK, webhook_id, now_ms()))  # of its deliveries, which hold messages
        _count(transaction, seen, seen.count - 1)

    def refused(_seen: _Seen) -> None:
        if find_webhook(owner_id, webhook_id) is None:
            raise NotFound("No such webhook")

    refused(_Seen(owner_id, 0))
    _changed(owner_id, write, refused)


def remove_all(owner_id: str) -> None:
    """Delete all endpoints of a user: their deliveries end at their next look. 1 read unit where there are none."""

    def write(transaction: TransactWrite, seen: _Seen) -> None:
        for webhook in Webhook.query(owner_id, consistent_read=True):
            transaction.delete(webhook)
        _count(transaction, seen, 0)

    if _seen(owner_id).count:
        _changed(owner_id, write, lambda _seen: None)


def _changed(owner_id: str, write: Callable[[TransactWrite, _Seen], None], refused: Callable[[_Seen], None]) -> None:
    """Have `write` fill a transaction from what is seen, and again where others were faster; `refused` raises what it is else."""
    for _ in range(_ATTEMPTS):
        seen = _seen(owner_id)
        try:
            with TransactWrite(connection=Webhook.client()) as transaction:
                write(transaction, seen)
        except TransactWriteError as error:
            if condition_failed(error):
                refused(seen)
            elif not is_unavailable(error):
                raise
            continue
        return
    raise Unavailable("Others are changing these webhooks; nothing was done. Try again.")


def _count(transaction: TransactWrite, seen: _Seen, count: int) -> None:
    """The list and its version: who looks events up reads it anew where somebody came or went."""
    owner = WebhookOwner(OWNERS, seen.owner_id, count=count)
    is_same = WebhookOwner.count == seen.count if seen.count else WebhookOwner.count.does_not_exist()
    if count:
        transaction.save(owner, condition=is_same)
    else:
        transaction.delete(owner, condition=is_same)
    if not count or not seen.count:
        transaction.update(WebhookOwner(VERSION, NOBODY), [WebhookOwner.count.add(1)])


def _seen(owner_id: str) -> _Seen:
    try:
        return _Seen(owner_id, int(WebhookOwner.get(OWNERS, owner_id, consistent_read=True).count))
    except WebhookOwner.DoesNotExist:
        return _Seen(owner_id, 0)
