"""All operations, in the order in which they are shown."""

from chat4all.contract.operation import Operation
from chat4all.contract.operations import (
    accounts,
    audit,
    conversations,
    discovery,
    files,
    health,
    identities,
    messages,
    presence,
    routing_rules,
    sessions,
    users,
)

OPERATIONS: tuple[Operation, ...] = (
    *sessions.OPERATIONS,
    *users.OPERATIONS,
    *identities.OPERATIONS,
    *conversations.OPERATIONS,
    *messages.OPERATIONS,
    *files.OPERATIONS,
    *presence.OPERATIONS,
    *routing_rules.OPERATIONS,
    *accounts.OPERATIONS,
    *audit.OPERATIONS,
    *health.OPERATIONS,
    *discovery.OPERATIONS,
)

OUTSIDE: dict[str, str] = {
    "ANY /": "a redirect to the first page",
    "ANY /chat": "a web page",
    "ANY /upload": "a web page",
    "ANY /pages/{file+}": "what web pages load",
    "GET /files/{id}/{token}": "a link in texts of channels: a page for browsers, a redirect to the bytes for everything else",
    "HEAD /files/{id}/{token}": "the same",
    **{
        f"{method} /channels/{channel}/{{account_id}}/webhook": "what the provider calls, in the provider's own form"
        for channel in ("telegram", "whatsapp", "messenger", "instagram")
        for method in ("POST", "GET")
    },
}
"""Routes that are no operations, and what they are."""


def operation(operation_id: str) -> Operation:
    """By its id; raises KeyError."""
    return {each.id: each for each in OPERATIONS}[operation_id]
