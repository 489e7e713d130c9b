"""Accounts of ours with providers, as they are stored."""

import uuid
from typing import Any

from chat4all.stores.accounts import Account


def stored_account(channel: str, settings: dict[str, Any], **more: Any) -> Account:
    """One of `channel`, whose contacts have a conversation each; `more` are fields of the item."""
    fields: dict[str, Any] = {"owner_id": str(uuid.uuid4()), "seed": str(uuid.uuid4())}
    fields |= {"inbound": {"conversation": "by_contact"}, "created_at": 1, "updated_at": 1, **more}
    made = Account(str(uuid.uuid4()), channel=channel, name="Shop", settings=settings, **fields)
    made.save()
    return made


def telegram_account(webhook_secret: str = "s", **more: Any) -> Account:
    """One of Telegram's first version, which has no seed."""
    settings = {"bot_token": f"1:{'t' * 35}", "webhook_secret": webhook_secret}
    return stored_account("telegram", settings, **{"seed": None, **more})
