"""Conversations and their members."""

from chat4all_client.cli.nouns.command import Command
from chat4all_client.cli.parameter import CONVERSATION, FLAG, JSON, NUMBER, USER, USERS, Parameter

_CONVERSATION = Parameter("id", kind=CONVERSATION, metavar="CONVERSATION")
_CONVERSATION_ID = Parameter("id", metavar="CONVERSATION_ID")
"""For what cannot be taken back: two conversations may have one name."""
_MEMBER = Parameter("user_id", kind=USER, metavar="USER")
_ROLES = ("owner", "admin", "member", "reader")
_TITLE = Parameter("title", "title", help="Of a group.")
_METADATA = Parameter("metadata", "metadata", JSON, "A JSON object, @FILE or -.")

COMMANDS = (
    Command(
        ("conversations", "list"),
        "listConversations",
        "Own conversations, newest activity first.",
        columns=("id", "type", "title", "unread_count", "last_message.preview"),
    ),
    Command(
        ("conversations", "create"),
        "createConversation",
        "Begin a conversation with these users.",
        (
            Parameter("member_ids", kind=USERS, metavar="USER..."),
            Parameter(
                "type",
                "type",
                help="private: two people; group: up to 100.",
                choices=("private", "group"),
                is_required=True,
            ),
            _TITLE,
            _METADATA,
        ),
        fields=("id", "type", "title"),
    ),
    Command(
        ("conversations", "show"),
        "getConversation",
        "A conversation with its members.",
        (_CONVERSATION,),
        fields=("id", "type", "title"),
    ),
    Command(
        ("conversations", "update"),
        "updateConversation",
        "Change title or metadata.",
        (_CONVERSATION, _TITLE, _METADATA),
        takes_data=True,
        fields=("id", "type", "title"),
    ),
    Command(
        ("conversations", "delete"),
        "deleteConversation",
        "Delete it for everybody.",
        (_CONVERSATION_ID,),
        question="Delete the conversation and all its messages, for everybody?",
        done="Deleted.",
    ),
    Command(
        ("conversations", "receipt"),
        "recordReceipt",
        "Say up to which message one has received and read.",
        (
            _CONVERSATION,
            Parameter("read_seq", "read", NUMBER, "Read up to this number."),
            Parameter("delivered_seq", "delivered", NUMBER, "Received up to this number."),
        ),
    ),
    Command(
        ("conversations", "typing"),
        "sendTyping",
        "Show others for some seconds that one is writing.",
        (_CONVERSATION, Parameter("stopped", "stopped", FLAG, "No more.")),
    ),
    Command(
        ("conversations", "members", "list"),
        "listMembers",
        "Members, by user id.",
        (_CONVERSATION,),
        columns=("user_id", "role", "channels", "joined_at", "read_seq"),
    ),
    Command(
        ("conversations", "members", "add"),
        "addMember",
        "Let somebody into a group.",
        (_CONVERSATION, _MEMBER, Parameter("role", "role", choices=_ROLES, help="member, where it is not said.")),
        fields=("user_id", "role"),
    ),
    Command(
        ("conversations", "members", "update"),
        "updateMember",
        "Give a member another role.",
        (_CONVERSATION, _MEMBER, Parameter("role", "role", choices=_ROLES, is_required=True)),
        fields=("user_id", "role"),
    ),
    Command(
        ("conversations", "members", "remove"),
        "removeMember",
        "Remove a member, or leave.",
        (_CONVERSATION, _MEMBER),
        question="Remove this member?",
        done="Removed.",
    ),
)
