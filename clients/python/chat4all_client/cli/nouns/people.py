"""The own account, other people, presence, and addresses on channels."""

from chat4all_client.cli.nouns.command import Command
from chat4all_client.cli.parameter import CONVERSATION, LIST, USER, Parameter

_CHANNEL = Parameter("channel", metavar="CHANNEL")
_PROVIDER = Parameter("provider", metavar="PROVIDER", choices=("google", "github"))

COMMANDS = (
    Command(
        ("users", "show"),
        "getUser",
        "A user, as others see them.",
        (Parameter("id", kind=USER, metavar="USER"),),
        fields=("id", "username"),
    ),
    Command(
        ("users", "find"),
        "findUsers",
        "Users by name, or by ids.",
        (
            Parameter("username", "name", help="In any case of its letters."),
            Parameter("ids", "id", LIST, "A user's id.", metavar="ID"),
        ),
        columns=("id", "username", "display_name"),
    ),
    Command(
        ("presence",),
        "getPresence",
        "Whether somebody is online.",
        (Parameter("id", kind=USER, metavar="USER"),),
        fields=("user_id", "status"),
    ),
    Command(
        ("me", "export"),
        "exportMe",
        "Everything that is kept of oneself; with `--all --json` a line of JSON for each thing.",
        columns=("kind", "data"),
    ),
    Command(
        ("me", "update"),
        "updateMe",
        "Change the own profile; a new password is asked by `chat4all password`.",
        (
            Parameter("display_name", "display-name"),
            Parameter(
                "presence_visibility",
                "presence-visibility",
                choices=("contacts", "nobody"),
                help="Who sees whether one is online.",
            ),
        ),
        takes_data=True,
        fields=("id", "username", "display_name"),
    ),
    Command(
        ("me", "delete"),
        "deleteMe",
        "Delete the own account.",
        question="Erase the account, and end every session?",
        done="Deleted.",
    ),
    Command(
        ("me", "heartbeat"),
        "sendHeartbeat",
        "A sign of life, for scripts without a WebSocket.",
        (
            Parameter(
                "conversation_id",
                "conversation",
                CONVERSATION,
                help="Answers the presence of its members.",
                metavar="CONVERSATION",
            ),
        ),
    ),
    Command(
        ("sign-ins", "list"),
        "listSignIns",
        "By which providers one signs in oneself.",
        columns=("provider", "label", "linked_at"),
    ),
    Command(
        ("sign-ins", "unlink"),
        "unlinkSignIn",
        "Sign in by a provider no more; linking is done in the browser.",
        (_PROVIDER,),
        question="Sign in by it no more?",
        done="Unlinked.",
    ),
    Command(
        ("identities", "list"),
        "listIdentities",
        "Own addresses on a channel.",
        (_CHANNEL,),
        columns=("address", "account_id", "status"),
    ),
    Command(
        ("identities", "link"),
        "linkIdentity",
        "Have a code sent to an address of one's own.",
        (
            _CHANNEL,
            Parameter("address", metavar="ADDRESS"),
            Parameter(
                "account_id", "account", is_required=True, help="The business's account that writes.", metavar="ACCOUNT"
            ),
        ),
    ),
    Command(
        ("identities", "verify"),
        "verifyIdentity",
        "Link the address with the code that came.",
        (_CHANNEL, Parameter("code", metavar="CODE"), Parameter("account_id", "account", metavar="ACCOUNT")),
    ),
    Command(
        ("identities", "unlink"),
        "unlinkIdentity",
        "Let go of addresses on a channel.",
        (_CHANNEL, Parameter("account_id", "account", metavar="ACCOUNT"), Parameter("address", "address")),
        question="Let go of it?",
        done="Unlinked.",
    ),
)
