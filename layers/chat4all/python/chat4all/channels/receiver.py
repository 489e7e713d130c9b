"""The webhook: whatever a provider tells is checked, read, and taken or kept, item by item."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pynamodb.exceptions import PynamoDBException

from chat4all import admission
from chat4all.channels.channel import Channel
from chat4all.channels.happenings import Happenings
from chat4all.channels.inbound import Inbound, Item, StatusReport, Unknown
from chat4all.channels.unknown_payloads import UnknownPayloads
from chat4all.errors import DomainError, Forbidden, Invalid, NotFound, Overloaded, Unavailable
from chat4all.kafka.publisher import PublishFailed
from chat4all.logs import logger
from chat4all.metrics.emission import count
from chat4all.metrics.metric_list import CHANNEL_RECEIVED, CHANNEL_REFUSED
from chat4all.rate_limits import RateLimiter
from chat4all.retries.trouble import is_outage
from chat4all.stores.accounts import Account, find_account, find_account_by_key

ACCOUNT_RATE, ACCOUNT_BURST = 50.0, 1000
"""Items of one account. Its owner knows the secret too, and so could say more in a group by made-up guests than members may;
providers send again what is answered with 429."""
REPORT_RATE, REPORT_BURST = 500.0, 5000
"""Its statuses, which add nothing to a conversation: a number that sends 80 messages a second is told three of each."""
_REMEMBERED = 10_000
"""Items that an environment knows to be taken: ten of the largest bodies (Meta: up to 1,000 updates)."""
_KEY_MAX = 256
"""Characters. What is longer, or not ASCII, is the id of no account, and nothing to be looked for."""


@dataclass(frozen=True, slots=True)
class _Call:
    """What a provider sent."""

    account: Account
    headers: Mapping[str, str]
    body: bytes


class Receiver:
    """Takes what is told of all accounts of one channel."""

    def __init__(
        self, channel: Channel, happenings: Happenings, payloads: UnknownPayloads, limiter: RateLimiter
    ) -> None:
        self._channel = channel
        self._happenings = happenings
        self._payloads = payloads
        self._limiter = limiter
        self._taken: dict[int, None] = {}
        """Prints of items that are durable: a repeat goes on behind them, where one call has no time for all."""

    def challenge(self, account_id: str, query: Mapping[str, str]) -> str:
        """What the provider's handshake is answered with.

        Raises:
            Forbidden: no such account, or not its provider: told alike, so that nobody finds out which accounts there are.
        """
        account = find_account(account_id, self._channel.name)
        text = None if account is None else self._channel.webhook.challenge(account.settings, query)
        if text is None:
            logger.warning("handshake refused", account_id=account_id, known=account is not None)
            raise Forbidden("No such account, or another verify token")
        return text

    def receive(self, account_id: str, headers: Mapping[str, str], body: bytes) -> Mapping[str, Any]:
        """Returns when all that `body` tells is durable: as messages, changes and statuses, or as kept payloads.

        Args:
            headers: by their names in lower case.

        Returns:
            What the provider is answered: `{}`, or the call of its API that an item asks for.

        Raises:
            NotFound: no such account, or not from its provider. Invalid: too large, or nothing of the provider's. RateLimited.
            Unavailable: some of it was not taken; all must be sent again, what was taken changes nothing then.
        """
        try:
            account = find_account(account_id, self._channel.name)
            if account is None or not self._channel.webhook.is_authentic(account.settings, headers, body):
                # Told alike, so that nobody finds out which accounts there are.
                logger.warning("refused", account_id=account_id, known=account is not None)
                count(CHANNEL_REFUSED, self._channel.name)
                raise NotFound("No such account, or not from its provider")
            items = self._items(body)
            printed = [(_print(account_id, item), item) for item in items]
            left = [(mark, item) for mark, item in printed if mark not in self._taken]
            self._limit(account_id, [item for _, item in left])
        except PynamoDBException as error:
            raise _not_taken(account_id, error) from error
        self._take_all(_Call(account, headers, body), left)
        return next((item.answer for item in items if item.answer is not None), {})

    def _limit(self, account_id: str, items: list[Item]) -> None:
        reports = sum(isinstance(item.happening, StatusReport) for item in items)
        if reports:
            self._limiter.take(f"reported:{account_id}", REPORT_RATE, REPORT_BURST, events=reports)
        if len(items) > reports:
            self._limiter.take(f"inbound:{account_id}", ACCOUNT_RATE, ACCOUNT_BURST, events=len(items) - reports)

    def _items(self, body: bytes) -> list[Item]:
        most = self._channel.webhook.BODY_MAX
        if len(body) > most:
            raise Invalid(f"The body has {len(body)} bytes; at most {most} are taken", code="body_too_large")
        try:
            document = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise Invalid(f"The body is not JSON: {error}", code="invalid_json") from error
        items = list(self._channel.parse.items(document))
        if not items:
            detail = f"The body tells nothing that {self._channel.name} would: no item was found in it"
            raise Invalid(detail, code="nothing_told")
        return items

    def _take_all(self, call: _Call, items: list[tuple[int, Item]]) -> None:
        """Each by itself; what one contact says behind an item that could not be taken waits for it, to stay in order."""
        held: set[str | None] = set()
        trouble: Exception | None = None
        for mark, item in items:
            contact = _contact_of(item)
            if contact is not None and contact in held:
                continue
            try:
                admission.check()
                self._take(call, item)
                self._note_taken(mark, item)
            except Overloaded as error:
                trouble = error
                break  # what is left comes again; else the provider would wait in vain for an answer
            except (Unavailable, PublishFailed, PynamoDBException) as error:
                logger.warning("item not taken", account_id=call.account.id, item=item.name, cause=str(error))
                held.add(contact)
                trouble = error
        if trouble is not None:
            raise _not_taken(call.account.id, trouble) from trouble

    def _note_taken(self, mark: int, item: Item) -> None:
        while len(self._taken) >= _REMEMBERED:
            del self._taken[next(iter(self._taken))]
        if not isinstance(item.happening, Unknown):
            self._taken[mark] = None

    def _take(self, call: _Call, item: Item) -> None:
        account = self._account_of(call, item)
        if account is None:
            self._keep(call.account, item, "of_another_account")
            return
        try:
            kind = self._happenings.take(account, item)
        except (Unavailable, PublishFailed):
            raise
        except DomainError as error:
            # It will be refused each time, so a repeat is of no use; but it is not thrown away.
            logger.warning("item refused", account_id=account.id, item=item.name, cause=error.detail)
            kind = f"refused_{error.code}"
        except Exception as error:
            if is_outage(error):
                raise
            # A mistake of ours: it would come again for days, and bring down the webhook of the account.
            logger.exception("item failed", account_id=account.id, item=item.name)
            kind = f"failed_{type(error).__name__}"
        if kind is not None:
            self._keep(account, item, kind)
        else:
            count(CHANNEL_RECEIVED, self._channel.name, _label_of(item))

    def _account_of(self, call: _Call, item: Item) -> Account | None:
        """The account that an item concerns, where whoever signed the body may speak for it: one app serves several."""
        key = item.account_key
        if key is None or key == self._channel.account.key(call.account.settings):
            return call.account
        if not key.isascii() or len(key) > _KEY_MAX:
            return None
        other = find_account_by_key(self._channel.name, key)
        if other is None or not self._channel.webhook.is_authentic(other.settings, call.headers, call.body):
            return None
        return other

    def _keep(self, account: Account, item: Item, kind: str) -> None:
        name = item.name if _is_file_name(item.name) else hashlib.sha256(item.name.encode(errors="replace")).hexdigest()
        body = json.dumps(item.raw, ensure_ascii=True).encode()
        self._payloads.keep(self._channel.name, account.id, name, body, kind)


def _print(account_id: str, item: Item) -> int:
    return hash((account_id, item.account_key, item.name, repr(item.happening)))


def _label_of(item: Item) -> str:
    """Of metrics."""
    if isinstance(item.happening, Inbound):
        return "message"
    return "status" if isinstance(item.happening, StatusReport) else "change"


def _contact_of(item: Item) -> str | None:
    contact = getattr(item.happening, "contact", None)
    return None if contact is None else str(contact.address)


def _is_file_name(name: str) -> bool:
    return 0 < len(name) <= 128 and name.isascii() and name.replace("-", "").replace("_", "").replace(".", "").isalnum()


def _not_taken(account_id: str, error: Exception) -> Unavailable:
    logger.warning("webhook not accepted", account_id=account_id, cause=str(error))
    return Unavailable("Not all of it could be stored. Send it again.")
