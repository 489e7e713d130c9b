"""/v1/accounts: the business's own bots, numbers, pages and profiles on channels; for administrators."""

from chat4all.accounts import AccountChanges, NewAccount
from chat4all.contract.documents.accounts import Account, AccountPage
from chat4all.contract.operation import Operation
from chat4all.contract.problems import SESSION as _SESSION
from chat4all.pages import PageParameters

_TAG = "Accounts"
_ALL, _ONE = "/v1/accounts", "/v1/accounts/{id}"
SESSION = (*_SESSION, "administrators_only")
_SETTINGS = (*SESSION, "host_not_allowed", "provider_refused", "unsupported", "account_taken", "conflict")

OPERATIONS = (
    Operation(
        "createAccount",
        "POST",
        _ALL,
        _TAG,
        "Connect an account of a channel",
        {201: Account},
        "Its provider is asked first, and told where to call. Which settings there are depends on the channel: docs/channels.md.",
        body=NewAccount,
        example={
            "channel": "telegram",
            "name": "Support bot",
            "settings": {"bot_token": "123456789:AAExampleExampleExampleExampleExamp"},
        },
        errors=(*_SETTINGS, "unsupported_channel"),
    ),
    Operation(
        "listAccounts",
        "GET",
        _ALL,
        _TAG,
        "Accounts that the caller manages",
        {200: AccountPage},
        query=PageParameters,
        errors=SESSION,
    ),
    Operation("getAccount", "GET", _ONE, _TAG, "One account, without its secrets", {200: Account}, errors=SESSION),
    Operation(
        "updateAccount",
        "PATCH",
        _ONE,
        _TAG,
        "Change an account",
        {200: Account},
        "Settings that are left out stay as they are, and null takes one away. All stays as it was if the provider refuses.",
        body=AccountChanges,
        example={"name": "Support"},
        errors=_SETTINGS,
    ),
    Operation("deleteAccount", "DELETE", _ONE, _TAG, "Disconnect an account", {204: None}, errors=SESSION),
)
