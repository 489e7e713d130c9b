"""The business's channel accounts."""

from typing import Any

from aws_lambda_powertools.event_handler import Response

import chat4all.administrators
import chat4all.audit
import chat4all.sessions  # noqa: F401 - loaded in the init phase
from chat4all.accounts import AccountChanges, NewAccount
from chat4all.bootstrap import app
from chat4all.channels.channel import CHANNELS
from chat4all.domain.audit import Action
from chat4all.http.api import Api, created, no_content, path_id
from chat4all.pages import PageParameters

api = Api("accounts")
handler = api.handle
for channel in CHANNELS.values():
    channel.load("account")  # in the init phase


def owner() -> str | None:
    """Whose accounts the caller may manage, in a session that has not ended; None: all."""
    return app().administrators.whose_accounts(app().sessions.live(api.caller(), api.session_id))


@api.post("/v1/accounts")
def create() -> Response[str]:
    """An account, after the provider has accepted it."""
    owner()
    with api.audited(Action.ACCOUNT_CREATE) as deed:
        account = app().accounts.create(api.caller(), api.body(NewAccount))
        deed.of(account=account["id"])
    return created(account)


@api.get("/v1/accounts")
def list_accounts() -> dict[str, Any]:
    """The caller's accounts; for administrators all."""
    whose, asked = owner(), api.query(PageParameters)
    return app().accounts.list(whose, asked.limit, asked.cursor)


@api.get("/v1/accounts/<account_id>")
def get(account_id: str) -> dict[str, Any]:
    """One account, without its secrets."""
    whose, which = owner(), path_id(account_id, "account")
    return app().accounts.get(whose, which)


@api.patch("/v1/accounts/<account_id>")
def update(account_id: str) -> dict[str, Any]:
    """The account as it is after the change."""
    whose, which = owner(), path_id(account_id, "account")
    with api.audited(Action.ACCOUNT_UPDATE, account=which):
        return app().accounts.update(whose, which, api.body(AccountChanges))


@api.delete("/v1/accounts/<account_id>")
def delete(account_id: str) -> Response[str]:
    """Gone; the provider calls no more."""
    whose, which = owner(), path_id(account_id, "account")
    with api.audited(Action.ACCOUNT_DELETE, account=which):
        app().accounts.delete(whose, which)
    return no_content()
