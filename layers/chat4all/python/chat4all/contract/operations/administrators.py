"""/v1/administrators: who administers the deployment (docs/decisions/0051)."""

from chat4all.contract.documents.administrators import Administrator, AdministratorPage
from chat4all.contract.documents.webhooks import WebhookPage
from chat4all.contract.operation import Operation
from chat4all.contract.problems import SESSION
from chat4all.pages import PageParameters

_TAG = "Administrators"
_ALL, _ONE = "/v1/administrators", "/v1/administrators/{user_id}"
_ERRORS = (*SESSION, "administrators_only")

OPERATIONS = (
    Operation("listAdministrators", "GET", _ALL, _TAG, "All administrators", {200: AdministratorPage}, errors=_ERRORS),
    Operation("getAdministrator", "GET", _ONE, _TAG, "One administrator", {200: Administrator}, errors=_ERRORS),
    Operation(
        "grantAdministrator",
        "PUT",
        _ONE,
        _TAG,
        "Make a user an administrator",
        {200: Administrator},
        "From their next request on. Who is one already stays as they were. The first one is made by `scripts/admin`.",
        errors=(*_ERRORS, "too_many_administrators"),
    ),
    Operation(
        "revokeAdministrator",
        "DELETE",
        _ONE,
        _TAG,
        "Make an administrator none",
        {204: None},
        "From their next request on. The last one makes another one first.",
        errors=(*_ERRORS, "last_administrator"),
    ),
    Operation(
        "listUserWebhooks",
        "GET",
        "/v1/users/{id}/webhooks",
        _TAG,
        "A user's endpoints, for administrators",
        {200: WebhookPage},
        query=PageParameters,
        errors=_ERRORS,
    ),
    Operation(
        "deleteUserWebhook",
        "DELETE",
        "/v1/users/{id}/webhooks/{webhook_id}",
        _TAG,
        "Delete a user's endpoint, for administrators",
        {204: None},
        errors=_ERRORS,
    ),
)
