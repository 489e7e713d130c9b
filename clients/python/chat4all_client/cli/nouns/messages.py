"""Messages, and reactions to them."""

from chat4all_client.cli.nouns.command import Command
from chat4all_client.cli.parameter import NUMBER, Parameter

_MESSAGE = Parameter("id", metavar="MESSAGE")

COMMANDS = (
    Command(
        ("messages", "show"),
        "getMessage",
        "One message.",
        (_MESSAGE,),
        fields=("message_id", "sender_id", "content", "status"),
    ),
    Command(
        ("messages", "edit"),
        "editMessage",
        "Change what was said.",
        (
            _MESSAGE,
            Parameter("content", metavar="TEXT"),
            Parameter("revision", "revision", NUMBER, "Refuse where it is another by now."),
        ),
        fields=("message_id", "content", "revision"),
    ),
    Command(
        ("messages", "unsend"),
        "unsendMessage",
        "Take back what was said.",
        (_MESSAGE,),
        fields=("message_id", "deleted_at"),
        question="Unsend this message, for everybody?",
    ),
    Command(
        ("messages", "react"),
        "addReaction",
        "React with one emoji.",
        (_MESSAGE, Parameter("emoji", metavar="EMOJI")),
        fields=("message_id", "reactions"),
    ),
    Command(
        ("messages", "unreact"),
        "removeReaction",
        "Take a reaction back.",
        (_MESSAGE, Parameter("emoji", metavar="EMOJI")),
        fields=("message_id", "reactions"),
    ),
    Command(
        ("status",),
        "getMessageStatus",
        "What became of a message, for each recipient.",
        (_MESSAGE,),
        fields=("message_id", "status"),
    ),
)
