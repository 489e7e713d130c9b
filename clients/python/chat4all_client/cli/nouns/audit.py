"""Audit logs."""

from chat4all_client.cli.nouns.command import Command
from chat4all_client.cli.parameter import CONVERSATION, Parameter

_CONVERSATION = Parameter("id", kind=CONVERSATION, metavar="CONVERSATION")
_AUDIT = ("time", "action", "target", "outcome", "code", "actor", "source_address")
_ACCOUNT = Parameter("id", metavar="ACCOUNT")

COMMANDS = (
    Command(
        ("admin", "audit-log"), "listMyAuditLog", "What one did, and what was tried in one's name.", columns=_AUDIT
    ),
    Command(
        ("admin", "conversation-audit-log"),
        "listConversationAuditLog",
        "What was done to a conversation, for owners and admins.",
        (_CONVERSATION,),
        columns=_AUDIT,
    ),
    Command(
        ("admin", "account-audit-log"),
        "listAccountAuditLog",
        "What was done to an account, for its owner.",
        (_ACCOUNT,),
        columns=_AUDIT,
    ),
)
