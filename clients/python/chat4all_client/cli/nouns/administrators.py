"""Administrators of the deployment, and what they may do."""

from chat4all_client.cli.nouns.command import Command
from chat4all_client.cli.parameter import USER, Parameter

_USER = Parameter("user_id", kind=USER, metavar="USER")
_OF = Parameter("id", kind=USER, metavar="USER")
_COLUMNS = ("user_id", "granted_by", "granted_at")

COMMANDS = (
    Command(("admin", "administrators", "list"), "listAdministrators", "All administrators.", columns=_COLUMNS),
    Command(("admin", "administrators", "show"), "getAdministrator", "One administrator.", (_USER,), fields=_COLUMNS),
    Command(
        ("admin", "administrators", "grant"),
        "grantAdministrator",
        "Make a user an administrator.",
        (_USER,),
        fields=_COLUMNS,
    ),
    Command(
        ("admin", "administrators", "revoke"),
        "revokeAdministrator",
        "Make an administrator none.",
        (_USER,),
        question="Make them no administrator any more?",
        done="Revoked.",
    ),
    Command(
        ("admin", "webhooks", "list"),
        "listUserWebhooks",
        "A user's endpoints, for administrators.",
        (_OF,),
        columns=("id", "status", "url", "created_at"),
    ),
    Command(
        ("admin", "webhooks", "delete"),
        "deleteUserWebhook",
        "Delete a user's endpoint, for administrators.",
        (_OF, Parameter("webhook_id", metavar="WEBHOOK")),
        question="Delete the endpoint?",
        done="Deleted.",
    ),
)
