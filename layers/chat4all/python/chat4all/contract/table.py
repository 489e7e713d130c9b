"""All operations, in the order in which they are shown."""

from chat4all.contract.operation import Operation
from chat4all.contract.operations import (
    accounts,
    administrators,
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
    sign_ins,
    users,
    webhooks,
)

OPERATIONS: tuple[Operation, ...] = (
    *sessions.OPERATIONS,
    *sign_ins.OPERATIONS,
    *users.OPERATIONS,
    *identities.OPERATIONS,
    *conversations.OPERATIONS,
    *messages.OPERATIONS,
    *files.OPERATIONS,
    *presence.OPERATIONS,
    *routing_rules.OPERATIONS,
    *accounts.OPERATIONS,
    *webhooks.OPERATIONS,
    *audit.OPERATIONS,
    *administrators.OPERATIONS,
    *health.OPERATIONS,
    *discovery.OPERATIONS,
)

TAGS: dict[str, str] = {
    "Sessions": "Sign in, refresh, sign out",
    "Sign-ins": "Signing in with Google and GitHub",
    "Users": "Profiles",
    "Identities": "Addresses of a user on channels",
    "Conversations": "Conversations and their members",
    "Messages": "Sent, read, changed, and what became of them",
    "Files": "Small files, uploads in parts, downloads",
    "Presence": "Who is online",
    "Routing rules": "Where a business wants messages to go",
    "Accounts": "The business's bots, numbers, pages and profiles on channels",
    "Webhooks": "What a user is told, sent to their own servers",
    "Audit log": "Who did what, when and from where",
    "Administrators": "Who administers the deployment, and what they do about others' webhooks",
    "Health": "Whether the deployment works",
    "Discovery": "How access tokens are checked",
}
"""Subjects, in the order in which they are shown."""

OUTSIDE: dict[str, str] = {
    "ANY /": "a redirect to the first page",
    "ANY /chat": "a web page",
    "ANY /upload": "a web page",
    "ANY /pages/{file+}": "what web pages load",
    "ANY /docs": "Swagger UI of this API",
    "ANY /redoc": "ReDoc of this API",
    "ANY /openapi.json": "the OpenAPI document",
    "ANY /reference/{file+}": "what these two pages load",
    "GET /auth/{provider}/login": "sends a browser to Google or GitHub (docs/sign-in.md)",
    "GET /auth/{provider}/callback": "where Google or GitHub send it back to",
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
