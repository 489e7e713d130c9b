"""Accounts: the business's own bots, numbers, pages and profiles. Secrets go in and never come out."""

import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import Field, StringConstraints
from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chat4all.channels.channel import CHANNELS, AccountRules, Channel
from chat4all.channels.contacts import BY_CONTACT
from chat4all.circuit_breakers import breaker_views, reset_breaker
from chat4all.clock import now_ms, rfc3339
from chat4all.config import Settings
from chat4all.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from chat4all.ids import is_id, new_id
from chat4all.logs import logger
from chat4all.members import check_may_invite
from chat4all.pages import decode_cursor, encode_cursor, page
from chat4all.routing_rules import check_manages
from chat4all.stores.accounts import Account, account_claim
from chat4all.stores.table import condition_failed
from chat4all.stores.users import UniqueName
from chat4all.validation import Input, pointer, validate

Name = Annotated[str, StringConstraints(min_length=1, max_length=128)]


class InboundRule(Input):
    """Where what a new contact writes goes."""

    conversation: str = BY_CONTACT
    """by_contact: a private conversation of the account's owner with each contact; or a conversation's id."""
    mirror_to: str | None = None
    """A conversation in which everything that arrives is said once more."""


class NewAccount(Input):
    """Body of POST /v1/accounts. Which settings there are depends on the channel."""

    channel: Annotated[str, Field(json_schema_extra={"enum": list(CHANNELS)})]
    name: Name
    settings: dict[str, Any]
    inbound: InboundRule = InboundRule()


class AccountChanges(Input):
    """Body of PATCH /v1/accounts/{id}; settings that are left out stay as they are."""

    name: Name | None = None
    settings: dict[str, Any] | None = None
    inbound: InboundRule | None = None


class Accounts:
    """Accounts as those see them who manage them: an owner their own, and an administrator, for whom the owner is None, all.

    To others they do not exist (administrators.whose_accounts says who is asking).
    """

    def __init__(self, settings: Settings, channels: Mapping[str, Channel] = CHANNELS) -> None:
        self._settings = settings
        self._channels = channels

    def create(self, owner_id: str, body: NewAccount) -> dict[str, Any]:
        """Keep an account whose provider has accepted it.

        It is written before the provider is told, which may ask for its handshake at once, and taken back where that fails.

        Raises:
            Invalid: `unsupported_channel`, `host_not_allowed`, `provider_refused`, `unsupported`, or a wrong field.
            Conflict: `account_taken`: the provider's account serves another one of ours, whose webhook would be taken from it.
            Unavailable: the provider cannot be reached.
        """
        rules = self._rules(body.channel)
        account_id, now = new_id(), now_ms()
        stored = self._checked(rules, body.settings)
        account = Account(
            account_id,
            owner_id=owner_id,
            channel=body.channel,
            name=body.name,
            settings=stored,
            inbound=_checked_rule(owner_id, body.inbound),
            seed=secrets.token_urlsafe(16),
            created_at=now,
            updated_at=now,
        )
        claim = UniqueName(account_claim(body.channel, rules.key(stored)), user_id=account_id)
        with _serves_one_account(), TransactWrite(connection=Account.client()) as transaction:
            transaction.save(account, condition=Account.id.does_not_exist())
            transaction.save(claim, condition=_CLAIM_IS_FREE)
        try:
            rules.register(stored, self._webhook_url(account))
        except Exception:
            with TransactWrite(connection=Account.client()) as transaction:
                transaction.delete(account)
                transaction.delete(claim)
            raise
        return self._views([account])[0]

    def list(self, owner_id: str | None, limit: int, cursor: str | None) -> dict[str, Any]:
        """A page of the owner's accounts, or of all, without an order of note."""
        scope = f"accounts:{owner_id or ''}"
        start: dict[str, Any] | None = None
        if cursor is not None:
            start = {"id": {"S": decode_cursor(cursor, (str,), scope)[0]}}
            start |= {"owner_id": {"S": owner_id}} if owner_id is not None else {}
        found, following = _all(limit, start) if owner_id is None else _of_owner(owner_id, limit, start)
        return page([*self._views(found)], encode_cursor([following["id"]["S"]], scope) if following else None)

    def get(self, owner_id: str | None, account_id: str) -> dict[str, Any]:
        """One account; raises NotFound."""
        return self._views([managed_account(owner_id, account_id)])[0]

    def update(self, owner_id: str | None, account_id: str, changes: AccountChanges) -> dict[str, Any]:
        """Change what is named; where settings are, the provider is told anew, and all stays as it was if that fails.

        Raises:
            NotFound, Invalid and Unavailable as `create`; Conflict: somebody else changed it meanwhile.
        """
        account = managed_account(owner_id, account_id)
        rules = self._rules(account.channel)
        before, old_settings = int(account.updated_at), account.settings
        account.name = changes.name if changes.name is not None else account.name
        if changes.inbound is not None:
            account.inbound = _checked_rule(account.owner_id, changes.inbound)  # in whose name it goes there
        if changes.settings is not None:
            account.settings = self._checked(rules, _merged(old_settings, changes.settings))
        self._save_change(account, rules, before, old_settings)
        if changes.settings is not None:
            try:
                rules.register(account.settings, self._webhook_url(account))
            except Exception:
                refused, account.settings = account.settings, old_settings
                self._save_change(account, rules, int(account.updated_at), refused)
                raise
            if rules.key(old_settings) != rules.key(account.settings):
                _unregister_quietly(rules, account_id, old_settings)
            reset_breaker(account_id)
        return self._views([account])[0]

    def delete(self, owner_id: str | None, account_id: str) -> None:
        """Delete it; the provider is asked to call us no more. Raises NotFound."""
        account = managed_account(owner_id, account_id)
        rules = self._rules(account.channel)
        # Before the provider's account is free for another one of ours, whose webhook this would remove.
        _unregister_quietly(rules, account_id, account.settings)
        with TransactWrite(connection=Account.client()) as transaction:
            transaction.delete(account)
            transaction.delete(UniqueName(account_claim(account.channel, rules.key(account.settings))))
        reset_breaker(account_id)

    @staticmethod
    def _save_change(account: Account, rules: AccountRules, before: int, old_settings: Mapping[str, Any]) -> None:
        account.updated_at = max(now_ms(), before + 1)
        old, new = (
            account_claim(account.channel, rules.key(settings)) for settings in (old_settings, account.settings)
        )
        with _serves_one_account(), TransactWrite(connection=Account.client()) as transaction:
            transaction.save(account, condition=Account.updated_at == before)
            if old != new:
                transaction.save(UniqueName(new, user_id=account.id), condition=_CLAIM_IS_FREE)
                transaction.delete(UniqueName(old))

    def _rules(self, channel: str) -> AccountRules:
        if channel not in self._channels:
            detail = f"{channel} is not supported; supported: {', '.join(self._channels)}"
            raise Invalid.at("/channel", detail, "unsupported_channel")
        return self._channels[channel].account

    def _checked(self, rules: AccountRules, settings: Mapping[str, Any]) -> dict[str, Any]:
        checked: Any = validate(rules.Settings, settings, prefix="/settings/")
        if checked.api_base is not None:
            checked = checked.model_copy(update={"api_base": self._allowed_base(checked.api_base)})
        return rules.complete(checked)

    def _allowed_base(self, api_base: str) -> str:
        """`api_base` without a slash at its end, where the deployment lists its host."""
        if not api_base.isascii() or not api_base.isprintable() or " " in api_base:
            raise _wrong_base("must be a URL without spaces and control characters", "invalid")
        allowed = {host.strip().lower() for host in self._settings.provider_hosts.split(",") if host.strip()}
        try:
            url = urlsplit(api_base)
        except ValueError:
            url = urlsplit("")
        if url.scheme not in ("http", "https") or not url.hostname or url.query or url.fragment:
            raise _wrong_base("must be an http or https URL without query and fragment", "invalid")
        if url.netloc.lower() not in allowed:
            raise _wrong_base(f"{url.netloc} is no host that this deployment allows", "host_not_allowed")
        return api_base.rstrip("/")

    def _webhook_url(self, account: Account) -> str:
        return f"{self._settings.public_url}/channels/{account.channel}/{account.id}/webhook"

    def _views(self, accounts: Sequence[Account]) -> Sequence[dict[str, Any]]:
        """As their owner sees them. `breaker`: whether sends to the provider are held back for now (circuit_breakers)."""
        breakers = breaker_views([account.id for account in accounts])
        return [_view(account, self._secrets(account)) | {"breaker": breakers[account.id]} for account in accounts]

    def _secrets(self, account: Account) -> Collection[str]:
        """Names of settings that nobody is shown: all, where another version made the account, whose channel is unknown here."""
        known = self._channels.get(account.channel)
        return known.account.SECRETS if known is not None else account.settings


_CLAIM_IS_FREE = UniqueName.name.does_not_exist()


@contextmanager
def _serves_one_account() -> Iterator[None]:
    """Turns the failed condition of a transaction into what the caller is told."""
    try:
        yield
    except TransactWriteError as error:
        if not condition_failed(error):
            raise
        account = error.cancellation_reasons[0]  # the account stands first in each transaction
        if account is not None and account.code == "ConditionalCheckFailed":
            raise Conflict("Somebody else changed this account meanwhile. Read it again.") from error
        detail = "The provider's account serves another one here already; delete that one first"
        raise Conflict(detail, code="account_taken") from error


def managed_account(owner_id: str | None, account_id: str) -> Account:
    """Raises NotFound, also where it is not the owner's; None stands for those who manage all."""
    try:
        account = Account.get(account_id, consistent_read=True)
    except Account.DoesNotExist:
        raise NotFound("No such account") from None
    if owner_id not in (None, account.owner_id):
        raise NotFound("No such account")
    return account


def _all(limit: int, start: dict[str, Any] | None) -> tuple[Sequence[Account], dict[str, Any] | None]:
    found = Account.scan(limit=limit, last_evaluated_key=start, consistent_read=True)
    return [*found], found.last_evaluated_key


def _of_owner(
    owner_id: str, limit: int, start: dict[str, Any] | None
) -> tuple[Sequence[Account], dict[str, Any] | None]:
    found = Account.by_owner.query(owner_id, limit=limit, last_evaluated_key=start)
    keys = [entry.id for entry in found]
    accounts = {account.id: account for account in Account.batch_get(keys, consistent_read=True)}
    return [accounts[key] for key in keys if key in accounts], found.last_evaluated_key


def _view(account: Account, secret: Collection[str]) -> dict[str, Any]:
    settings = {name: "set" if name in secret else value for name, value in sorted(account.settings.items())}
    return {
        "id": account.id,
        "owner_id": account.owner_id,
        "channel": account.channel,
        "name": account.name,
        "settings": settings,
        "inbound": account.inbound,
        "created_at": rfc3339(int(account.created_at)),
        "updated_at": rfc3339(int(account.updated_at)),
    }


def _merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """New settings over old ones; null takes one away."""
    return {name: value for name, value in {**old, **new}.items() if value is not None}


def _checked_rule(owner_id: str, rule: InboundRule) -> dict[str, Any]:
    if rule.conversation != BY_CONTACT and not _may_invite(rule.conversation, owner_id):
        detail = f'must be "{BY_CONTACT}" or the id of a group of which you are owner or admin'
        raise Invalid.at(pointer(("inbound", "conversation")), detail)
    if rule.mirror_to is None:
        return {"conversation": rule.conversation}
    at = pointer(("inbound", "mirror_to"))
    if rule.mirror_to == rule.conversation:
        raise Invalid.at(at, "is the conversation into which it goes anyway")
    check_manages(owner_id, rule.mirror_to, at)
    return {"conversation": rule.conversation, "mirror_to": rule.mirror_to}


def _may_invite(conversation_id: str, user_id: str) -> bool:
    if not is_id(conversation_id):
        return False
    try:
        check_may_invite(conversation_id, user_id)
    except (NotFound, Forbidden, Conflict):
        return False
    return True


def _wrong_base(detail: str, code: str) -> Invalid:
    return Invalid.at(pointer(("settings", "api_base")), detail, code)


def _unregister_quietly(rules: AccountRules, account_id: str, settings: Mapping[str, Any]) -> None:
    """The provider may be away or the token revoked: its calls find no account then."""
    try:
        rules.unregister(dict(settings))
    except DomainError as error:
        logger.warning("webhook not removed", account_id=account_id, cause=error.detail)
