"""Accounts: the business's own bots, numbers, pages and profiles on channels."""

from typing import Any, ClassVar

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chat4all.stores.table import Connection, Table
from chat4all.stores.users import UniqueName


class AccountsByOwner(GlobalSecondaryIndex["Account"]):
    """Accounts of a user (keys only)."""

    class Meta:
        index_name = "by_owner"
        projection = KeysOnlyProjection()

    owner_id = UnicodeAttribute(hash_key=True)


class Account(Table):
    """One account. The table is encrypted with a KMS key: `settings` holds secrets, which no answer of ours shows."""

    noun: ClassVar[str] = "accounts"

    class Meta(Connection):
        pass

    id = UnicodeAttribute(hash_key=True)
    owner_id = UnicodeAttribute()
    channel = UnicodeAttribute()
    name = UnicodeAttribute()
    settings: Any = JSONAttribute()
    """As the channel's `account.Settings` has them."""
    inbound: Any = JSONAttribute()
    """{conversation: "by_contact" | conversation id, mirror_to?}: where what a new contact writes goes."""
    seed = UnicodeAttribute(null=True)
    """Known to nobody: message ids of what arrives are derived from it, so that none can be claimed first by another."""
    created_at = NumberAttribute()
    updated_at = NumberAttribute()

    by_owner = AccountsByOwner()


def account_claim(channel: str, key: str) -> str:
    """Name (stores.users.UniqueName) of the claim that the provider's account `key` serves one account of ours."""
    return f"{channel}:{key}"


def find_account(account_id: str, channel: str) -> Account | None:
    """The account, where it is one of `channel`."""
    try:
        account = Account.get(account_id, consistent_read=True)
    except Account.DoesNotExist:
        return None
    return account if account.channel == channel else None


def find_account_by_key(channel: str, key: str) -> Account | None:
    """The account that the provider's account `key` serves."""
    try:
        claim = UniqueName.get(account_claim(channel, key), consistent_read=True)
    except UniqueName.DoesNotExist:
        return None
    return find_account(claim.user_id, channel)


def code_secret(account: Account) -> str:
    """What codes of link requests are made with (domain.link_codes); accounts of Telegram's first version have no seed."""
    return str(account.seed or account.settings.get("webhook_secret") or "")
