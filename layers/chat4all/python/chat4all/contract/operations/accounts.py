"""/v1/accounts: the business's own bots, numbers, pages and profiles on channels."""

from chat4all.accounts import AccountChanges, NewAccount
from chat4all.contract.operation import Operation
from chat4all.pages import PageParameters

_TAG = "Accounts"
_ALL, _ONE = "/v1/accounts", "/v1/accounts/{id}"

OPERATIONS = (
    Operation("createAccount", "POST", _ALL, _TAG, "Connect an account of a channel", {201: None}, body=NewAccount),
    Operation("listAccounts", "GET", _ALL, _TAG, "Own accounts", {200: None}, query=PageParameters),
    Operation("getAccount", "GET", _ONE, _TAG, "One account, without its secrets", {200: None}),
    Operation("updateAccount", "PATCH", _ONE, _TAG, "Change an account", {200: None}, body=AccountChanges),
    Operation("deleteAccount", "DELETE", _ONE, _TAG, "Disconnect an account", {204: None}),
)
