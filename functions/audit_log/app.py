"""…/audit-log: who did what, when and from where."""

from typing import Any

import chat4all.audit_readers  # noqa: F401 - loaded in the init phase
from chat4all.bootstrap import app
from chat4all.http.api import Api, path_id
from chat4all.pages import PageParameters

api = Api("audit_log")
handler = api.handle


@api.get("/v1/users/me/audit-log")
def own() -> dict[str, Any]:
    """What the caller did, and what was tried in the caller's name."""
    asked = api.query(PageParameters)
    return app().audit_readers.own(api.caller(), asked.limit, asked.cursor)


@api.get("/v1/conversations/<conversation_id>/audit-log")
def conversation(conversation_id: str) -> dict[str, Any]:
    """For its owners and admins."""
    asked = api.query(PageParameters)
    where = path_id(conversation_id, "conversation")
    return app().audit_readers.conversation(api.caller(), where, asked.limit, asked.cursor)


@api.get("/v1/accounts/<account_id>/audit-log")
def account(account_id: str) -> dict[str, Any]:
    """For its owner."""
    asked = api.query(PageParameters)
    return app().audit_readers.account(api.caller(), path_id(account_id, "account"), asked.limit, asked.cursor)
