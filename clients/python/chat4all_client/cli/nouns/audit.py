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
        "What was done to an account, for who manages it.",
        (_ACCOUNT,),
        columns=_AUDIT,
    ),
    Command(
        ("admin", "any-audit-log"),
        "listAuditLog",
        "Any log, for administrators; the deployment's by default.",
        (
            Parameter("log", "log", help="user:ID, conversation:ID, account:ID or deployment."),
            Parameter("day", "day", help="In its place: everything on a day, such as 2026-11-21 (UTC)."),
        ),
        columns=_AUDIT,
    ),
)
