"""The webhook: an update is checked, read, and accepted or kept. Telegram repeats what is not answered with 2xx."""

import hmac
import json
from typing import Any

from aws_lambda_powertools import Logger
from pynamodb.exceptions import PynamoDBException

from chat4all.channels.acceptance import Acceptance
from chat4all.channels.inbound import Happening, Inbound, Unknown
from chat4all.channels.telegram.parse import items
from chat4all.channels.unknown_payloads import UnknownPayloads
from chat4all.errors import DomainError, Invalid, NotFound, Unavailable
from chat4all.rate_limits import RateLimiter
from chat4all.stores.accounts import Account, find_account

logger = Logger(service="chat4all")

CHANNEL = "telegram"
BODY_MAX = 1_000_000
"""Bytes. Updates are some KB: a text of 4,096 units, and the message it answers."""
ACCOUNT_RATE, ACCOUNT_BURST = 50.0, 1000
"""Updates of one account. Its owner knows the secret too, and so could say more in a group by made-up guests than members may;
Telegram sends again what is answered with 429."""


class TelegramReceiver:
    """Takes updates of all Telegram accounts."""

    def __init__(self, acceptance: Acceptance, payloads: UnknownPayloads, limiter: RateLimiter) -> None:
        self._acceptance = acceptance
        self._payloads = payloads
        self._limiter = limiter

    def receive(self, account_id: str, secret: str | None, body: bytes) -> None:
        """Returns when the update is durable, as a message or as a kept payload.

        Args:
            secret: the header X-Telegram-Bot-Api-Secret-Token.

        Raises:
            NotFound: no such account, or another secret. Invalid: too large, or no update. RateLimited.
            Unavailable: not accepted; it must be sent again.
        """
        try:
            account = find_account(account_id, CHANNEL)
            if account is None or not _is_its_secret(account, secret):
                # Told alike, so that nobody finds out which accounts there are.
                logger.warning("refused", account_id=account_id, known=account is not None)
                raise NotFound("No such account, or another secret")
            update = _update(body)
            self._limiter.take(f"inbound:{account_id}", ACCOUNT_RATE, ACCOUNT_BURST)
            self._take(account, update, body)
        except PynamoDBException as error:
            logger.warning("update not accepted", account_id=account_id, cause=str(error))
            raise Unavailable("The update could not be stored. Send it again.") from error

    def _take(self, account: Account, update: dict[str, Any], body: bytes) -> None:
        for item in items(update):
            self._take_item(account, update, body, item.happening)

    def _take_item(self, account: Account, update: dict[str, Any], body: bytes, parsed: Happening) -> None:
        if not isinstance(parsed, Inbound) or parsed.chat is not None:
            kind = parsed.kind if isinstance(parsed, Unknown) else next(name for name in update if name != "update_id")
            self._keep(account, update, body, kind)
            return
        try:
            accepted = self._acceptance.accept(account, parsed)
        except Unavailable:
            raise
        except DomainError as error:
            # It will be refused each time, so a repeat is of no use; but it is not thrown away.
            logger.warning("update refused", account_id=account.id, update_id=update["update_id"], cause=error.detail)
            self._keep(account, update, body, f"refused_{error.code}")
            return
        logger.info("update accepted", message_id=accepted.message_id, update_id=update["update_id"])

    def _keep(self, account: Account, update: dict[str, Any], body: bytes, kind: str) -> None:
        self._payloads.keep(CHANNEL, account.id, str(update["update_id"])[:32], body, kind)


def _is_its_secret(account: Account, secret: str | None) -> bool:
    expected = account.settings["webhook_secret"].encode()
    return hmac.compare_digest(expected, (secret or "").encode())


def _update(body: bytes) -> dict[str, Any]:
    if len(body) > BODY_MAX:
        raise Invalid(f"The body has {len(body)} bytes; at most {BODY_MAX} are taken", code="body_too_large")
    try:
        update = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Invalid(f"The body is not JSON: {error}", code="invalid_json") from error
    update_id = update.get("update_id") if isinstance(update, dict) else None
    if not isinstance(update_id, int) or isinstance(update_id, bool):
        raise Invalid("The body is no Telegram update: update_id is missing", code="not_an_update")
    return dict(update)
