"""The business's accounts on channels."""

from chat4all_client.cli.nouns.command import Command
from chat4all_client.cli.parameter import FILE_JSON, JSON, Parameter

_ACCOUNT = Parameter("id", metavar="ACCOUNT")

COMMANDS = (
    Command(
        ("accounts", "list"),
        "listAccounts",
        "The business's own accounts on channels.",
        columns=("id", "channel", "name", "created_at"),
    ),
    Command(
        ("accounts", "create"),
        "createAccount",
        "Connect an account of a channel.",
        (
            Parameter("channel", metavar="CHANNEL"),
            Parameter("name", "name", is_required=True, help="For people."),
            Parameter(
                "settings",
                "settings",
                FILE_JSON,
                "@FILE, or - for standard input: tokens and secrets of the provider.",
                is_required=True,
            ),
            Parameter("inbound", "inbound", JSON, "Where what arrives goes: JSON, @FILE or -."),
        ),
        fields=("id", "channel", "name"),
    ),
    Command(
        ("accounts", "show"),
        "getAccount",
        "One account, without its secrets.",
        (_ACCOUNT,),
        fields=("id", "channel", "name"),
    ),
    Command(
        ("accounts", "update"),
        "updateAccount",
        "Change an account.",
        (
            _ACCOUNT,
            Parameter("name", "name"),
            Parameter("settings", "settings", FILE_JSON, "@FILE or -."),
            Parameter("inbound", "inbound", JSON, "JSON, @FILE or -."),
        ),
        fields=("id", "channel", "name"),
    ),
    Command(
        ("accounts", "delete"),
        "deleteAccount",
        "Disconnect an account.",
        (_ACCOUNT,),
        question="Disconnect the account?",
        done="Deleted.",
    ),
)
